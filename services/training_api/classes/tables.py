"""Tables of training classes, their sessions, those enrolled in them, and who signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base


class TrainingClass(Base):
    """A class; `unit_id` is the organiser, `hundredths` what each participant earns: stated, or worked out by a setting."""

    __tablename__ = "classes"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("hundredths > 0", name="hours"),
        CheckConstraint("stated = (settings_id IS NULL)", name="settings"),
        CheckConstraint("capacity > 0", name="capacity"),
        Index("ix_classes_district_id_starts_at_id", "district_id", "starts_at", "id"),
        Index("ix_classes_unit_id_starts_at_id", "unit_id", "starts_at", "id"),
        Index("ix_classes_plan_id", "plan_id"),
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
    stated: Mapped[bool] = mapped_column(Boolean)
    settings_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.training_settings.id"))
    location: Mapped[str | None] = mapped_column(Text)
    capacity: Mapped[int | None] = mapped_column(Integer)
    plan_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.training_plans.id"))
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class ClassSession(Base):
    """A session of a class, by its place in the timetable."""

    __tablename__ = "class_sessions"
    __table_args__ = (
        PrimaryKeyConstraint("class_id", "place", name="pk_class_sessions"),
        CheckConstraint("ends_at > starts_at", name="times"),
    )

    class_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.classes.id"))
    place: Mapped[int] = mapped_column(Integer, autoincrement=False)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Enrolment(Base):
    """An officer enrolled in a class or waiting; `present` is null until attendance was recorded by hand."""

    __tablename__ = "enrolments"
    __table_args__ = (
        PrimaryKeyConstraint("class_id", "officer_id", name="pk_enrolments"),
        CheckConstraint("state IN ('enrolled', 'waiting', 'withdrawn')", name="state"),
        CheckConstraint("(present IS NULL) = (recorded_at IS NULL)", name="recorded"),
        CheckConstraint("missed_minutes >= 0 AND (present IS NULL) = (missed_minutes IS NULL)", name="missed"),
        Index("ix_enrolments_officer_id", "officer_id"),
    )

    class_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.classes.id"))
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    state: Mapped[str] = mapped_column(Text)
    turn: Mapped[int] = mapped_column(Integer)
    present: Mapped[bool | None] = mapped_column(Boolean)
    missed_minutes: Mapped[int | None] = mapped_column(Integer)
    enrolled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignIn(Base):
    """An officer's signing in to a session, and the minutes missed by then."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        PrimaryKeyConstraint("class_id", "officer_id", "place", name="pk_sign_ins"),
        ForeignKeyConstraint(
            ["class_id", "officer_id"],
            ["training.enrolments.class_id", "training.enrolments.officer_id"],
            name="fk_sign_ins_class_id",
        ),
        CheckConstraint("missed_minutes >= 0", name="missed"),
    )

    class_id: Mapped[UUID] = mapped_column(Uuid)
    officer_id: Mapped[UUID] = mapped_column(Uuid)
    place: Mapped[int] = mapped_column(Integer, autoincrement=False)
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    missed_minutes: Mapped[int] = mapped_column(Integer)
    signed_by: Mapped[UUID] = mapped_column(Uuid)
