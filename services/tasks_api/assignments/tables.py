"""Tables of assignments and of every move they made."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Computed, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Assignment(Base):
    """What one unit owes for one task: once, or once in each year of the plan.

    A part of an assignment that its unit gave on has a `parent_id`, and `issuer_unit_id` names the unit that decides on it
    beside the bureau. `held_since` is the day it was given to its present unit. On `watch_on` the sweep looks at it next; with
    each `ladder` the warnings begin anew: after an extension and after a hand-over.

    A later version of the plan that asks for another date sets `is_replanned` and its date, `replanned_due_on`.

    `stopped_on` is the day the clock stopped: handed in, suspended or void; null while it runs. `state_before` is kept
    while suspended, `original_due_on` for good. `due_sort` makes rows without a due date sort last. `reported_at` is the
    moment of the last progress report since issue, return or hand-over, `percent` what the last one told; writing them is no
    change of the assignment itself.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("role IN ('lead', 'responsible')", name="role"),
        CheckConstraint(
            "state IN ('issued', 'signed', 'in_progress', 'submitted', 'approved', 'suspended', 'void')", name="state"
        ),
        CheckConstraint("(state = 'suspended') = (state_before IS NOT NULL)", name="state_before"),
        CheckConstraint("(state IN ('issued', 'signed', 'in_progress')) = (stopped_on IS NULL)", name="stopped_on"),
        CheckConstraint("suspended_days >= 0", name="suspended_days"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index(
            "uq_assignments_owed",
            "task_id",
            "unit_id",
            "role",
            "year",
            "original_due_on",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("state <> 'void'"),
        ),
        Index("ix_assignments_district_id_due_sort", "district_id", "due_sort", "id"),
        Index("ix_assignments_district_id_state", "district_id", "state", "due_sort", "id"),
        Index("ix_assignments_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_assignments_unit_id_due_sort", "unit_id", "due_sort", "id"),
        Index("ix_assignments_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_assignments_plan_id_due_sort", "plan_id", "due_sort", "id"),
        Index("ix_assignments_task_id_due_sort", "task_id", "due_sort", "id"),
        Index("ix_assignments_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_assignments_watch_on", "watch_on", postgresql_where=text("watch_on IS NOT NULL")),
        Index("ix_assignments_watched", "unit_id", "watch_on", "id", postgresql_where=text("watch_on IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.plans.id"))
    task_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.tasks.id"))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    role: Mapped[str] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(Integer)
    original_due_on: Mapped[date | None] = mapped_column(Date)
    is_replanned: Mapped[bool] = mapped_column(Boolean, server_default=false())
    replanned_due_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    due_sort: Mapped[date] = mapped_column(Date, Computed("COALESCE(due_on, '9999-12-31'::date)", persisted=True))
    state: Mapped[str] = mapped_column(Text)
    state_before: Mapped[str | None] = mapped_column(Text)
    stopped_on: Mapped[date | None] = mapped_column(Date)
    suspended_days: Mapped[int] = mapped_column(Integer)
    parent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.assignments.id"))
    issuer_unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    held_since: Mapped[date] = mapped_column(Date)
    watch_on: Mapped[date | None] = mapped_column(Date)
    ladder: Mapped[int] = mapped_column(Integer, server_default="1")
    reported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    percent: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class AssignmentMove(Base):
    """One move of an assignment: what it was and became, and unit and dates as they stood right after it. Only added."""

    __tablename__ = "assignment_moves"

    assignment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.assignments.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    verb: Mapped[str] = mapped_column(Text)
    state_before: Mapped[str | None] = mapped_column(Text)
    state_after: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    due_on: Mapped[date | None] = mapped_column(Date)
    stopped_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
    actor_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
