"""Tables of discretion benchmarks, and of changes of law that make new versions due."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references

UNIT_ID = references.UNITS_TABLE.c.id


class DiscretionBenchmark(Base):
    """One version of the benchmark of one item (事项) of one unit. `bands` as validated by the schema."""

    __tablename__ = "discretion_benchmarks"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'superseded', 'repealed', 'dropped')", name="state"),
        CheckConstraint("in_force_to >= in_force_from", name="days"),
        CheckConstraint("(state IN ('draft', 'dropped')) = (published_on IS NULL)", name="published"),
        Index("ix_discretion_benchmarks_district_id_in_force_from_id", "district_id", "in_force_from", "id"),
        Index("ix_discretion_benchmarks_unit_id_item", "unit_id", "item"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    item: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    legal_bases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    zero_range: Mapped[bool] = mapped_column(Boolean)
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    trigger: Mapped[str] = mapped_column(Text)
    trigger_note: Mapped[str | None] = mapped_column(Text)
    replaces_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("cases.discretion_benchmarks.id"))
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date | None] = mapped_column(Date)
    public_address: Mapped[str | None] = mapped_column(Text)
    filed_on: Mapped[date | None] = mapped_column(Date)
    received_on: Mapped[date | None] = mapped_column(Date)
    filing_no: Mapped[str | None] = mapped_column(Text)
    opinion: Mapped[str | None] = mapped_column(Text)
    opinion_text: Mapped[str | None] = mapped_column(Text)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class LawChange(Base):
    """A law, regulation or rule changed on a day: benchmarks founded on it are due for a new version. Never altered."""

    __tablename__ = "law_changes"
    __table_args__ = (Index("ix_law_changes_district_id_legal_basis", "district_id", "legal_basis", "changed_on"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    legal_basis: Mapped[str] = mapped_column(Text)
    changed_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
