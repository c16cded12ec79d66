"""Tables of exams and their results."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class Exam(Base):
    """An exam, held by a unit on a day. Marks are whole hundredths of a point."""

    __tablename__ = "exams"
    __table_args__ = (
        CheckConstraint("kind IN ('general', 'professional', 'auxiliary')", name="kind"),
        CheckConstraint("state IN ('open', 'published', 'void')", name="state"),
        CheckConstraint("pass_hundredths BETWEEN 1 AND full_hundredths", name="marks"),
        Index("ix_exams_district_id_held_on_id", "district_id", "held_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Date)
    full_hundredths: Mapped[int] = mapped_column(Integer)
    pass_hundredths: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class ExamResult(Base):
    """What one officer came to in one exam; without points when absent."""

    __tablename__ = "exam_results"
    __table_args__ = (
        CheckConstraint("outcome IN ('passed', 'failed', 'absent')", name="outcome"),
        CheckConstraint("(points_hundredths IS NULL) = (outcome = 'absent') AND points_hundredths >= 0", name="points"),
        Index("ix_exam_results_officer_id", "officer_id"),
    )

    exam_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.exams.id"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"), primary_key=True)
    points_hundredths: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
