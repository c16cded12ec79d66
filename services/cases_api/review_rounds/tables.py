"""Table of review rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class ReviewRound(Base):
    """A round. Without `unit_id` it is of all units of the district. `sampling` says what a drawn round is drawn from."""

    __tablename__ = "review_rounds"
    __table_args__ = (
        CheckConstraint("mode IN ('self', 'cross', 'sample')", name="mode"),
        CheckConstraint("(mode = 'self') = (sampling IS NULL)", name="sampling"),
        CheckConstraint("reviewers_per_file BETWEEN 1 AND 5", name="reviewers"),
        CheckConstraint("legal_reviewers BETWEEN 0 AND reviewers_per_file", name="legal_reviewers"),
        CheckConstraint(
            "state IN ('draft', 'frozen', 'drawn', 'assigned', 'reviewing', 'arbitrating', 'published', 'closed', 'void')",
            name="state",
        ),
        CheckConstraint("(state = 'void') = (voided_at IS NOT NULL)", name="voided"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void_reason"),
        CheckConstraint("state NOT IN ('published', 'closed') OR published_at IS NOT NULL", name="published"),
        Index("ix_review_rounds_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_review_rounds_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_review_rounds_campaign_id", "campaign_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    campaign_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_campaigns.id"))
    mode: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    sampling: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    hide_units: Mapped[bool] = mapped_column(Boolean)
    reviewers_per_file: Mapped[int] = mapped_column(Integer)
    legal_reviewers: Mapped[int] = mapped_column(Integer)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    assigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    void_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
