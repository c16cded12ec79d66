"""Routes of the documents of a case file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.case_documents import actions, queries
from services.cases_api.case_documents.schemas import (
    CaseDocumentFilter,
    CaseDocumentIn,
    CaseDocumentOut,
    CaseDocumentPage,
    RedactedCopyIn,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/case-files/{case_file_id}/documents", "case-files")


@router.get("", response_model=CaseDocumentPage, summary="案卷文书列表")
async def documents_page(
    case_file_id: fields.Id,
    wanted: Annotated[CaseDocumentFilter, Query()],
    who: access.MayReadCaseFiles,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Documents of a file, every version, by the time they were added."""
    return cursors.answer(await queries.page(read, who, case_file_id, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=CaseDocumentOut, status_code=201, summary="新增案卷文书")
async def add_document(
    request: Request,
    case_file_id: fields.Id,
    wanted: CaseDocumentIn,
    who: access.MayWriteCaseFiles,
    session: SessionDep,
    now: Now,
) -> Response:
    """Adds a document, or the next version of one of the same type and title; nothing is overwritten."""
    made = await actions.add(session, who, case_file_id, wanted, now)
    return answers.created(request, await queries.one(session, made.id), f"/v1/case-files/{case_file_id}/documents")


@router.post("/{document_id}/redacted-copies", response_model=CaseDocumentOut, status_code=201, summary="登记案卷文书的隐名副本")
async def add_redacted(
    request: Request,
    case_file_id: fields.Id,
    document_id: fields.Id,
    wanted: RedactedCopyIn,
    who: access.MayRedactDocuments,
    session: SessionDep,
    now: Now,
) -> Response:
    """Adds a copy in which unit, officers and party are blacked out, for reviewers who are not to know whose file it is."""
    await actions.add_redacted(session, who, case_file_id, document_id, wanted.attachment_id, now)
    return answers.created(request, await queries.one(session, document_id), f"/v1/case-files/{case_file_id}/documents")
