"""Tables of certificates and their suspensions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

ISSUED = "state NOT IN ('valid', 'revoked') OR (number IS NOT NULL AND valid_from IS NOT NULL)"


class Certificate(Base):
    """A certificate. `state` is what people decided; suspended and expired follow from the days.

    `suspended_from` and `suspended_to` are the latest suspension's; `unit_id` is the unit on the card.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("district_id", "external_system", "external_id"),
        CheckConstraint("state IN ('applied', 'valid', 'cancelled', 'revoked')", name="state"),
        CheckConstraint("(valid_from IS NULL) = (valid_to IS NULL) AND valid_to >= valid_from", name="period"),
        CheckConstraint(ISSUED, name="issued"),
        CheckConstraint("suspended_to >= suspended_from", name="suspended"),
        CheckConstraint("(ended_on IS NULL) = (state IN ('applied', 'valid'))", name="ended"),
        CheckConstraint("(external_system IS NULL) = (external_id IS NULL)", name="external"),
        Index("uq_certificates_number_valid_from", "number", "valid_from", unique=True),
        Index("uq_certificates_applied", "officer_id", unique=True, postgresql_where=text("state = 'applied'")),
        Index("ix_certificates_officer_id_valid_from", "officer_id", "valid_from"),
        Index("ix_certificates_district_id_created_at_id", "district_id", "created_at", "id"),
        Index("ix_certificates_district_id_valid_to", "district_id", "valid_to", postgresql_where=text("state = 'valid'")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    officer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.officers.id"))
    number: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    applied_on: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    suspended_from: Mapped[date | None] = mapped_column(Date)
    suspended_to: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class CertificateSuspension(Base):
    """A suspension. One lifted before its first day was over ends the day before it began: it never held."""

    __tablename__ = "certificate_suspensions"
    __table_args__ = (
        CheckConstraint("to_on >= from_on - 1", name="period"),
        Index("ix_certificate_suspensions_certificate_id_from_on", "certificate_id", "from_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    certificate_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.certificates.id"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    lifted_reason: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
