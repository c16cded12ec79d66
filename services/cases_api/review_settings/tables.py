"""Table of review settings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class ReviewSetting(Base):
    """All settings from a day on; without a district they are the defaults. Rows are only ever added."""

    __tablename__ = "review_settings"
    __table_args__ = (
        UniqueConstraint("district_id", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("sample_share BETWEEN 0 AND 10000", name="sample_share"),
        CheckConstraint("0 <= sample_least AND sample_least <= sample_most", name="sample"),
        CheckConstraint("reviewers_per_file BETWEEN 1 AND 5", name="reviewers"),
        CheckConstraint("spread_hundredths BETWEEN 0 AND 10000", name="spread"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    valid_from: Mapped[date] = mapped_column(Date)
    assumed: Mapped[bool] = mapped_column(Boolean)
    sample_share: Mapped[int] = mapped_column(Integer)
    sample_least: Mapped[int] = mapped_column(Integer)
    sample_most: Mapped[int] = mapped_column(Integer)
    reviewers_per_file: Mapped[int] = mapped_column(Integer)
    former_unit_years: Mapped[int] = mapped_column(Integer)
    repeat_years: Mapped[int] = mapped_column(Integer)
    most_load: Mapped[int] = mapped_column(Integer)
    lease_hours: Mapped[int] = mapped_column(Integer)
    spread_hundredths: Mapped[int] = mapped_column(Integer)
    objection_days: Mapped[int] = mapped_column(Integer)
    objection_decision_days: Mapped[int] = mapped_column(Integer)
    rectification_days: Mapped[int] = mapped_column(Integer)
    source: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
