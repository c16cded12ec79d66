"""Table of number patterns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class NumberPattern(Base):
    """A pattern of case or of document numbers, for a district, or for one unit, kind, type or year of it; null holds for all."""

    __tablename__ = "number_patterns"
    __table_args__ = (
        UniqueConstraint(
            "district_id",
            "unit_id",
            "series",
            "kind",
            "document_type",
            "year",
            name="uq_number_patterns_scope",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("unit_id IS NULL OR district_id IS NOT NULL", name="unit"),
        CheckConstraint("series = 'case' AND document_type IS NULL OR series = 'document' AND kind IS NULL", name="series"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    series: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    document_type: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(Integer)
    pattern: Mapped[str] = mapped_column(Text)
    assumed: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
