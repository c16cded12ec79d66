"""Tables of arbitrations: what stands now, and every version that was saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class Arbitration(Base):
    """One file before a third person. `review_ids` in the order shown; `candidates` is the whole line as it was drawn."""

    __tablename__ = "arbitrations"
    __table_args__ = (
        UniqueConstraint("round_id", "case_file_id", "number"),
        CheckConstraint("state IN ('waiting', 'assigned', 'opened', 'draft', 'submitted', 'void')", name="state"),
        CheckConstraint("state = 'void' OR (state = 'waiting') = (account_id IS NULL)", name="waiting"),
        CheckConstraint("cardinality(grounds) >= 1", name="grounds"),
        CheckConstraint("ended_how IN ('declined', 'recused', 'conflict', 'overtaken', 'replaced', 'withdrawn')", name="ended"),
        CheckConstraint("(state = 'void') = (ended_at IS NOT NULL)", name="void"),
        CheckConstraint("(grade IS NULL) = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("(grade IS NULL OR grade = 'not_reviewable') = (total_hundredths IS NULL)", name="total"),
        Index("uq_arbitrations_live", "round_id", "case_file_id", unique=True, postgresql_where=text("state <> 'void'")),
        Index("ix_arbitrations_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_arbitrations_account_id_created_at", "account_id", "created_at", "id"),
        Index("ix_arbitrations_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_arbitrations_case_file_id", "case_file_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    round_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_rounds.id"))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.case_files.id"))
    hide_unit: Mapped[bool] = mapped_column(Boolean)
    number: Mapped[int] = mapped_column(Integer)
    grounds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    spread_hundredths: Mapped[int] = mapped_column(Integer)
    review_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    seed: Mapped[str] = mapped_column(Text)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    got_hundredths: Mapped[int | None] = mapped_column(Integer)
    applicable_hundredths: Mapped[int | None] = mapped_column(Integer)
    grade: Mapped[str | None] = mapped_column(Text)
    content_hash: Mapped[str | None] = mapped_column(Text)
    structure_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    saved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(Text)
    ended_reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    saves: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class ArbitrationVersion(Base):
    """One saved or submitted version; rows are only ever added."""

    __tablename__ = "arbitration_versions"

    arbitration_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.arbitrations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    grade: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
