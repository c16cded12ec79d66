"""Routes of extension requests."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.extension_requests import actions, queries
from services.tasks_api.extension_requests.rules import State
from services.tasks_api.extension_requests.schemas import (
    DecisionIn,
    ExtensionRequestFilter,
    ExtensionRequestIn,
    ExtensionRequestOut,
    ExtensionRequestPage,
    RefusalIn,
)

router = routing.router("/v1/assignments/{assignment_id}/extension-requests", "extension-requests")
desk = routing.router("/v1/extension-requests", "extension-requests")


@desk.get("", response_model=ExtensionRequestPage, summary="延期申请列表")
async def desk_page(
    wanted: Annotated[ExtensionRequestFilter, Query()], who: access.MayReadExtensions, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Requests for all assignments the caller sees: the desk of whoever decides (`state=requested`)."""
    return cursors.answer(await queries.REQUESTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("", response_model=ExtensionRequestPage, summary="任务交办的延期申请")
async def page(
    assignment_id: fields.Id,
    wanted: Annotated[ExtensionRequestFilter, Query()],
    who: access.MayReadExtensions,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Requests for one assignment, with the dates they wanted to move; 404 when the caller may not see it."""
    found = await queries.of_assignment(read, who, assignment_id, wanted, cursors.after(wanted))
    return cursors.answer(found, wanted)


@router.post("", response_model=ExtensionRequestOut, status_code=201, summary="申请延期")
async def ask(
    request: Request,
    assignment_id: fields.Id,
    wanted: ExtensionRequestIn,
    who: access.MayRequestExtensions,
    session: SessionDep,
    now: Now,
) -> Response:
    """Asks for a later date, within the plan, with the reason. How often and how far are settings.

    409 `extension_request.over_already` once handed in, suspended or void, `extension_request.pending` while one waits,
    `extension_request.too_many` after the last one allowed.
    """
    made = await actions.ask(session, who, assignment_id, wanted, now)
    location = f"/v1/assignments/{assignment_id}/extension-requests/{made}"
    return answers.created(request, await queries.REQUEST.one(session, who, made), location)


@router.get("/{request_id}", response_model=ExtensionRequestOut, summary="延期申请")
async def one(
    request: Request, assignment_id: fields.Id, request_id: fields.Id, who: access.MayReadExtensions, read: ReadDep
) -> Response:
    """One request."""
    return answers.one(request, await queries.of(read, who, assignment_id, request_id))


@router.post("/{request_id}/approve", response_model=ExtensionRequestOut, summary="批准延期")
async def approve(
    request: Request,
    assignment_id: fields.Id,
    request_id: fields.Id,
    who: access.MayDecideExtensions,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[DecisionIn | None, Body()] = None,
) -> Response:
    """Moves the due date. The former date stays in the request, in the history and in the lateness record."""
    note = wanted.note if wanted else None
    await actions.decide(session, who, assignment_id, request_id, version, State.APPROVED, note, now)
    return answers.one(request, await queries.REQUEST.one(session, who, request_id))


@router.post("/{request_id}/refuse", response_model=ExtensionRequestOut, summary="不批准延期")
async def refuse(
    request: Request,
    assignment_id: fields.Id,
    request_id: fields.Id,
    wanted: RefusalIn,
    who: access.MayDecideExtensions,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Leaves the date as it is, with the reason."""
    await actions.decide(session, who, assignment_id, request_id, version, State.REFUSED, wanted.note, now)
    return answers.one(request, await queries.REQUEST.one(session, who, request_id))


@router.post("/{request_id}/withdraw", response_model=ExtensionRequestOut, summary="撤回延期申请")
async def withdraw(
    request: Request,
    assignment_id: fields.Id,
    request_id: fields.Id,
    who: access.MayRequestExtensions,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes a request back that is not decided yet."""
    await actions.withdraw(session, who, assignment_id, request_id, version, now)
    return answers.one(request, await queries.REQUEST.one(session, who, request_id))
