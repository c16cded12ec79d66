"""Table of the rules about people. Rows are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

NAMES = "('surname', 'all_but_last', 'full', 'hidden')"


class PersonnelRule(Base):
    """What holds from a day on. Months are calendar months; `exam_valid_months` 0: a pass never grows old."""

    __tablename__ = "personnel_rules"
    __table_args__ = (
        CheckConstraint("certificate_months BETWEEN 1 AND 600", name="months"),
        CheckConstraint("required_exams <@ ARRAY['general', 'professional']", name="exams"),
        CheckConstraint("exam_valid_months BETWEEN 0 AND 600", name="exam_months"),
        CheckConstraint("number_digits_min BETWEEN 1 AND number_digits_max AND number_digits_max <= 30", name="digits"),
        CheckConstraint(f"verification_name IN {NAMES} AND public_list_name IN {NAMES}", name="names"),
        Index("ix_personnel_rules_valid_from", "valid_from"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    certificate_months: Mapped[int] = mapped_column(Integer)
    required_exams: Mapped[list[str]] = mapped_column(ARRAY(Text))
    exam_valid_months: Mapped[int] = mapped_column(Integer)
    number_digits_min: Mapped[int] = mapped_column(Integer)
    number_digits_max: Mapped[int] = mapped_column(Integer)
    verification_name: Mapped[str] = mapped_column(Text)
    public_list_name: Mapped[str] = mapped_column(Text)
    public_list_needs_exam: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
