"""Table of rectifications."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class Rectification(Base):
    """What one file's review wants put right. `keys` are what its items are recognised by in other years."""

    __tablename__ = "rectifications"
    __table_args__ = (
        UniqueConstraint("result_id"),
        CheckConstraint("state IN ('open', 'reported', 'closed')", name="state"),
        CheckConstraint("priority IN ('normal', 'high')", name="priority"),
        CheckConstraint("jsonb_array_length(items) >= 1", name="items"),
        CheckConstraint("state = 'open' OR reported_at IS NOT NULL", name="reported"),
        CheckConstraint("state <> 'closed' OR checked_by IS NOT NULL AND checked_by <> reported_by", name="closed"),
        Index("ix_rectifications_district_id_due_on", "district_id", "due_on", "id"),
        Index("ix_rectifications_unit_id_due_on", "unit_id", "due_on", "id"),
        Index("ix_rectifications_case_file_id", "case_file_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.case_files.id"))
    result_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("cases.results.id"))
    year: Mapped[int] = mapped_column(Integer)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    priority: Mapped[str] = mapped_column(Text)
    repeated_keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    report: Mapped[str | None] = mapped_column(Text)
    reported_by: Mapped[UUID | None] = mapped_column(Uuid)
    reported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    check_note: Mapped[str | None] = mapped_column(Text)
    checked_by: Mapped[UUID | None] = mapped_column(Uuid)
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
