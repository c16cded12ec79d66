"""Tables of supervision notices."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class SupervisionNotice(Base):
    """A notice or circular about a unit. Numbers run without gaps per district, kind and year; a void one keeps its number."""

    __tablename__ = "supervision_notices"
    __table_args__ = (
        CheckConstraint("kind IN ('notice', 'circular')", name="kind"),
        CheckConstraint("state IN ('issued', 'replied', 'closed', 'void')", name="state"),
        CheckConstraint("(kind = 'notice') = (reply_due_on IS NOT NULL)", name="reply_due_on"),
        Index("uq_supervision_notices_number", "district_id", "kind", "year", "sequence", unique=True),
        Index("ix_supervision_notices_district_id", "district_id", "issued_at", "id"),
        Index("ix_supervision_notices_unit_id", "unit_id", "issued_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    kind: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    # The step of the ladder it stands for; null when somebody wrote it.
    step: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    issued_by: Mapped[UUID] = mapped_column(Uuid)
    issued_by_name: Mapped[str] = mapped_column(Text)
    reply_due_on: Mapped[date | None] = mapped_column(Date)
    reply: Mapped[str | None] = mapped_column(Text)
    reply_attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    replied_by_name: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # A returned reply is replaced; whether the unit answered in time is told by its first one.
    first_replied_on: Mapped[date | None] = mapped_column(Date)
    decision_note: Mapped[str | None] = mapped_column(Text)
    decided_by_name: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class SupervisionNoticeItem(Base):
    """An assignment a notice is about, with date and lateness as they stood then."""

    __tablename__ = "supervision_notice_items"
    __table_args__ = (Index("ix_supervision_notice_items_assignment_id", "assignment_id"),)

    notice_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.supervision_notices.id"), primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.assignments.id"), primary_key=True)
    due_on: Mapped[date | None] = mapped_column(Date)


class SupervisionNoticeCounter(Base):
    """The last number given out per district, kind and year; its row is the lock that keeps numbers without gaps."""

    __tablename__ = "supervision_notice_counters"

    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
