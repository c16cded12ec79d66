"""Tables of the problem list."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Problem(Base):
    """A problem of a unit. `stopped_on` is the day its clock stopped: handed in or void; null while it runs.

    `watch_on` is the day the sweep looks at it; on each `ladder` warnings begin anew, after it was reopened.
    """

    __tablename__ = "problems"
    __table_args__ = (
        CheckConstraint("state IN ('listed', 'rectifying', 'submitted', 'closed', 'void')", name="state"),
        CheckConstraint("(state IN ('listed', 'rectifying')) = (stopped_on IS NULL)", name="stopped_on"),
        CheckConstraint("day_kind IN ('working', 'calendar')", name="day_kind"),
        CheckConstraint("(origin_type IS NULL) = (origin_id IS NULL)", name="origin"),
        CheckConstraint("state <> 'closed' OR (checked_by IS NOT NULL AND checked_by <> submitted_by)", name="checked"),
        Index("ix_problems_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_problems_district_id_due_on", "district_id", "due_on", "id"),
        Index("ix_problems_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_problems_unit_id_found_on", "unit_id", "found_on"),
        Index("ix_problems_origin_id", "origin_id", postgresql_where=text("origin_id IS NOT NULL")),
        Index(
            "uq_problems_rectification",
            "origin_id",
            unique=True,
            postgresql_where=text("origin_type = 'rectification' AND state <> 'void'"),
        ),
        Index("ix_problems_watch_on", "watch_on", "id", postgresql_where=text("watch_on IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    plan_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.plans.id"))
    kind: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    origin_type: Mapped[str | None] = mapped_column(Text)
    origin_id: Mapped[UUID | None] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    measures: Mapped[str | None] = mapped_column(Text)
    responsible: Mapped[str | None] = mapped_column(Text)
    found_on: Mapped[date] = mapped_column(Date)
    limit_days: Mapped[int] = mapped_column(Integer)
    day_kind: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    held_since: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    stopped_on: Mapped[date | None] = mapped_column(Date)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    result: Mapped[str | None] = mapped_column(Text)
    result_attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    submitted_by: Mapped[UUID | None] = mapped_column(Uuid)
    submitted_by_name: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    checked_by: Mapped[UUID | None] = mapped_column(Uuid)
    checked_by_name: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    check_note: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None] = mapped_column(Date)
    reopened: Mapped[int] = mapped_column(Integer)
    void_reason: Mapped[str | None] = mapped_column(Text)
    watch_on: Mapped[date | None] = mapped_column(Date)
    ladder: Mapped[int] = mapped_column(Integer)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class ProblemMove(Base):
    """One move of a problem: what it was and became, what was said, and the limit right after it. Only added."""

    __tablename__ = "problem_moves"

    problem_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.problems.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    verb: Mapped[str] = mapped_column(Text)
    state_before: Mapped[str | None] = mapped_column(Text)
    state_after: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
    actor_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
