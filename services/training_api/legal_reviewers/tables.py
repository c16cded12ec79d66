"""Tables of the pool and of its members' absences."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

LIVE = text("state <> 'removed'")
KNOWN = "qualification IN ('legal_professional', 'public_lawyer', 'company_lawyer', 'counsel', 'none')"


class LegalReviewer(Base):
    """A member of the pool; an officer of the register, or somebody from outside it. The account is where reviews are sent."""

    __tablename__ = "legal_reviewers"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'listed', 'removed')", name="state"),
        CheckConstraint(KNOWN, name="qualification"),
        CheckConstraint("(removed_on IS NULL) = (state <> 'removed')", name="removed"),
        CheckConstraint("cardinality(areas) > 0", name="areas"),
        Index("uq_legal_reviewers_officer_id", "officer_id", unique=True, postgresql_where=LIVE),
        Index("uq_legal_reviewers_account_id", "account_id", unique=True, postgresql_where=LIVE),
        Index("ix_legal_reviewers_district_id_created_at_id", "district_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    officer_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(Text)
    qualification: Mapped[str] = mapped_column(Text)
    qualified_on: Mapped[date | None] = mapped_column(Date)
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    admitted_on: Mapped[date | None] = mapped_column(Date)
    removed_on: Mapped[date | None] = mapped_column(Date)
    removal_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class LegalReviewerAbsence(Base):
    """A period in which a member cannot be asked."""

    __tablename__ = "legal_reviewer_absences"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="period"),
        Index("ix_legal_reviewer_absences_reviewer_id_from_on", "reviewer_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reviewer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.legal_reviewers.id"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
