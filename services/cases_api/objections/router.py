"""Routes of objections."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.objections import actions, queries
from services.cases_api.objections.schemas import (
    DeciderIn,
    ObjectionFilter,
    ObjectionIn,
    ObjectionOut,
    ObjectionPage,
    RejectIn,
    UpholdIn,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/objections", "objections")


@router.get("", response_model=ObjectionPage, summary="异议列表")
async def page(
    wanted: Annotated[ObjectionFilter, Query()], who: access.MayReadObjections, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Objections the caller may see: a unit its own, whoever decides the own ones, the bureau all."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ObjectionOut, status_code=201, summary="提出异议")
async def file(request: Request, wanted: ObjectionIn, who: access.MayFileObjections, session: SessionDep, now: Now) -> Response:
    """The unit objects to the final result of one of its files, once, within the working days set after publication."""
    made = await actions.file(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/objections/{made.id}")


@router.get("/{objection_id}", response_model=ObjectionOut, summary="异议")
async def one(request: Request, objection_id: fields.Id, who: access.MayReadObjections, read: ReadDep) -> Response:
    """One objection."""
    return answers.one(request, await queries.one(read, who, objection_id))


@router.post("/{objection_id}/assign", response_model=ObjectionOut, summary="指定异议答复人")
async def assign(
    request: Request,
    objection_id: fields.Id,
    wanted: DeciderIn,
    who: access.MayAssignObjections,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Names who decides: somebody who neither reviewed nor arbitrated the file and is in no conflict with it."""
    await actions.assign(session, who, objection_id, version, wanted.account_id, now)
    return answers.one(request, await queries.one(session, who, objection_id))


@router.post("/{objection_id}/uphold", response_model=ObjectionOut, summary="异议成立")
async def uphold(
    request: Request,
    objection_id: fields.Id,
    wanted: UpholdIn,
    who: access.MayDecideObjections,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The objection is right: the result becomes that of the corrected sheet; what it was before stays on record."""
    await actions.uphold(session, who, objection_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, objection_id))


@router.post("/{objection_id}/reject", response_model=ObjectionOut, summary="异议不成立")
async def reject(
    request: Request,
    objection_id: fields.Id,
    wanted: RejectIn,
    who: access.MayDecideObjections,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The objection is not right; the result stands."""
    await actions.reject(session, who, objection_id, version, wanted.decision, now)
    return answers.one(request, await queries.one(session, who, objection_id))


@router.post("/{objection_id}/withdraw", response_model=ObjectionOut, summary="撤回异议")
async def withdraw(
    request: Request, objection_id: fields.Id, who: access.MayFileObjections, version: IfMatch, session: SessionDep
) -> Response:
    """The unit takes its objection back; there is no second one."""
    await actions.withdraw(session, who, objection_id, version)
    return answers.one(request, await queries.one(session, who, objection_id))
