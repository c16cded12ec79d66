"""Table of number patterns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class NumberPattern(Base):
    """A pattern for a district, or for one unit, kind or year of it; what is null holds for all."""

    __tablename__ = "number_patterns"
    __table_args__ = (
        UniqueConstraint(
            "district_id", "unit_id", "kind", "year", name="uq_number_patterns_scope", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("unit_id IS NULL OR district_id IS NOT NULL", name="unit"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    kind: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(Integer)
    pattern: Mapped[str] = mapped_column(Text)
    assumed: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
