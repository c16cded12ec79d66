"""Tables of the ledger of class hours. All but the queue are append-only, by trigger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

COVERED = ["hundredths", "entered_as", "created_at", "id"]


class HourEntry(Base):
    """Hours of an officer. `entered_as` never changes; the state as read follows from the decision, if any."""

    __tablename__ = "hour_entries"
    __table_args__ = (
        UniqueConstraint("reverses_id"),
        UniqueConstraint("class_id", "officer_id", "class_turn"),
        UniqueConstraint("district_id", "external_system", "external_id"),
        CheckConstraint("CASE WHEN reverses_id IS NULL THEN hundredths > 0 ELSE hundredths < 0 END", name="sign"),
        CheckConstraint("days BETWEEN 1 AND 366", name="days"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL) AND ends_at > starts_at", name="times"),
        CheckConstraint("(class_turn IS NULL) = (class_id IS NULL OR reverses_id IS NOT NULL)", name="turn"),
        CheckConstraint("(external_system IS NULL) = (external_id IS NULL)", name="external"),
        CheckConstraint("entered_as IN ('posted', 'pending')", name="entered_as"),
        Index(
            "ix_hour_entries_officer_id_occurred_on_category",
            "officer_id",
            "occurred_on",
            "category",
            postgresql_include=COVERED,
        ),
        Index(
            "ix_hour_entries_occurred_on_officer_id_category",
            "occurred_on",
            "officer_id",
            "category",
            postgresql_include=COVERED,
        ),
        Index("ix_hour_entries_district_id_created_at_id", "district_id", "created_at", "id"),
        Index("ix_hour_entries_unit_id_created_at_id", "unit_id", "created_at", "id"),
        Index("ix_hour_entries_pending", "district_id", "occurred_on", postgresql_where=text("entered_as = 'pending'")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    category: Mapped[str] = mapped_column(Text)
    hundredths: Mapped[int] = mapped_column(Integer)
    occurred_on: Mapped[date] = mapped_column(Date)
    days: Mapped[int] = mapped_column(Integer)
    starts_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    source: Mapped[str] = mapped_column(Text)
    class_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.classes.id"))
    class_turn: Mapped[int | None] = mapped_column(Integer)
    course: Mapped[str | None] = mapped_column(Text)
    entered_as: Mapped[str] = mapped_column(Text)
    hour_rule_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.hour_rules.id"))
    late_reason: Mapped[str | None] = mapped_column(Text)
    reverses_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.hour_entries.id"))
    note: Mapped[str | None] = mapped_column(Text)
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    # Version of the training settings by which the hours of a class were worked out; none for stated hours.
    settings_id: Mapped[UUID | None] = mapped_column(Uuid)


class HourDecision(Base):
    """What became of a pending entry; one per entry."""

    __tablename__ = "hour_decisions"
    __table_args__ = (CheckConstraint("decision IN ('posted', 'refused')", name="decision"),)

    entry_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.hour_entries.id"), primary_key=True)
    decision: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[UUID] = mapped_column(Uuid)
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class HourSeal(Base):
    """A link of a district's chain: the hash of an entry or a decision, chained to the link before."""

    __tablename__ = "hour_seals"
    __table_args__ = (
        PrimaryKeyConstraint("district_id", "sequence", name="pk_hour_seals"),
        UniqueConstraint("entry_id", "link"),
        CheckConstraint("link IN ('entry', 'decision')", name="link"),
    )

    district_id: Mapped[UUID] = mapped_column(Uuid)
    sequence: Mapped[int] = mapped_column(BigInteger, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    link: Mapped[str] = mapped_column(Text)
    entry_hash: Mapped[bytes] = mapped_column(LargeBinary)
    chain_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class HourQueue(Base):
    """Links that wait for the sealer."""

    __tablename__ = "hour_queue"
    __table_args__ = (PrimaryKeyConstraint("entry_id", "link", name="pk_hour_queue"),)

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    link: Mapped[str] = mapped_column(Text)
    district_id: Mapped[UUID] = mapped_column(Uuid)
