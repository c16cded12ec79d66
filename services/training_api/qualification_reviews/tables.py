"""Tables of reviews of qualifications."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class QualificationReview(Base):
    """A review of the certificates of a unit and all below it, as of a day."""

    __tablename__ = "qualification_reviews"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'checked', 'applied', 'void')", name="state"),
        Index("ix_qualification_reviews_district_id_created_at_id", "district_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    title: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    applied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class QualificationReviewItem(Base):
    """A certificate that is proposed to be cancelled from a day on."""

    __tablename__ = "qualification_review_items"
    __table_args__ = (
        CheckConstraint("reason IN ('left', 'auxiliary', 'expired', 'exam_missing', 'other')", name="reason"),
        CheckConstraint("decision IN ('cancel', 'keep')", name="decision"),
        CheckConstraint("decision IS DISTINCT FROM 'keep' OR note IS NOT NULL", name="keep"),
        CheckConstraint("outcome IN ('cancelled', 'kept', 'skipped')", name="outcome"),
        Index("ix_qualification_review_items_certificate_id", "certificate_id"),
    )

    review_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.qualification_reviews.id"), primary_key=True)
    certificate_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.certificates.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    cancel_on: Mapped[date] = mapped_column(Date)
    decision: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None] = mapped_column(Text)
