"""Routes of random draws."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.draw_schemas import CommitmentIn, RevealIn, SeedIn
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.random_draws import actions, queries
from services.tasks_api.random_draws.schemas import (
    RandomDrawFilter,
    RandomDrawIn,
    RandomDrawOut,
    RandomDrawPage,
    SubstituteIn,
    VoidIn,
)

router = routing.router("/v1/random-draws", "random-draws")
WHOLE_LISTS = {routing.TAKES_TIME: True}


@router.get("", response_model=RandomDrawPage, summary="双随机抽取列表")
async def page(
    wanted: Annotated[RandomDrawFilter, Query()], who: access.MayReadRandomDraws, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Draws of the district; the latest first."""
    return cursors.answer(await queries.DRAWS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=RandomDrawOut, status_code=201, summary="冻结双随机名单", openapi_extra=WHOLE_LISTS)
async def freeze(request: Request, wanted: RandomDrawIn, who: access.MayDrawAtRandom, session: SessionDep, now: Now) -> Response:
    """Freezes the lists of objects and inspectors and publishes their hash: they never change, and only now a seed is taken."""
    made = await actions.freeze(session, who, wanted, now)
    found = await queries.record(session, access.RANDOM_DRAWS_READ.admit(who), made)
    return answers.created(request, found, f"/v1/random-draws/{made}")


@router.get("/{draw_id}", response_model=RandomDrawOut, summary="双随机抽取记录")
async def one(request: Request, draw_id: fields.Id, who: access.MayReadRandomDraws, read: ReadDep) -> Response:
    """The whole record; saved to a file, `docs/verify_draw.py` and `./zhifa draws verify` check it offline."""
    return answers.one(request, await queries.record(read, who, draw_id))


@router.post("/{draw_id}/seed", response_model=RandomDrawOut, summary="登记种子")
async def seed(
    request: Request,
    draw_id: fields.Id,
    wanted: SeedIn,
    who: access.MayDrawAtRandom,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes a seed from outside, with its source: once, after the freeze, not beside commitments, never one used before."""
    await actions.give_seed(session, who, draw_id, version, wanted.seed, wanted.source, now)
    return answers.one(request, await queries.record(session, access.RANDOM_DRAWS_READ.admit(who), draw_id))


@router.post("/{draw_id}/commitments", response_model=RandomDrawOut, status_code=201, summary="见证人提交承诺")
async def commit(
    request: Request, draw_id: fields.Id, wanted: CommitmentIn, who: access.MayWitnessRandomDraws, session: SessionDep, now: Now
) -> Response:
    """A witness commits to a secret nonce by its SHA-256. Two witnesses or more make the seed together."""
    await actions.commit_nonce(session, who, draw_id, wanted.nonce_sha256, now)
    found = await queries.record(session, access.RANDOM_DRAWS_READ.admit(who), draw_id)
    return answers.one(request, found, status=201)


@router.post("/{draw_id}/reveals", response_model=RandomDrawOut, status_code=201, summary="见证人揭示随机数")
async def reveal(
    request: Request, draw_id: fields.Id, wanted: RevealIn, who: access.MayWitnessRandomDraws, session: SessionDep, now: Now
) -> Response:
    """A witness reveals the nonce. The first one ends the commitments; with the last one the seed is known."""
    await actions.reveal(session, who, draw_id, wanted.nonce, now)
    found = await queries.record(session, access.RANDOM_DRAWS_READ.admit(who), draw_id)
    return answers.one(request, found, status=201)


@router.post("/{draw_id}/draw", response_model=RandomDrawOut, summary="抽取", openapi_extra=WHOLE_LISTS)
async def draw(
    request: Request, draw_id: fields.Id, who: access.MayDrawAtRandom, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Draws, once: in each category of objects, and of the inspectors, those with the smallest tickets."""
    await actions.draw_sample(session, who, draw_id, version, now)
    return answers.one(request, await queries.record(session, access.RANDOM_DRAWS_READ.admit(who), draw_id))


@router.post("/{draw_id}/substitutions", response_model=RandomDrawOut, summary="回避替换", openapi_extra=WHOLE_LISTS)
async def substitute(
    request: Request,
    draw_id: fields.Id,
    wanted: SubstituteIn,
    who: access.MayDrawAtRandom,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes an inspector who must recuse himself, or an object that is gone, out of the sample; the next ticket comes in."""
    await actions.substitute(session, who, draw_id, version, wanted.id, wanted.reason, now)
    return answers.one(request, await queries.record(session, access.RANDOM_DRAWS_READ.admit(who), draw_id))


@router.post("/{draw_id}/void", response_model=RandomDrawOut, summary="作废抽取")
async def void(
    request: Request,
    draw_id: fields.Id,
    who: access.MayDrawAtRandom,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[VoidIn | None, Body()] = None,
) -> Response:
    """Voids a draw with a reason; it stays on record, and its seed is used up."""
    await actions.void(session, who, draw_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await queries.record(session, access.RANDOM_DRAWS_READ.admit(who), draw_id))
