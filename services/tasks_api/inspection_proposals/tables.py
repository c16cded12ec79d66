"""Table of inspection proposals."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class InspectionProposal(Base):
    """One visit a department means to make between two days. `object_key` says which proposals mean the same object."""

    __tablename__ = "inspection_proposals"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'merged', 'withdrawn')", name="state"),
        CheckConstraint("last_on >= first_on", name="period"),
        CheckConstraint("NOT late OR late_reason IS NOT NULL", name="late"),
        Index("ix_inspection_proposals_district_id", "district_id", "created_at", "id"),
        Index("ix_inspection_proposals_unit_id", "unit_id", "year"),
        Index("ix_inspection_proposals_object_key", "district_id", "year", "object_key", "first_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    year: Mapped[int] = mapped_column(Integer)
    object_name: Mapped[str] = mapped_column(Text)
    object_code: Mapped[str | None] = mapped_column(Text)
    object_key: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    submitted_on: Mapped[date] = mapped_column(Date)
    late: Mapped[bool] = mapped_column(Boolean)
    late_reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
