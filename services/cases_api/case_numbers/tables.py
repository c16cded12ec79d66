"""Tables of case numbers and of the counters they come from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class NumberCounter(Base):
    """The last sequence given to a unit for a kind and year, with those that imports took ahead of it; its row lock makes
    reservations queue."""

    __tablename__ = "number_counters"

    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
    ahead: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"))


class CaseNumber(Base):
    """One number; it stays for ever, also when void."""

    __tablename__ = "case_numbers"
    __table_args__ = (
        CheckConstraint("state IN ('reserved', 'used', 'void')", name="state"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void"),
        UniqueConstraint("unit_id", "kind", "year", "sequence"),
        UniqueConstraint("district_id", "number"),
        Index("ix_case_numbers_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_case_numbers_unit_id_created_at", "unit_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    kind: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    void_reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
