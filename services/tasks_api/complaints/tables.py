"""Tables of complaints."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, deferred, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Complaint(Base):
    """A complaint with the unit that handles it now. `complainant` is sealed; `masked` is what everybody else sees of it.

    `stopped_on` is the day its clock stopped: answered or void; null while it runs.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'accepted', 'replied', 'closed', 'void')", name="state"),
        CheckConstraint("channel IN ('hotline_12345', 'petition', 'minzhifa_public', 'enterprise_contact')", name="channel"),
        CheckConstraint("(state IN ('received', 'accepted')) = (stopped_on IS NULL)", name="stopped_on"),
        CheckConstraint("anonymous = (complainant IS NULL)", name="complainant"),
        CheckConstraint("(external_system IS NULL) = (external_id IS NULL)", name="external"),
        Index("ix_complaints_district_id_received_on", "district_id", "received_on", "id"),
        Index("ix_complaints_unit_id_received_on", "unit_id", "received_on", "id"),
        Index("ix_complaints_district_id_due_on", "district_id", "due_on", "id"),
        Index(
            "uq_complaints_external_id",
            "district_id",
            "external_system",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_complaints_problem_id", "problem_id", postgresql_where=text("problem_id IS NOT NULL")),
        Index("ix_complaints_watch_on", "watch_on", "id", postgresql_where=text("watch_on IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    channel: Mapped[str] = mapped_column(Text)
    enterprise: Mapped[bool] = mapped_column(Boolean)
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    anonymous: Mapped[bool] = mapped_column(Boolean)
    complainant: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    masked: Mapped[str | None] = mapped_column(Text)
    received_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    held_since: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    stopped_on: Mapped[date | None] = mapped_column(Date)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    reply: Mapped[str | None] = mapped_column(Text)
    reply_attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    replied_on: Mapped[date | None] = mapped_column(Date)
    replied_by_name: Mapped[str | None] = mapped_column(Text)
    satisfaction: Mapped[str | None] = mapped_column(Text)
    rated_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    transfers: Mapped[int] = mapped_column(Integer)
    case_file_id: Mapped[UUID | None] = mapped_column(Uuid)
    problem_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.problems.id"))
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    watch_on: Mapped[date | None] = mapped_column(Date)
    ladder: Mapped[int] = mapped_column(Integer)
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class ComplaintMove(Base):
    """One move of a complaint, with the unit that had it right after. Only added."""

    __tablename__ = "complaint_moves"

    complaint_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.complaints.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    verb: Mapped[str] = mapped_column(Text)
    state_after: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    note: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
    actor_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
