"""Tables of tasks, their parties and deadlines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base
from services.tasks_api.tasks.rules import MONTH_DAY


class Task(Base):
    """A task of a plan. `number` is unique among its kind and parent; `label` is the number as printed.

    `place` sorts the tasks of a plan as printed, each part behind the whole: 0 or 1 (task, requirement), then the numbers.
    With `ended_at` a later version of the plan asks for it no more; its number may be given again.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("kind IN ('task', 'requirement', 'subtask')", name="kind"),
        CheckConstraint("(kind = 'subtask') = (parent_id IS NOT NULL)", name="parent"),
        Index(
            "uq_tasks_number", "plan_id", "kind", "parent_id", "number", unique=True, postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_tasks_district_id_number", "district_id", "number", "id"),
        Index("ix_tasks_parent_id", "parent_id"),
        Index("uq_tasks_external", "external_system", "external_id", unique=True),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.plans.id"))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    parent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.tasks.id"))
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer)
    place: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    label: Mapped[str | None] = mapped_column(Text)
    chapter_number: Mapped[int | None] = mapped_column(Integer)
    chapter_title: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    # Figures the text demands: [{what, comparison, value, unit, period, as_written}].
    quantities: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    time_words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class TaskParty(Base):
    """A lead or responsible unit or group, in printed order; neither when the name is not known yet."""

    __tablename__ = "task_parties"
    __table_args__ = (
        CheckConstraint("role IN ('lead', 'responsible')", name="role"),
        CheckConstraint("unit_id IS NULL OR group_key IS NULL", name="one_meaning"),
        Index("ix_task_parties_unit_id", "unit_id"),
    )

    task_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.tasks.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    as_written: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    group_key: Mapped[str | None] = mapped_column(Text)


class TaskDeadline(Base):
    """A deadline of a task; windows are MM-DD of each year, `assumed` marks a reading the text does not settle."""

    __tablename__ = "task_deadlines"
    __table_args__ = (
        CheckConstraint("shape IN ('fixed', 'yearly_window', 'yearly_count', 'irregular', 'none')", name="shape"),
        CheckConstraint("(shape = 'fixed') = (due_on IS NOT NULL)", name="fixed"),
        CheckConstraint("(shape = 'yearly_window') = (window_start IS NOT NULL AND window_end IS NOT NULL)", name="window"),
        CheckConstraint(f"window_start ~ '{MONTH_DAY}' AND window_end ~ '{MONTH_DAY}'", name="month_day"),
        CheckConstraint("(shape = 'yearly_count') = (times_per_year IS NOT NULL)", name="count"),
    )

    task_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.tasks.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    shape: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    window_start: Mapped[str | None] = mapped_column(Text)
    window_end: Mapped[str | None] = mapped_column(Text)
    times_per_year: Mapped[int | None] = mapped_column(Integer)
    as_written: Mapped[str | None] = mapped_column(Text)
    assumed: Mapped[bool] = mapped_column(Boolean)
    obligation_key: Mapped[str | None] = mapped_column(Text)
