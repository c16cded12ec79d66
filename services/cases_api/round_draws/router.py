"""Routes of drawing the files of a round."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Body, Request, Response

from services.cases_api import access
from services.cases_api.draws import router as seeding
from services.cases_api.draws.schemas import DrawIn, FrozenOut
from services.cases_api.review_rounds import queries as rounds
from services.cases_api.review_rounds.schemas import ReviewRoundOut
from services.cases_api.round_draws import actions
from services.cases_api.round_draws.schemas import GrowIn, SubstituteIn
from services.kit import answers, fields, operations, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/review-rounds/{round_id}", "review-rounds")
WHOLE_LISTS = {routing.TAKES_TIME: True}
LATER: Final[dict[int | str, dict[str, Any]]] = {202: {"description": "案卷很多，已转入后台；进度见 Location。"}}


def is_dry(request: Request) -> bool:
    """A preview answers at once: nothing of it could be fetched later."""
    return request.query_params.get("dry_run") == "true"


@router.post("/freeze", response_model=FrozenOut, summary="冻结抽样范围", openapi_extra=WHOLE_LISTS, responses=LATER)
async def freeze(
    request: Request, round_id: fields.Id, who: access.MayDraw, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Freezes all closed files that match and publishes the hash of the list: from here on it never changes, and only now a seed
    is taken. With `dry_run=true` a preview: how many files each stratum has and how many would be drawn, never which. Very many
    files are frozen in the background (202).
    """
    if not is_dry(request) and (operation_id := await actions.freeze_later(session, who, round_id, version)) is not None:
        return operations.accepted(operation_id)
    return answers.one(request, await actions.freeze(session, who, round_id, version, now))


seeding.add_seeding(router, actions.ROUNDS, access.MayDraw)


@router.post("/draw", response_model=FrozenOut, summary="抽取案卷", openapi_extra=WHOLE_LISTS, responses=LATER)
async def draw(
    request: Request,
    round_id: fields.Id,
    who: access.MayDraw,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[DrawIn | None, Body()] = None,
) -> Response:
    """Draws, once, in each stratum the files with the smallest tickets. `GET /v1/draws/{id}` is the whole record. From a very
    large frame this happens in the background (202).
    """
    expected = wanted.frame_sha256 if wanted else None
    later = None if is_dry(request) else await actions.draw_later(session, who, round_id, version, expected)
    if later is not None:
        return operations.accepted(later)
    return answers.one(request, await actions.draw(session, who, round_id, version, expected, now))


@router.post("/void-draw", response_model=ReviewRoundOut, summary="作废抽取")
async def void_draw(
    request: Request, round_id: fields.Id, who: access.MayDraw, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Voids a freeze or a draw before its files are given out; `X-Change-Reason` is demanded. It stays on record, and the next
    draw of the round, which takes a fresh seed, names it.
    """
    await actions.void_draw(session, who, round_id, version, now)
    return answers.one(request, await rounds.one(session, who, round_id))


@router.post("/substitutions", response_model=FrozenOut, summary="替换案卷", openapi_extra=WHOLE_LISTS)
async def substitute(
    request: Request,
    round_id: fields.Id,
    wanted: SubstituteIn,
    who: access.MayDraw,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes a file that cannot be reviewed out of the sample, with a reason; the next ticket of its stratum comes in."""
    return answers.one(request, await actions.substitute(session, who, round_id, version, wanted, now))


@router.post("/growths", response_model=FrozenOut, summary="补抽案卷", openapi_extra=WHOLE_LISTS)
async def grow(
    request: Request, round_id: fields.Id, wanted: GrowIn, who: access.MayDraw, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Grows the sample under wider terms by the next tickets; what was drawn stays in it."""
    return answers.one(request, await actions.grow(session, who, round_id, version, wanted, now))
