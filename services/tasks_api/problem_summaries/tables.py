"""Table of problem summaries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Text, Uuid
from sqlalchemy import Integer as Int
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class ProblemSummary(Base):
    """A summary of a period. `counted` holds figures and rows as they stood when it was handed in; a draft counts live."""

    __tablename__ = "problem_summaries"
    __table_args__ = (
        CheckConstraint("scope IN ('unit', 'district')", name="scope"),
        CheckConstraint("state IN ('draft', 'submitted', 'approved')", name="state"),
        CheckConstraint("(state = 'draft') = (counted IS NULL)", name="counted"),
        CheckConstraint("period_end >= period_start", name="period"),
        Index("uq_problem_summaries_once", "district_id", "scope", "unit_id", "period_start", "period_end", unique=True),
        Index("ix_problem_summaries_district_id", "district_id", "created_at", "id"),
        Index("ix_problem_summaries_unit_id", "unit_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    plan_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.plans.id"))
    scope: Mapped[str] = mapped_column(Text)
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[str] = mapped_column(Text)
    counted: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    submitted_by: Mapped[UUID | None] = mapped_column(Uuid)
    submitted_by_name: Mapped[str | None] = mapped_column(Text)
    # The first hand-in tells whether it came in time; a returned one is handed in again.
    submitted_on: Mapped[date | None] = mapped_column(Date)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_name: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_note: Mapped[str | None] = mapped_column(Text)
    approved_on: Mapped[date | None] = mapped_column(Date)
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Int)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
