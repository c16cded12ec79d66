"""Routes of guidances."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.guidances import actions, queries
from services.cases_api.guidances.schemas import (
    FinishIn,
    GuidanceChange,
    GuidanceFilter,
    GuidanceIn,
    GuidanceOut,
    GuidancePage,
    VisitIn,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/guidances", "guidances")


@router.get("", response_model=GuidancePage, summary="跟案指导列表")
async def page(
    wanted: Annotated[GuidanceFilter, Query()], who: access.MayReadGuidances, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Cases under guidance: those the caller's units guide, and their own that are guided."""
    return cursors.answer(await queries.GUIDANCES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=GuidanceOut, status_code=201, summary="自选跟案指导案件")
async def choose(request: Request, wanted: GuidanceIn, who: access.MayChooseGuidances, session: SessionDep, now: Now) -> Response:
    """Takes a case under guidance beside the draw, with a reason. It counts towards the share, shown apart."""
    made = await actions.choose(session, who, wanted, now)
    return answers.created(request, await queries.GUIDANCE.one(session, who, made.id), f"/v1/guidances/{made.id}")


@router.get("/{guidance_id}", response_model=GuidanceOut, summary="跟案指导")
async def one(request: Request, guidance_id: fields.Id, who: access.MayReadGuidances, read: ReadDep) -> Response:
    """One guidance with what was advised."""
    return answers.one(request, await queries.GUIDANCE.one(read, who, guidance_id))


@router.patch("/{guidance_id}", response_model=GuidanceOut, summary="指定指导人员")
async def change(
    request: Request, guidance_id: fields.Id, wanted: GuidanceChange, who: access.MayWriteGuidances, version: IfMatch,
    session: SessionDep, now: Now,
) -> Response:  # fmt: skip
    """Names the officers who guide the case."""
    await actions.change(session, who, guidance_id, version, wanted, now)
    return answers.one(request, await queries.GUIDANCE.one(session, who, guidance_id))


@router.post("/{guidance_id}/visits", response_model=GuidanceOut, summary="登记指导情况")
async def visit(
    request: Request, guidance_id: fields.Id, wanted: VisitIn, who: access.MayWriteGuidances, version: IfMatch,
    session: SessionDep, now: Now,
) -> Response:  # fmt: skip
    """Records an occasion of guidance with the advice given; the first one begins the guidance."""
    await actions.visit(session, who, guidance_id, version, wanted, now)
    return answers.one(request, await queries.GUIDANCE.one(session, who, guidance_id))


@router.put("/{guidance_id}/visits/{visit_id}", response_model=GuidanceOut, summary="更正指导情况")
async def correct_visit(
    request: Request, guidance_id: fields.Id, visit_id: fields.Id, wanted: VisitIn, who: access.MayWriteGuidances,
    version: IfMatch, session: SessionDep, now: Now,
) -> Response:  # fmt: skip
    """Writes a visit anew, while the guidance is not finished; the audit trail keeps what it said before."""
    await actions.correct_visit(session, who, guidance_id, visit_id, version, wanted, now)
    return answers.one(request, await queries.GUIDANCE.one(session, who, guidance_id))


@router.post("/{guidance_id}/finish", response_model=GuidanceOut, summary="办结跟案指导")
async def finish(
    request: Request, guidance_id: fields.Id, wanted: FinishIn, who: access.MayWriteGuidances, version: IfMatch,
    session: SessionDep, now: Now,
) -> Response:  # fmt: skip
    """Ends the guidance with its outcome; 409 before the first visit."""
    await actions.finish(session, who, guidance_id, version, wanted, now)
    return answers.one(request, await queries.GUIDANCE.one(session, who, guidance_id))


@router.post("/{guidance_id}/reopen", response_model=GuidanceOut, summary="重新开展指导")
async def reopen(
    request: Request, guidance_id: fields.Id, who: access.MayChooseGuidances, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Takes a finished guidance up again; `X-Change-Reason` is demanded."""
    await actions.reopen(session, who, guidance_id, version, now)
    return answers.one(request, await queries.GUIDANCE.one(session, who, guidance_id))


@router.post("/{guidance_id}/void", response_model=GuidanceOut, summary="作废自选案件")
async def void(
    request: Request, guidance_id: fields.Id, who: access.MayChooseGuidances, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Gives up a case that was chosen; `X-Change-Reason` is demanded. A drawn case is substituted in its round instead."""
    await actions.void(session, who, guidance_id, version, now)
    return answers.one(request, await queries.GUIDANCE.one(session, who, guidance_id))
