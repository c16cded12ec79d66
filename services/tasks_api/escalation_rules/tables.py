"""Table of escalation rules."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class EscalationRule(Base):
    """One step of the ladder from a day on; the newest row of a step counts. Without a district it is the shipped default."""

    __tablename__ = "escalation_rules"
    __table_args__ = (
        CheckConstraint("action IN ('warn', 'notice', 'circular')", name="action"),
        CheckConstraint("basis IN ('due', 'issue')", name="basis"),
        CheckConstraint("audience IN ('unit', 'unit_leader', 'lead_unit', 'bureau')", name="audience"),
        CheckConstraint("offset_days BETWEEN -60 AND 120", name="offset_days"),
        CheckConstraint("(action = 'notice') = (reply_days IS NOT NULL)", name="reply"),
        CheckConstraint("(repeat_days IS NULL) = (repeat_most = 0)", name="repeat"),
        Index("ix_escalation_rules_step", "step", "valid_from", "recorded_at"),
        Index("ix_escalation_rules_district_id", "district_id", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    step: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    enabled: Mapped[bool] = mapped_column(Boolean)
    basis: Mapped[str] = mapped_column(Text)
    # Working days after the due date; below zero before it.
    offset_days: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    # Working days a notice leaves for the reply.
    reply_days: Mapped[int | None] = mapped_column(Integer)
    # A warning comes again every so many working days, at most so many times.
    repeat_days: Mapped[int | None] = mapped_column(Integer)
    repeat_most: Mapped[int] = mapped_column(Integer)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_by_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
