"""Table of the yearly requirement."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base


class HourRequirement(Base):
    """Hundredths owed a year from this year on, and the categories that count towards them (plan task 2)."""

    __tablename__ = "hour_requirements"
    __table_args__ = (CheckConstraint("hundredths >= 0", name="hours"),)

    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    hundredths: Mapped[int] = mapped_column(Integer)
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
