"""Tables of exemptions, and of what of them holds as known at any moment."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class Exemption(Base):
    """An exemption as it stands. The ground in words is sealed; what the reason waives is kept as it was when proposed."""

    __tablename__ = "exemptions"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'approved', 'refused', 'withdrawn', 'revoked')", name="state"),
        CheckConstraint("to_on >= from_on", name="period"),
        CheckConstraint("waives IN ('months', 'year')", name="waives"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_exemptions_district_id_created_at_id", "district_id", "created_at", "id"),
        Index("ix_exemptions_officer_id_from_on", "officer_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    reason: Mapped[str] = mapped_column(Text)
    waives: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    ground: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class ExemptSpell(Base):
    """A period that holds, as recorded at a moment and, when ended or revoked, superseded at another."""

    __tablename__ = "exempt_spells"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="period"),
        CheckConstraint("superseded_at >= recorded_at", name="known"),
        Index("uq_exempt_spells_current", "exemption_id", unique=True, postgresql_where=text("superseded_at IS NULL")),
        Index("ix_exempt_spells_officer_id_from_on", "officer_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    exemption_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.exemptions.id"))
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    reason: Mapped[str] = mapped_column(Text)
    waives: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    superseded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
