"""Table of progress reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class ProgressReport(Base):
    """A report of a unit on its assignment; only added, a correction is a further report."""

    __tablename__ = "progress_reports"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_progress_reports_assignment_id_created_at", "assignment_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.assignments.id"))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    period: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    percent: Mapped[int] = mapped_column(Integer)
    # What was counted: [{what, value, unit}].
    measures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    reported_by: Mapped[UUID] = mapped_column(Uuid)
    reported_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
