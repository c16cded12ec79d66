"""Tables of lateness: the record, and what happened to it afterwards."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Lateness(Base):
    """A unit did not hand in by this date. The record stays whatever becomes of what was owed."""

    __tablename__ = "lateness"
    __table_args__ = (
        CheckConstraint(
            "CASE subject_type WHEN 'assignment' THEN assignment_id = subject_id AND plan_id IS NOT NULL AND task_id IS NOT NULL"
            " ELSE subject_type IN ('problem', 'complaint') AND assignment_id IS NULL END",
            name="subject",
        ),
        Index("uq_lateness_once", "subject_id", "unit_id", "due_on", unique=True),
        Index("ix_lateness_district_id", "district_id", "first_late_on", "id"),
        Index("ix_lateness_unit_id", "unit_id", "first_late_on", "id"),
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
    due_on: Mapped[date] = mapped_column(Date)
    counts_from: Mapped[date] = mapped_column(Date)
    first_late_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class LatenessEvent(Base):
    """How lateness ended, or that it went on; `days_late` are working days by then, null where the calendar lacks a day."""

    __tablename__ = "lateness_events"
    __table_args__ = (CheckConstraint("kind IN ('ended', 'went_on')", name="kind"),)

    lateness_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.lateness.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date] = mapped_column(Date)
    # From here days are counted now: a pause moves it.
    counts_from: Mapped[date] = mapped_column(Date)
    days_late: Mapped[int | None] = mapped_column(Integer)
    actor_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
