"""Tables of officers and of their units over time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

UNIT_ID = references.UNITS_TABLE.c.id


class Officer(Base):
    """An officer as known now. The identity number stands sealed, with a keyed digest to find it by."""

    __tablename__ = "officers"
    __table_args__ = (
        CheckConstraint("left_on >= hired_on", name="service"),
        CheckConstraint("(external_system IS NULL) = (external_id IS NULL)", name="external"),
        UniqueConstraint("district_id", "external_system", "external_id"),
        Index("uq_officers_live_id_index", "district_id", "id_index", unique=True, postgresql_where=text("left_on IS NULL")),
        Index("ix_officers_district_id_id_index", "district_id", "id_index"),
        Index("ix_officers_district_id_created_at_id", "district_id", "created_at", "id"),
        Index("ix_officers_unit_id_created_at_id", "unit_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    name: Mapped[str] = mapped_column(Text)
    id_type: Mapped[str] = mapped_column(Text)
    id_number: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    id_index: Mapped[bytes] = mapped_column(LargeBinary)
    id_number_masked: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    posts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hired_on: Mapped[date] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class OfficerUnit(Base):
    """Service in a unit over a period, as recorded at a moment and, when corrected, superseded at another."""

    __tablename__ = "officer_units"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="period"),
        CheckConstraint("superseded_at >= recorded_at", name="known"),
        Index("uq_officer_units_current", "officer_id", "from_on", unique=True, postgresql_where=text("superseded_at IS NULL")),
        Index("ix_officer_units_officer_id_from_on", "officer_id", "from_on"),
        Index("ix_officer_units_district_id_officer_id", "district_id", "officer_id", "from_on"),
        Index("ix_officer_units_unit_id_officer_id", "unit_id", "officer_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    kind: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    superseded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
