"""Table of objections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class Objection(Base):
    """An objection to a result, with what the result was before. `content` is the corrected sheet of one upheld."""

    __tablename__ = "objections"
    __table_args__ = (
        UniqueConstraint("result_id"),
        CheckConstraint("state IN ('filed', 'assigned', 'upheld', 'rejected', 'withdrawn')", name="state"),
        CheckConstraint("(state IN ('upheld', 'rejected')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decision"),
        CheckConstraint("(state = 'upheld') = (content IS NOT NULL)", name="content"),
        Index("ix_objections_district_id_filed_at", "district_id", "filed_at", "id"),
        Index("ix_objections_unit_id_filed_at", "unit_id", "filed_at", "id"),
        Index("ix_objections_decider_id", "decider_id"),
        Index("ix_objections_case_file_id", "case_file_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    result_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.results.id"))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.case_files.id"))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[UUID] = mapped_column(Uuid)
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decide_by: Mapped[date] = mapped_column(Date)
    decider_id: Mapped[UUID | None] = mapped_column(Uuid)
    decision: Mapped[str | None] = mapped_column(Text)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    total_before: Mapped[int | None] = mapped_column(Integer)
    grade_before: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
