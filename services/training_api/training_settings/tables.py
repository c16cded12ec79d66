"""Table of the dated settings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

UNIT_ID = references.UNITS_TABLE.c.id


class TrainingSettings(Base):
    """A version of a district's settings; without a district the one delivered. Rows are only ever added."""

    __tablename__ = "training_settings"
    __table_args__ = (
        CheckConstraint("required_hundredths BETWEEN 0 AND 200000", name="required"),
        CheckConstraint("half_day_hundredths BETWEEN 1 AND day_hundredths AND day_hundredths <= 2400", name="day"),
        CheckConstraint("half_day_minutes BETWEEN 0 AND 1440", name="half_day"),
        CheckConstraint("missed_numerator BETWEEN 0 AND missed_denominator AND missed_denominator > 0", name="missed"),
        CheckConstraint("sign_in_minutes BETWEEN 0 AND 1440", name="sign_in"),
        CheckConstraint("joint_classes >= 0", name="joint"),
        Index("ix_training_settings_district_id_recorded_at_id", "district_id", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    valid_from: Mapped[date] = mapped_column(Date)
    required_hundredths: Mapped[int] = mapped_column(Integer)
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    day_hundredths: Mapped[int] = mapped_column(Integer)
    half_day_hundredths: Mapped[int] = mapped_column(Integer)
    half_day_minutes: Mapped[int] = mapped_column(Integer)
    missed_numerator: Mapped[int] = mapped_column(Integer)
    missed_denominator: Mapped[int] = mapped_column(Integer)
    sign_in_minutes: Mapped[int] = mapped_column(Integer)
    joint_classes: Mapped[int] = mapped_column(Integer)
    coordinator_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    reason: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
