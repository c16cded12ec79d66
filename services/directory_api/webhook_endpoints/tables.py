"""Tables of endpoints and of how far each has come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory_api.base import Base


class WebhookEndpoint(Base):
    """An endpoint as its owner configured it. Its secrets are sealed."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("owner_kind IN ('account', 'client')", name="owner_kind"),
        CheckConstraint("state IN ('enabled', 'disabled')", name="state"),
        CheckConstraint("disabled_why IN ('asked', 'gone', 'failing', 'owner_inactive')", name="disabled_why"),
        CheckConstraint("(state = 'disabled') = (disabled_why IS NOT NULL)", name="disabled"),
        CheckConstraint("(previous_secret IS NULL) = (previous_until IS NULL)", name="previous"),
        Index("ix_webhook_endpoints_owner_id_created_at", "owner_id", "created_at", "id"),
        Index("ix_webhook_endpoints_district_id_created_at", "district_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(Uuid)
    owner_kind: Mapped[str] = mapped_column(Text)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("directory.units.id"))
    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    event_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("directory.units.id"))
    state: Mapped[str] = mapped_column(Text)
    disabled_why: Mapped[str | None] = mapped_column(Text)
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class WebhookProgress(Base):
    """What the worker knows of an endpoint: place in the feed, failures in a row, the lease."""

    __tablename__ = "webhook_progress"

    endpoint_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("directory.webhook_endpoints.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    failing_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paused_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lease: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
