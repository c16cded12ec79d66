"""Table of guidance settings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class GuidanceSetting(Base):
    """All settings from a day on; without a district they are the defaults. Rows are only ever added."""

    __tablename__ = "guidance_settings"
    __table_args__ = (
        UniqueConstraint("district_id", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("share_per_10000 BETWEEN 0 AND 10000", name="share"),
        CheckConstraint("basis IN ('filed', 'decided', 'closed')", name="basis"),
        CheckConstraint("counted IN ('picked', 'begun', 'finished')", name="counted"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    valid_from: Mapped[date] = mapped_column(Date)
    assumed: Mapped[bool] = mapped_column(Boolean)
    share_per_10000: Mapped[int] = mapped_column(Integer)
    basis: Mapped[str] = mapped_column(Text)
    counted: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
