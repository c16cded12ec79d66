"""Table of the pool of reviewers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class ReviewerRow(Base):
    """What is known of an account as a reviewer. `kinds` are the kinds of case files it knows well."""

    __tablename__ = "reviewers"
    __table_args__ = (
        UniqueConstraint("district_id", "account_id"),
        CheckConstraint("(absent_from IS NULL) = (absent_to IS NULL) AND absent_from <= absent_to", name="absence"),
        Index("ix_reviewers_district_id_created_at", "district_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    account_id: Mapped[UUID] = mapped_column(Uuid)
    officer_id: Mapped[UUID | None] = mapped_column(Uuid)
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    legal_review: Mapped[bool] = mapped_column(Boolean)
    former_units: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    absent_from: Mapped[date | None] = mapped_column(Date)
    absent_to: Mapped[date | None] = mapped_column(Date)
    is_active: Mapped[bool] = mapped_column(Boolean)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
