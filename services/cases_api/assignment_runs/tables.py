"""Tables of assignment runs: what each was given and what came out, and who stands in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class AssignmentRun(Base):
    """One run. Problem and solution are canonical JSON with their hashes; rows are only ever added."""

    __tablename__ = "assignment_runs"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("problem_sha256 = encode(sha256(convert_to(problem, 'UTF8')), 'hex')", name="problem"),
        CheckConstraint("solution_sha256 = encode(sha256(convert_to(solution, 'UTF8')), 'hex')", name="solution"),
        Index("ix_assignment_runs_district_id_made_at", "district_id", "made_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    round_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_rounds.id"))
    number: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(Text)
    solver: Mapped[str] = mapped_column(Text)
    problem: Mapped[str] = mapped_column(Text)
    problem_sha256: Mapped[str] = mapped_column(Text)
    solution: Mapped[str] = mapped_column(Text)
    solution_sha256: Mapped[str] = mapped_column(Text)
    cost: Mapped[int] = mapped_column(BigInteger)
    files: Mapped[int] = mapped_column(Integer)
    pairs: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[UUID] = mapped_column(Uuid)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AssignmentStandIns(Base):
    """Who comes next for a file when one of its reviewers falls out, in this order."""

    __tablename__ = "assignment_stand_ins"
    __table_args__ = (Index("ix_assignment_stand_ins_case_file_id", "case_file_id"),)

    run_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(AssignmentRun.id), primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.case_files.id"), primary_key=True)
    account_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
