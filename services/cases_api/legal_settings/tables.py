"""Table of dated settings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references

SCOPE = ("district_id", "topic", "sector", "case_kind", "procedure", "party_kind", "result", "valid_from")


class LegalSetting(Base):
    """A value that holds from a day on. Without a district it is delivered with the system and never changed."""

    __tablename__ = "legal_settings"
    __table_args__ = (
        UniqueConstraint(*SCOPE, name="uq_legal_settings_scope", postgresql_nulls_not_distinct=True),
        CheckConstraint("valid_to >= valid_from", name="period"),
        CheckConstraint("value >= 0", name="value"),
        Index("ix_legal_settings_topic_valid_from", "topic", "valid_from", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    topic: Mapped[str] = mapped_column(Text)
    sector: Mapped[str | None] = mapped_column(Text)
    case_kind: Mapped[str | None] = mapped_column(Text)
    procedure: Mapped[str | None] = mapped_column(Text)
    party_kind: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    value: Mapped[int] = mapped_column(BigInteger)
    measure: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    assumed: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
