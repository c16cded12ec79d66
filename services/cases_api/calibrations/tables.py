"""Tables of calibration; rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class CalibrationFile(Base):
    """A file with the review held right, and the score that follows from it under the campaign's rubric."""

    __tablename__ = "calibration_files"
    __table_args__ = (
        UniqueConstraint("campaign_id", "case_file_id"),
        CheckConstraint("total_hundredths BETWEEN 0 AND 10000", name="total"),
        Index("ix_calibration_files_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_calibration_files_case_file_id", "case_file_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    campaign_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_campaigns.id"))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.case_files.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total_hundredths: Mapped[int] = mapped_column(Integer)
    grade: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CalibrationReview(Base):
    """What a reviewer found in such a file, once."""

    __tablename__ = "calibration_reviews"
    __table_args__ = (
        UniqueConstraint("calibration_file_id", "account_id"),
        CheckConstraint("(grade = 'not_reviewable') = (total_hundredths IS NULL)", name="total"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    calibration_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CalibrationFile.id))
    account_id: Mapped[UUID] = mapped_column(Uuid)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    total_hundredths: Mapped[int | None] = mapped_column(Integer)
    grade: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
