"""Routes of rounds of guidance; how their cases are drawn stands in `guidance_draws`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.guidance_rounds import actions, queries
from services.cases_api.guidance_rounds.schemas import (
    GuidanceRoundFilter,
    GuidanceRoundIn,
    GuidanceRoundOut,
    GuidanceRoundPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/guidance-rounds", "guidance-rounds")


@router.get("", response_model=GuidanceRoundPage, summary="跟案指导轮次列表")
async def page(
    wanted: Annotated[GuidanceRoundFilter, Query()], who: access.MayReadGuidanceRounds, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Rounds in which the granting departments of the district draw cases, newest first."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=GuidanceRoundOut, status_code=201, summary="新增跟案指导轮次")
async def create(
    request: Request, wanted: GuidanceRoundIn, who: access.MayWriteGuidanceRounds, session: SessionDep, now: Now
) -> Response:
    """A round of a granting department. Each round draws from the cases of the year that stood in no earlier one, so that
    over the year the share holds for all. 409 `guidance_round.open_already` while one of the year is not drawn yet.
    """
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/guidance-rounds/{made.id}")


@router.get("/{round_id}", response_model=GuidanceRoundOut, summary="跟案指导轮次")
async def one(request: Request, round_id: fields.Id, who: access.MayReadGuidanceRounds, read: ReadDep) -> Response:
    """One round."""
    return answers.one(request, await queries.one(read, who, round_id))


@router.post("/{round_id}/void", response_model=GuidanceRoundOut, summary="作废跟案指导轮次")
async def void(
    request: Request, round_id: fields.Id, who: access.MayWriteGuidanceRounds, version: IfMatch, session: SessionDep
) -> Response:
    """Voids a draft; `X-Change-Reason` is demanded. A frozen round's draw is voided first."""
    await actions.void(session, who, round_id, version)
    return answers.one(request, await queries.one(session, who, round_id))
