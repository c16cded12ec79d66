"""Table of supervision settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class SupervisionSetting(Base):
    """A value from a day on; the newest row of a key counts. Without a district it is the shipped reading."""

    __tablename__ = "supervision_settings"
    __table_args__ = (
        Index("ix_supervision_settings_key", "key", "valid_from", "recorded_at"),
        Index("ix_supervision_settings_district_id", "district_id", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    key: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    value: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # How the plan's words are read, or why this limit.
    reading: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_by_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
