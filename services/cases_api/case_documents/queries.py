"""Reads of documents: who may read the file may read what is in it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.cases_api.case_documents.rules import DocumentType
from services.cases_api.case_documents.schemas import CaseDocumentFilter
from services.cases_api.case_documents.tables import CaseDocument
from services.cases_api.case_files import queries as files
from services.cases_api.case_files.tables import CaseFile
from services.kit import answers, pagination
from services.kit.db import Reader, Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": CaseDocument.id,
        "case_file_id": CaseDocument.case_file_id,
        "type": CaseDocument.type,
        "title": CaseDocument.title,
        "number": CaseDocument.number,
        "version": CaseDocument.version,
        "attachment_id": CaseDocument.attachment_id,
        "created_by": CaseDocument.created_by,
        "created_at": answers.moment(CaseDocument.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of documents: that of their files."""
    return CaseDocument.case_file_id.in_(select(CaseFile.id).where(files.visible_to(who)))


async def page(
    read: Reader, who: Principal, case_file_id: UUID, wanted: CaseDocumentFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of a file's documents by the time they were added."""
    filters = [CaseDocument.type == wanted.type] if wanted.type else []
    found = select(BODY).where(CaseDocument.case_file_id == case_file_id, visible_to(who), *filters)
    order = pagination.Order((CaseDocument.created_at, CaseDocument.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, found, order, wanted, start)


async def one(session: Session, document_id: UUID) -> answers.One:
    """A document just added."""
    return await answers.read_one(session, select(BODY, CaseDocument.version).where(CaseDocument.id == document_id))


async def next_version(session: Session, case_file_id: UUID, type_: DocumentType, title: str) -> int:
    """The version after the latest of this type and title, in a locked file."""
    same = (CaseDocument.case_file_id == case_file_id, CaseDocument.type == type_, CaseDocument.title == title)
    return int((await session.execute(select(func.coalesce(func.max(CaseDocument.version), 0) + 1).where(*same))).scalar_one())
