"""Table of document templates."""

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


class DocumentTemplate(Base):
    """One version: a unit's own, the district's without a unit, the delivered one without a district."""

    __tablename__ = "document_templates"
    __table_args__ = (
        CheckConstraint("unit_id IS NULL OR district_id IS NOT NULL", name="place"),
        CheckConstraint("state IN ('draft', 'published', 'superseded', 'repealed', 'dropped')", name="state"),
        CheckConstraint("in_force_to >= in_force_from", name="days"),
        CheckConstraint("state IN ('draft', 'dropped') OR published_on IS NOT NULL", name="published"),
        Index("ix_document_templates_district_id_in_force_from", "district_id", "in_force_from", "id"),
        Index("ix_document_templates_unit_id_type", "unit_id", "type"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    elements: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reasoned: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[str | None] = mapped_column(Text)
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    published_on: Mapped[date | None] = mapped_column(Date)
    public_address: Mapped[str | None] = mapped_column(Text)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
