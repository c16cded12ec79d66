"""Tables of reviews: what stands now, and every version that was saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base


class Review(Base):
    """What the reviewer of an assignment wrote last; it has the assignment's id, and its state and version stand there."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("(grade IS NULL) = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("(grade IS NULL) = (content_hash IS NULL)", name="content_hash"),
        CheckConstraint("(grade IS NULL) = (structure_hash IS NULL)", name="structure_hash"),
        CheckConstraint("(grade IS NULL OR grade = 'not_reviewable') = (total_hundredths IS NULL)", name="total"),
        CheckConstraint("total_hundredths BETWEEN 0 AND 10000", name="total_hundredths"),
        Index("ix_reviews_submitted_at", "submitted_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_assignments.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    got_hundredths: Mapped[int | None] = mapped_column(Integer)
    applicable_hundredths: Mapped[int | None] = mapped_column(Integer)
    grade: Mapped[str | None] = mapped_column(Text)
    content_hash: Mapped[str | None] = mapped_column(Text)
    structure_hash: Mapped[str | None] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReviewVersion(Base):
    """One saved or submitted version; rows are only ever added."""

    __tablename__ = "review_versions"

    review_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.reviews.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    grade: Mapped[str | None] = mapped_column(Text)
    content_hash: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
