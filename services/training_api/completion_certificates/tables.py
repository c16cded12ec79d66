"""Tables of completion certificates, of the entries behind each, and of their serial numbers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
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

UNIT_ID = references.UNITS_TABLE.c.id
LIVE = "ended_at IS NULL AND kind = "
ALL_OR_NONE = "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_reason IS NULL)"


class CompletionCertificate(Base):
    """A certificate as handed out: names and sums stand as they were then. Only its end is ever written to it."""

    __tablename__ = "completion_certificates"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("district_id", "issued_in", "serial"),
        UniqueConstraint("supersedes_id"),
        CheckConstraint("kind IN ('class', 'year') AND (kind = 'class') = (class_id IS NOT NULL)", name="kind"),
        CheckConstraint("(kind = 'class') = (title IS NOT NULL)", name="title"),
        CheckConstraint("public_law + business + skills + political > 0", name="hours"),
        CheckConstraint("last_on >= first_on", name="days"),
        CheckConstraint(ALL_OR_NONE, name="ended"),
        Index("uq_completion_certificates_class", "class_id", "officer_id", unique=True, postgresql_where=text(LIVE + "'class'")),
        Index("uq_completion_certificates_year", "officer_id", "year", unique=True, postgresql_where=text(LIVE + "'year'")),
        Index("ix_completion_certificates_district_id_created_at_id", "district_id", "created_at", "id"),
        Index("ix_completion_certificates_unit_id_created_at_id", "unit_id", "created_at", "id"),
        Index("ix_completion_certificates_issuer_id_created_at_id", "issuer_id", "created_at", "id"),
        Index("ix_completion_certificates_officer_id", "officer_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    issuer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    kind: Mapped[str] = mapped_column(Text)
    class_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.classes.id"))
    year: Mapped[int] = mapped_column(Integer)
    issued_in: Mapped[int] = mapped_column(Integer)
    serial: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    unit_name: Mapped[str] = mapped_column(Text)
    issuer_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    public_law: Mapped[int] = mapped_column(Integer)
    business: Mapped[int] = mapped_column(Integer)
    skills: Mapped[int] = mapped_column(Integer)
    political: Mapped[int] = mapped_column(Integer)
    entries_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    supersedes_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("training.completion_certificates.id"))
    issued_on: Mapped[date] = mapped_column(Date)
    issued_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol

    @property
    def is_ended(self) -> bool:
        """Whether it was superseded or withdrawn."""
        return self.ended_at is not None


class CompletionCertificateEntry(Base):
    """An entry of the ledger that a certificate attests. Append-only."""

    __tablename__ = "completion_certificate_entries"
    __table_args__ = (
        PrimaryKeyConstraint("certificate_id", "entry_id", name="pk_completion_certificate_entries"),
        Index("ix_completion_certificate_entries_entry_id", "entry_id"),
    )

    certificate_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.completion_certificates.id"))
    entry_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.hour_entries.id"))


class CompletionCertificateCounter(Base):
    """The last serial of a district and year; who takes the next holds the row until the commit."""

    __tablename__ = "completion_certificate_counters"
    __table_args__ = (
        PrimaryKeyConstraint("district_id", "issued_in", name="pk_completion_certificate_counters"),
        CheckConstraint("last >= 0", name="last"),
    )

    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    issued_in: Mapped[int] = mapped_column(Integer, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)
