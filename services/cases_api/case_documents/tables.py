"""Table of the documents of case files."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.document_numbers.tables import DocumentNumber


class CaseDocument(Base):
    """One version of a document; a newer version is a further row, rows are only ever added."""

    __tablename__ = "case_documents"
    __table_args__ = (
        UniqueConstraint("case_file_id", "type", "title", "version"),
        Index("ix_case_documents_case_file_id_created_at", "case_file_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    made_on: Mapped[date | None] = mapped_column(Date)
    elements: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    number_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(DocumentNumber.id))
    version: Mapped[int] = mapped_column(Integer)
    attachment_id: Mapped[UUID | None] = mapped_column(Uuid)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RedactedCopy(Base):
    """A copy in which unit, officers and party are blacked out; the newest one counts, rows are only ever added."""

    __tablename__ = "redacted_copies"
    __table_args__ = (Index("ix_redacted_copies_document_id_created_at", "document_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    document_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseDocument.id))
    attachment_id: Mapped[UUID] = mapped_column(Uuid)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
