"""Columns of a service's records. The service declares `class Record(RecordColumns, Base)` and its migration the table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from services.kit import references

LIVE, VOID = "active", "void"


class RecordColumns:
    """One record of any kind: what all have in common as columns, the kind's own facts as JSON."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    occurred_on: Mapped[date] = mapped_column(Date)
    subject_id: Mapped[UUID | None] = mapped_column(Uuid)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    void_reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    @declared_attr
    def district_id(cls) -> Mapped[UUID]:
        """The district of the record's unit."""
        return mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))

    @declared_attr
    def unit_id(cls) -> Mapped[UUID]:
        """The unit whose record it is."""
        return mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def constraints() -> tuple[Any, ...]:
    """`__table_args__` of a service's records."""
    return (
        CheckConstraint("state IN ('active', 'void')", name="state"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void"),
        Index("ix_records_district_id_kind_occurred_on_id", "district_id", "kind", "occurred_on", "id"),
        Index("ix_records_unit_id_kind_occurred_on_id", "unit_id", "kind", "occurred_on", "id"),
        Index("ix_records_subject_id_kind", "subject_id", "kind", postgresql_where=text("subject_id IS NOT NULL")),
        Index(
            "uq_records_external_id", "district_id", "kind", "external_system", "external_id",
            unique=True, postgresql_where=text("external_id IS NOT NULL"),
        ),
    )  # fmt: skip
