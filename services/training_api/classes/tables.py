"""Tables of training classes and of those enrolled in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, PrimaryKeyConstraint, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class TrainingClass(Base):
    """A class; `unit_id` is the organiser, `hundredths` what each participant earns."""

    __tablename__ = "classes"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("hundredths > 0", name="hours"),
        Index("ix_classes_district_id_starts_at_id", "district_id", "starts_at", "id"),
        Index("ix_classes_unit_id_starts_at_id", "unit_id", "starts_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    online: Mapped[bool] = mapped_column(Boolean)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    hundredths: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class Enrolment(Base):
    """An officer enrolled in a class; `present` is null until attendance was recorded."""

    __tablename__ = "enrolments"
    __table_args__ = (
        PrimaryKeyConstraint("class_id", "officer_id", name="pk_enrolments"),
        CheckConstraint("(present IS NULL) = (recorded_at IS NULL)", name="recorded"),
        Index("ix_enrolments_officer_id", "officer_id"),
    )

    class_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.classes.id"))
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    present: Mapped[bool | None] = mapped_column(Boolean)
    enrolled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
