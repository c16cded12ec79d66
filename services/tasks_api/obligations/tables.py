"""Tables of obligations: what was measured, as known then, and what units declared."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, desc
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class ObligationValue(Base):
    """What was measured of a unit, kept when it differs from what was kept last; not `owed`: it owes it no more. Append-only."""

    __tablename__ = "obligation_values"
    __table_args__ = (
        Index(
            "ix_obligation_values_district_id_year",
            "district_id", "year", "obligation", "unit_id", desc("recorded_at"), desc("id"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    obligation: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    owed: Mapped[bool] = mapped_column(Boolean)
    value: Mapped[int] = mapped_column(Integer)
    threshold: Mapped[int] = mapped_column(Integer)
    risk: Mapped[bool] = mapped_column(Boolean)
    under_way: Mapped[bool] = mapped_column(Boolean)
    due_on: Mapped[date] = mapped_column(Date)
    self_declared: Mapped[bool] = mapped_column(Boolean)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Declaration(Base):
    """A number a unit gives itself where no record shows one. Append-only; the latest counts."""

    __tablename__ = "obligation_declarations"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        Index("ix_obligation_declarations_unit_id", "unit_id", "year", "obligation", "declared_at"),
        Index("ix_obligation_declarations_district_id", "district_id", "year", "declared_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    obligation: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    value: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    declared_by: Mapped[UUID] = mapped_column(Uuid)
    declared_by_name: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Recording(Base):
    """When the values of a district's year were last looked through: what differed was kept then.

    `changes` messages of the district bore ids from `changes_since` on: while there are no more, the values are what they were.
    `changes_beside_reports` leaves out those of reports being drawn up.
    """

    __tablename__ = "obligation_recordings"

    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changes_since: Mapped[UUID] = mapped_column(Uuid)
    changes: Mapped[int] = mapped_column(BigInteger)
    changes_beside_reports: Mapped[int] = mapped_column(BigInteger)
