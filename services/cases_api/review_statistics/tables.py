"""What statistics count of a submitted review; written by the database alone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_rounds.tables import ReviewRound
from services.kit import references


class ReviewTally(Base):
    """A review: whose file, by whom, which total and which place among the rubric's grades."""

    __tablename__ = "review_tallies"
    __table_args__ = (
        Index("ix_review_tallies_round_id_case_file_id", "round_id", "case_file_id"),
        Index("ix_review_tallies_unit_id", "unit_id"),
    )

    review_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(ReviewAssignment.id), primary_key=True)
    round_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(ReviewRound.id))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    account_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    place: Mapped[int | None] = mapped_column(Integer)


class ReviewFinding(Base):
    """A deduction or a veto of a review. `is_first`: the first of the review for this item."""

    __tablename__ = "review_findings"
    __table_args__ = (
        Index("ix_review_findings_round_id", "round_id"),
        Index("ix_review_findings_unit_id", "unit_id"),
    )

    review_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(ReviewAssignment.id), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    round_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(ReviewRound.id))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    kind: Mapped[str] = mapped_column(Text)
    is_veto: Mapped[bool] = mapped_column(Boolean)
    item_key: Mapped[str] = mapped_column(Text)
    rule_key: Mapped[str | None] = mapped_column(Text)
    deduction_hundredths: Mapped[int] = mapped_column(Integer)
    is_first: Mapped[bool] = mapped_column(Boolean)
