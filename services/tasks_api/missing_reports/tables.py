"""Table of missing progress reports."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class MissingReport(Base):
    """That nothing was reported on an assignment for a period, and how far up it was told; one that comes later leaves it."""

    __tablename__ = "missing_reports"
    __table_args__ = (
        UniqueConstraint("assignment_id", "period_end", "level"),
        CheckConstraint("level BETWEEN 0 AND 2", name="level"),
        Index("ix_missing_reports_district_id_recorded_at_id", "district_id", "recorded_at", "id"),
        Index("ix_missing_reports_unit_id_recorded_at_id", "unit_id", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.assignments.id"))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.plans.id"))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    level: Mapped[int] = mapped_column(Integer)
    noted_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
