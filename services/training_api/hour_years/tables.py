"""Table of what was done with years of the ledger. Rows are only ever added; the last one tells the state."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class HourYearMove(Base):
    """A year closed or opened again; `place` counts from 1."""

    __tablename__ = "hour_year_moves"
    __table_args__ = (
        UniqueConstraint("district_id", "year", "place"),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    year: Mapped[int] = mapped_column(Integer)
    place: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    moved_by: Mapped[UUID] = mapped_column(Uuid)
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
