"""Table of awards."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class Award(Base):
    """An award of an officer, or without one of a whole unit. `unit_id` is the unit that was served in, or honoured."""

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("district_id", "external_system", "external_id"),
        CheckConstraint("kind IN ('commendation', 'merit', 'prize', 'legal_examination', 'other')", name="kind"),
        CheckConstraint("level IN ('unit', 'district', 'city', 'province', 'national')", name="level"),
        CheckConstraint("state IN ('recorded', 'void')", name="state"),
        CheckConstraint("(void_reason IS NULL) = (state = 'recorded')", name="void"),
        CheckConstraint("(external_system IS NULL) = (external_id IS NULL)", name="external"),
        Index("ix_awards_district_id_awarded_on_id", "district_id", "awarded_on", "id"),
        Index("ix_awards_officer_id", "officer_id"),
        Index("ix_awards_unit_id_awarded_on", "unit_id", "awarded_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    officer_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    kind: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    awarded_on: Mapped[date] = mapped_column(Date)
    awarded_by: Mapped[str | None] = mapped_column(Text)
    document_no: Mapped[str | None] = mapped_column(Text)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[str] = mapped_column(Text)
    void_reason: Mapped[str | None] = mapped_column(Text)
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
