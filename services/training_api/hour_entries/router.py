"""Routes of class hours, and of posting a whole class."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.hour_entries import actions, queries, rules
from services.training_api.hour_entries.schemas import (
    ConfirmIn,
    EntryFilter,
    EntryIn,
    EntryOut,
    EntryPage,
    PostedOut,
    ReasonIn,
    ReversalIn,
)

router = routing.router("/v1/hour-entries", "hour_entries")
class_router = routing.router("/v1/classes/{class_id}", "hour_entries")


@router.get("", response_model=EntryPage, summary="学时记录列表")
async def page(wanted: Annotated[EntryFilter, Query()], who: access.MayReadHours, read: ReadDep, cursors: CursorsDep) -> Response:
    """Entries of the ledger, newest first; corrections stand there as entries of their own."""
    return cursors.answer(await queries.ENTRIES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=EntryOut, status_code=201, summary="登记学时")
async def post(request: Request, wanted: EntryIn, who: access.MayPostHours, session: SessionDep, now: Now) -> Response:
    """Enters hours. They count at once, except self-study, which waits for the unit's leader.

    409 `hours.day_full` above 24 hours of a person on a day, `hours.overlap` where times overlap,
    `hours.class_already_posted` where the class was counted already.
    """
    entry = await actions.post(session, who, wanted, now)
    return answers.created(request, await queries.ENTRY.one(session, who, entry.id), f"/v1/hour-entries/{entry.id}")


@router.get("/{entry_id}", response_model=EntryOut, summary="学时记录")
async def one(request: Request, entry_id: fields.Id, who: access.MayReadHours, read: ReadDep) -> Response:
    """One entry."""
    return answers.one(request, await queries.ENTRY.one(read, who, entry_id))


@router.post("/{entry_id}/confirm", response_model=EntryOut, summary="确认自报学时")
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


@router.post("/{entry_id}/refuse", response_model=EntryOut, summary="退回自报学时")
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


@router.post("/{entry_id}/reversal", response_model=EntryOut, status_code=201, summary="冲正学时")
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


@class_router.post("/post-hours", response_model=PostedOut, summary="按考勤登记全班学时")
async def post_class(class_id: fields.Id, who: access.MayPostClassHours, session: SessionDep, now: Now) -> PostedOut:
    """Posts the hours of a class that is over for everybody present, in one transaction. Safe to repeat:
    nobody gets them twice, and who was undone stays undone. Who cannot be given them is listed with the rule's code.
    """
    return await actions.post_class(session, who, class_id, now)
