"""Table of grants to townships."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

UNIT_ID = references.UNITS_TABLE.c.id


class TownshipGrant(Base):
    """A department's grant of powers to a township over a period."""

    __tablename__ = "township_grants"
    __table_args__ = (
        UniqueConstraint("department_id", "unit_id", "from_on"),
        CheckConstraint("to_on >= from_on", name="period"),
        Index("ix_township_grants_district_id_created_at_id", "district_id", "created_at", "id"),
        Index("ix_township_grants_unit_id", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    department_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
