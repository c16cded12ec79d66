"""Reads of documents: who may read the file may read what is in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, null, select

from services.cases_api.case_documents.schemas import CaseDocumentFilter
from services.cases_api.case_documents.tables import CaseDocument, RedactedCopy
from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.kinds import DocumentType
from services.kit import answers, errors, pagination
from services.kit.db import Reader, Session
from services.kit.principal import Principal

FIELDS = {
    "id": CaseDocument.id,
    "case_file_id": CaseDocument.case_file_id,
    "type": CaseDocument.type,
    "title": CaseDocument.title,
    "number": CaseDocument.number,
    "number_id": CaseDocument.number_id,
    "made_on": CaseDocument.made_on,
    "elements": func.to_json(CaseDocument.elements),
    "version": CaseDocument.version,
    "attachment_id": CaseDocument.attachment_id,
    "created_by": CaseDocument.created_by,
    "created_at": answers.moment(CaseDocument.created_at),
}
REDACTED = (
    select(RedactedCopy.attachment_id)
    .where(RedactedCopy.document_id == CaseDocument.id)
    .order_by(RedactedCopy.created_at.desc(), RedactedCopy.id.desc())
    .limit(1)
    .correlate(CaseDocument)
    .scalar_subquery()
)
BODY = answers.json_object(FIELDS | {"redacted_attachment_id": REDACTED})


def body(who: Principal) -> ColumnElement[Any]:
    """The document as the caller reads it: masked, only its redacted copy can be downloaded."""
    masked = FIELDS | {
        "title": masking.masked_text(CaseDocument.title), "number": null(), "number_id": null(), "attachment_id": REDACTED,
        "created_by": null(),
    }  # fmt: skip
    return masking.unless_masked(who, BODY, answers.json_object(masked))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of documents: that of their files."""
    return CaseDocument.case_file_id.in_(select(CaseFile.id).where(masking.visible_to(who)))


async def page(
    read: Reader, who: Principal, case_file_id: UUID, wanted: CaseDocumentFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of a file's documents by the time they were added."""
    filters = [CaseDocument.type == wanted.type] if wanted.type else []
    found = (
        select(body(who))
        .join(CaseFile, CaseFile.id == CaseDocument.case_file_id)
        .where(CaseDocument.case_file_id == case_file_id, visible_to(who), *filters)
    )
    order = pagination.Order((CaseDocument.created_at, CaseDocument.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, found, order, wanted, start)


async def one(session: Session, document_id: UUID) -> answers.One:
    """A document just added."""
    return await answers.read_one(session, select(BODY, CaseDocument.version).where(CaseDocument.id == document_id))


async def next_version(session: Session, case_file_id: UUID, type_: DocumentType, title: str) -> int:
    """The version after the latest of this type and title, in a locked file."""
    same = (CaseDocument.case_file_id == case_file_id, CaseDocument.type == type_, CaseDocument.title == title)
    return int((await session.execute(select(func.coalesce(func.max(CaseDocument.version), 0) + 1).where(*same))).scalar_one())


async def one_of_file(session: Session, case_file_id: UUID, document_id: UUID) -> CaseDocument:
    """A document of a file that the caller was found to reach; NotFound."""
    found = select(CaseDocument).where(CaseDocument.id == document_id, CaseDocument.case_file_id == case_file_id)
    row = (await session.execute(found)).scalar_one_or_none()
    if row is None:
        raise errors.NotFound
    return row
