"""Table of rounds of guidance."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class GuidanceRound(Base):
    """A round in which a granting department (`unit_id`) draws cases of a year. `quota` is the share of each township's cases."""

    __tablename__ = "guidance_rounds"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'frozen', 'drawn', 'void')", name="state"),
        CheckConstraint("basis IN ('filed', 'decided', 'closed')", name="basis"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void"),
        Index("uq_guidance_rounds_open", "unit_id", "year", unique=True, postgresql_where=text("state IN ('draft', 'frozen')")),
        Index("ix_guidance_rounds_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_guidance_rounds_unit_id_created_at", "unit_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    year: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    quota: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    void_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
