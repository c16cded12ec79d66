"""Routes of deciding and reversing class hours."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Request, Response

from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep
from services.training_api import access
from services.training_api.hour_decisions import actions
from services.training_api.hour_decisions.schemas import ConfirmIn, ReasonIn, ReversalIn
from services.training_api.hour_entries import queries, rules
from services.training_api.hour_entries.schemas import EntryOut

router = routing.router("/v1/hour-entries/{entry_id}", "hour_entries")


@router.post("/confirm", response_model=EntryOut, summary="确认自报学时")
async def confirm(
    request: Request,
    entry_id: fields.Id,
    who: access.MayDecideHours,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[ConfirmIn | None, Body()] = None,
) -> Response:
    """Lets pending hours count, from now on. Decided once; 409 `hours.already_decided` after that."""
    reason = wanted.reason if wanted else None
    await actions.decide(session, who, entry_id, version, rules.State.POSTED, reason, now)
    return answers.one(request, await queries.ENTRY.one(session, who, entry_id))


@router.post("/refuse", response_model=EntryOut, summary="退回自报学时")
async def refuse(
    request: Request,
    entry_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayDecideHours,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Refuses pending hours, with a reason. Decided once; 409 `hours.already_decided` after that."""
    await actions.decide(session, who, entry_id, version, rules.State.REFUSED, wanted.reason, now)
    return answers.one(request, await queries.ENTRY.one(session, who, entry_id))


@router.post("/reversal", response_model=EntryOut, status_code=201, summary="冲正学时")
async def reverse(
    request: Request,
    entry_id: fields.Id,
    wanted: ReversalIn,
    who: access.MayReverseHours,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Undoes posted hours by an entry of the same hours below zero. `effective` says which year loses them:
    that of the original, or this one. 409 `hours.already_reversed`, `hours.is_reversal`, `hours.not_posted`.
    """
    mirror = await actions.reverse(session, who, entry_id, version, wanted, now)
    return answers.created(request, await queries.ENTRY.one(session, who, mirror.id), f"/v1/hour-entries/{mirror.id}")
