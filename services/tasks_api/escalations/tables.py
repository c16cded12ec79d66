"""Table of escalations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Escalation(Base):
    """A step taken for one thing owed: once on each of its ladders, however often the sweep runs; some steps recur."""

    __tablename__ = "escalations"
    __table_args__ = (
        CheckConstraint(
            "CASE subject_type WHEN 'assignment' THEN assignment_id = subject_id AND plan_id IS NOT NULL AND task_id IS NOT NULL"
            " ELSE subject_type IN ('problem', 'complaint') AND assignment_id IS NULL END",
            name="subject",
        ),
        Index("uq_escalations_once", "subject_id", "ladder", "step", "occurrence", unique=True),
        Index("ix_escalations_district_id", "district_id", "recorded_at", "id"),
        Index("ix_escalations_unit_id", "unit_id", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    # What was owed: an assignment, or a problem or complaint, which belong to no plan.
    subject_type: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    assignment_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.assignments.id"))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    plan_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.plans.id"))
    task_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.tasks.id"))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    ladder: Mapped[int] = mapped_column(Integer)
    # The date the step counts from: the due date, or the day the unit was given the task.
    base_on: Mapped[date] = mapped_column(Date)
    step: Mapped[str] = mapped_column(Text)
    occurrence: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    rule_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.escalation_rules.id"))
    # The day the step was due by the rule, and the day the sweep took it: later after downtime.
    due_for: Mapped[date] = mapped_column(Date)
    fired_on: Mapped[date] = mapped_column(Date)
    notice_id: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
