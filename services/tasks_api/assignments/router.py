"""Routes of assignments."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.assignments import actions, queries
from services.tasks_api.assignments.schemas import (
    AssignmentFilter,
    AssignmentOut,
    AssignmentPage,
    MoveFilter,
    MovePage,
    ReasonIn,
    ReassignIn,
)

router = routing.router("/v1/assignments", "assignments")


async def _today(request: Request, now: Now) -> queries.Today:
    return queries.Today(clock.local_day(now), request.state.principal.district_id)


TodayDep = Annotated[queries.Today, Depends(_today)]


@router.get("", response_model=AssignmentPage, summary="任务交办列表")
async def page(
    wanted: Annotated[AssignmentFilter, Query()],
    who: access.MayReadAssignments,
    read: ReadDep,
    cursors: CursorsDep,
    today: TodayDep,
) -> Response:
    """Assignments the caller may see, by due date; units see their own and those of the units below them."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted), today), wanted)


@router.get("/{assignment_id}", response_model=AssignmentOut, summary="任务交办")
async def one(
    request: Request, assignment_id: fields.Id, who: access.MayReadAssignments, read: ReadDep, today: TodayDep
) -> Response:
    """One assignment, with its lamp, its late days (working days) and what the caller may do with it now."""
    return answers.one(request, await queries.one(read, who, assignment_id, today))


@router.get("/{assignment_id}/moves", response_model=MovePage, summary="流转记录")
async def moves(
    assignment_id: fields.Id,
    wanted: Annotated[MoveFilter, Query()],
    who: access.MayReadAssignments,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Each move the assignment made since it was issued; entries are only ever added."""
    return cursors.answer(await queries.moves(read, who, assignment_id, wanted, cursors.after(wanted)), wanted)


@router.post("/{assignment_id}/sign", response_model=AssignmentOut, summary="签收")
async def sign(
    request: Request,
    assignment_id: fields.Id,
    who: access.MaySign,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
) -> Response:
    """The unit's leader signs for an issued assignment."""
    await actions.sign(session, who, assignment_id, version, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/start", response_model=AssignmentOut, summary="开始办理")
async def start(
    request: Request,
    assignment_id: fields.Id,
    who: access.MayStart,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
) -> Response:
    """The unit begins work on a signed assignment."""
    await actions.start(session, who, assignment_id, version, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/submit", response_model=AssignmentOut, summary="报送")
async def submit(
    request: Request,
    assignment_id: fields.Id,
    who: access.MaySubmit,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
) -> Response:
    """The unit's leader hands in the work; at least one progress report since issue or return is needed. The clock stops."""
    await actions.submit(session, who, assignment_id, version, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/return", response_model=AssignmentOut, summary="退回")
async def send_back(
    request: Request,
    assignment_id: fields.Id,
    who: access.MayReturn,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
    wanted: ReasonIn | None = None,
) -> Response:
    """The bureau returns submitted work with a reason. The clock runs on as if it had not stopped."""
    await actions.send_back(session, who, assignment_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/approve", response_model=AssignmentOut, summary="办结")
async def approve(
    request: Request,
    assignment_id: fields.Id,
    who: access.MayApprove,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
) -> Response:
    """The bureau accepts submitted work. Late days stay on record as of the day it was handed in."""
    await actions.approve(session, who, assignment_id, version, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/suspend", response_model=AssignmentOut, summary="中止")
async def suspend(
    request: Request,
    assignment_id: fields.Id,
    who: access.MaySuspend,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
    wanted: ReasonIn | None = None,
) -> Response:
    """The bureau stops the clock with a reason; the lamp is grey until the work is resumed."""
    await actions.suspend(session, who, assignment_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/resume", response_model=AssignmentOut, summary="恢复")
async def resume(
    request: Request,
    assignment_id: fields.Id,
    who: access.MayResume,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
) -> Response:
    """The work goes on in its former state; the calendar days of the pause are added to the due date."""
    await actions.resume(session, who, assignment_id, version, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/void", response_model=AssignmentOut, summary="作废")
async def cancel(
    request: Request,
    assignment_id: fields.Id,
    who: access.MayVoid,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
    wanted: ReasonIn | None = None,
) -> Response:
    """The bureau takes an unfinished assignment back for good, with a reason."""
    await actions.cancel(session, who, assignment_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))


@router.post("/{assignment_id}/reassign", response_model=AssignmentOut, summary="转交")
async def reassign(
    request: Request,
    assignment_id: fields.Id,
    wanted: ReassignIn,
    who: access.MayReassign,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    today: TodayDep,
) -> Response:
    """The bureau gives the assignment to another unit with a reason; that unit signs anew, due date and history stay."""
    await actions.reassign(session, who, assignment_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, assignment_id, today))
