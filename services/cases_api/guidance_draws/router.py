"""Routes of drawing the files of a round of guidance."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Request, Response

from services.cases_api import access
from services.cases_api.draws import router as seeding
from services.cases_api.draws.schemas import DrawIn, FrozenOut
from services.cases_api.guidance_draws import actions
from services.cases_api.guidance_draws.schemas import CaseSubstituteIn, ShareGrowIn
from services.cases_api.guidance_rounds import queries as rounds
from services.cases_api.guidance_rounds.schemas import GuidanceRoundOut
from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/guidance-rounds/{round_id}", "guidance-rounds")
WHOLE_LISTS = {routing.TAKES_TIME: True}


@router.post("/freeze", response_model=FrozenOut, summary="冻结抽样范围", openapi_extra=WHOLE_LISTS)
async def freeze(
    request: Request, round_id: fields.Id, who: access.MayWriteGuidanceRounds, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Freezes the cases of the year that stood in no earlier frame, by township, and publishes the hash of the list: from here on
    it never changes, and only now a seed is taken. With `dry_run=true` a preview: counts, never which.
    """
    return answers.one(request, await actions.freeze(session, who, round_id, version, now))


seeding.add_seeding(router, actions.ROUNDS, access.MayWriteGuidanceRounds)


@router.post("/draw", response_model=FrozenOut, summary="抽取案件", openapi_extra=WHOLE_LISTS)
async def draw(
    request: Request,
    round_id: fields.Id,
    who: access.MayWriteGuidanceRounds,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[DrawIn | None, Body()] = None,
) -> Response:
    """Draws, once, in each township the cases with the smallest tickets; they are under guidance from then on. `GET /v1/draws/
    {id}` is the whole record.
    """
    expected = wanted.frame_sha256 if wanted else None
    return answers.one(request, await actions.draw(session, who, round_id, version, expected, now))


@router.post("/void-draw", response_model=GuidanceRoundOut, summary="作废抽取")
async def void_draw(
    request: Request, round_id: fields.Id, who: access.MayWriteGuidanceRounds, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Voids a freeze, or a draw of which no guidance has begun; `X-Change-Reason` is demanded. It stays on record, and the next
    draw of the round, which takes a fresh seed, names it.
    """
    await actions.void_draw(session, who, round_id, version, now)
    return answers.one(request, await rounds.one(session, who, round_id))


@router.post("/substitutions", response_model=FrozenOut, summary="替换案件", openapi_extra=WHOLE_LISTS)
async def substitute(
    request: Request,
    round_id: fields.Id,
    wanted: CaseSubstituteIn,
    who: access.MayWriteGuidanceRounds,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes a case that cannot be guided out of the sample, with a reason; the next ticket of its township comes in."""
    return answers.one(request, await actions.substitute(session, who, round_id, version, wanted, now))


@router.post("/growths", response_model=FrozenOut, summary="补抽案件", openapi_extra=WHOLE_LISTS)
async def grow(
    request: Request,
    round_id: fields.Id,
    wanted: ShareGrowIn,
    who: access.MayWriteGuidanceRounds,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Grows the sample under a greater share by the next tickets; what was drawn stays in it."""
    return answers.one(request, await actions.grow(session, who, round_id, version, wanted, now))
