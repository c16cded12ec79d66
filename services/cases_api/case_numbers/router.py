"""Routes of case numbers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.case_numbers import actions, queries
from services.cases_api.case_numbers.schemas import (
    CaseNumberFilter,
    CaseNumberOut,
    CaseNumberPage,
    ReasonIn,
    ReservationIn,
    ReservationOut,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/case-numbers", "case-numbers")


@router.get("", response_model=CaseNumberPage, summary="案号列表")
async def page(
    wanted: Annotated[CaseNumberFilter, Query()], who: access.MayReadCaseNumbers, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Numbers given, the latest first; void ones stay in the list."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ReservationOut, status_code=201, summary="预留案号")
async def reserve(wanted: ReservationIn, who: access.MayReserveCaseNumbers, session: SessionDep, now: Now) -> Response:
    """Reserves the next numbers of a unit, kind and year, without gaps."""
    numbers = await actions.reserve(session, who, wanted, now)
    items = await queries.bodies(session, who, [number.id for number in numbers])
    return Response(f'{{"items":[{",".join(items)}]}}', status_code=201, media_type="application/json")


@router.get("/{number_id}", response_model=CaseNumberOut, summary="案号")
async def one(request: Request, number_id: fields.Id, who: access.MayReadCaseNumbers, read: ReadDep) -> Response:
    """One number."""
    return answers.one(request, await queries.one(read, who, number_id))


@router.post("/{number_id}/void", response_model=CaseNumberOut, summary="作废案号")
async def void(
    request: Request,
    number_id: fields.Id,
    who: access.MayVoidCaseNumbers,
    version: IfMatch,
    session: SessionDep,
    wanted: ReasonIn = ReasonIn(),
) -> Response:
    """Voids a reserved number, with a reason; it is kept and never given again."""
    await actions.void(session, who, number_id, version, wanted)
    return answers.one(request, await queries.one(session, who, number_id))
