"""Table of the dated settings of the ledger. Rows are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class HourRuleRow(Base):
    """What holds from a day on. Caps are hundredths an officer may have of a source in a year; `carry_over` 0: none."""

    __tablename__ = "hour_rules"
    __table_args__ = (
        CheckConstraint("pending_sources <@ ARRAY['class', 'online', 'teaching', 'self_study']", name="pending_sources"),
        CheckConstraint("least(class_cap, online_cap, teaching_cap, self_study_cap) >= 0", name="caps"),
        CheckConstraint("teaching_times BETWEEN 1 AND 100", name="teaching_times"),
        CheckConstraint("carry_over >= 0", name="carry_over"),
        Index("ix_hour_rules_valid_from", "valid_from"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    valid_from: Mapped[date] = mapped_column(Date)
    pending_sources: Mapped[list[str]] = mapped_column(ARRAY(Text))
    members_wait: Mapped[bool] = mapped_column(Boolean)
    class_cap: Mapped[int | None] = mapped_column(Integer)
    online_cap: Mapped[int | None] = mapped_column(Integer)
    teaching_cap: Mapped[int | None] = mapped_column(Integer)
    self_study_cap: Mapped[int | None] = mapped_column(Integer)
    teaching_times: Mapped[int | None] = mapped_column(Integer)
    carry_over: Mapped[int] = mapped_column(Integer)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
