"""Table of the reasons. Rows are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class ExemptionReason(Base):
    """What a reason is and demands from a day on. `minimum_months` 0: no minimum."""

    __tablename__ = "exemption_reasons"
    __table_args__ = (
        CheckConstraint("waives IN ('months', 'year')", name="waives"),
        CheckConstraint("minimum_months BETWEEN 0 AND 120", name="minimum"),
        Index("ix_exemption_reasons_code_valid_from", "code", "valid_from"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    code: Mapped[str] = mapped_column(Text)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    minimum_months: Mapped[int] = mapped_column(Integer)
    needs_evidence: Mapped[bool] = mapped_column(Boolean)
    until_certified: Mapped[bool] = mapped_column(Boolean)
    waives: Mapped[str] = mapped_column(Text)
    in_force: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
