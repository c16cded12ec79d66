"""Tables of results: what stands, and each version with its cause."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class Result(Base):
    """What stands of a file of a published round. Of those of one campaign the one that goes before all others is final."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("round_id", "case_file_id"),
        CheckConstraint("mode IN ('self', 'cross', 'sample')", name="mode"),
        CheckConstraint("basis IN ('reviews', 'arbitration', 'objection')", name="basis"),
        CheckConstraint("basis <> 'arbitration' OR arbitration_id IS NOT NULL", name="arbitration"),
        CheckConstraint("(basis = 'objection') = (objection_id IS NOT NULL)", name="objection"),
        CheckConstraint("(grade = 'not_reviewable') = (total_hundredths IS NULL)", name="total"),
        CheckConstraint("NOT is_final OR voided_at IS NULL", name="final"),
        Index("uq_results_final", "campaign_id", "case_file_id", unique=True, postgresql_where=text("is_final")),
        Index("ix_results_campaign_id_case_file_id", "campaign_id", "case_file_id"),
        Index("ix_results_district_id_published_at", "district_id", "published_at", "id"),
        Index("ix_results_unit_id_published_at", "unit_id", "published_at", "id"),
        Index("ix_results_case_file_id", "case_file_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    campaign_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_campaigns.id"))
    round_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_rounds.id"))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.case_files.id"))
    mode: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(Integer)
    is_final: Mapped[bool] = mapped_column(Boolean)
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    grade: Mapped[str] = mapped_column(Text)
    vetoes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    content_hash: Mapped[str] = mapped_column(Text)
    structure_hash: Mapped[str] = mapped_column(Text)
    review_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    arbitration_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("cases.arbitrations.id"))
    objection_id: Mapped[UUID | None] = mapped_column(Uuid)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class ResultVersion(Base):
    """What a result was from a moment on, and why; rows are only ever added."""

    __tablename__ = "result_versions"
    __table_args__ = (CheckConstraint("cause IN ('published', 'precedence', 'objection', 'voided')", name="cause"),)

    result_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.results.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cause: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    is_final: Mapped[bool] = mapped_column(Boolean)
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    grade: Mapped[str] = mapped_column(Text)
    vetoes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
