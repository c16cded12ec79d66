"""Routes of document numbers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.case_numbers.schemas import ReasonIn
from services.cases_api.document_numbers import actions, queries
from services.cases_api.document_numbers.schemas import (
    DocumentNumberFilter,
    DocumentNumberOut,
    DocumentNumberPage,
    DocumentReservationIn,
    DocumentReservationOut,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/document-numbers", "document-numbers")


@router.get("", response_model=DocumentNumberPage, summary="文号列表")
async def page(
    wanted: Annotated[DocumentNumberFilter, Query()], who: access.MayReadDocumentNumbers, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Numbers given, the latest first; void ones stay in the list."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=DocumentReservationOut, status_code=201, summary="预留文号")
async def reserve(
    wanted: DocumentReservationIn, who: access.MayReserveDocumentNumbers, session: SessionDep, now: Now
) -> Response:
    """Reserves the next numbers of a unit, document type and year, without gaps."""
    numbers = await actions.reserve(session, who, wanted, now)
    items = await queries.bodies(session, who, [number.id for number in numbers])
    return Response(f'{{"items":[{",".join(items)}]}}', status_code=201, media_type="application/json")


@router.get("/{number_id}", response_model=DocumentNumberOut, summary="文号")
async def one(request: Request, number_id: fields.Id, who: access.MayReadDocumentNumbers, read: ReadDep) -> Response:
    """One number."""
    return answers.one(request, await queries.one(read, who, number_id))


@router.post("/{number_id}/void", response_model=DocumentNumberOut, summary="作废文号")
async def void(
    request: Request,
    number_id: fields.Id,
    who: access.MayVoidDocumentNumbers,
    version: IfMatch,
    session: SessionDep,
    wanted: ReasonIn = ReasonIn(),
) -> Response:
    """Voids a number, reserved or used, with a reason; it is kept and never given again, and so is the document."""
    await actions.void(session, who, number_id, version, wanted)
    return answers.one(request, await queries.one(session, who, number_id))
