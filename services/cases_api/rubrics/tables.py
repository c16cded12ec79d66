"""Table of rubrics."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class Rubric(Base):
    """A rubric. Once published only state, `superseded_at` and version may change: a trigger refuses all else."""

    __tablename__ = "rubrics"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'superseded')", name="state"),
        CheckConstraint("(published_at IS NULL) = (state = 'draft')", name="published"),
        CheckConstraint("(superseded_at IS NOT NULL) = (state = 'superseded')", name="superseded"),
        Index("uq_rubrics_district_id_content_hash", "district_id", "content_hash", unique=True),
        Index("ix_rubrics_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_rubrics_replaces_id", "replaces_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    replaces_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("cases.rubrics.id"))
    state: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[str] = mapped_column(Text)
    structure_hash: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    superseded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
