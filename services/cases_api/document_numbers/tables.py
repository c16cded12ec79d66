"""Table of document numbers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile
from services.kit import references


class DocumentNumber(Base):
    """One number; it stays for ever, also when void."""

    __tablename__ = "document_numbers"
    __table_args__ = (
        CheckConstraint("state IN ('reserved', 'used', 'void')", name="state"),
        CheckConstraint("state <> 'used' OR case_file_id IS NOT NULL", name="used"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void"),
        UniqueConstraint("unit_id", "type", "year", "sequence"),
        UniqueConstraint("district_id", "number"),
        Index("ix_document_numbers_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_document_numbers_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_document_numbers_case_file_id", "case_file_id", postgresql_where=text("case_file_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    type: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    case_file_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    void_reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
