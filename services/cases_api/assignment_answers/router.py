"""Routes of answers to an assignment."""

from __future__ import annotations

from fastapi import Request, Response

from services.cases_api import access
from services.cases_api.assignment_answers import actions
from services.cases_api.assignment_answers.schemas import DeclineIn, RecuseIn
from services.cases_api.review_assignments import queries
from services.cases_api.review_assignments.schemas import ReviewAssignmentOut
from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/review-assignments/{assignment_id}", "review-assignments")


@router.post("/accept", response_model=ReviewAssignmentOut, summary="接受分派")
async def accept(
    request: Request, assignment_id: fields.Id, who: access.MayAnswerAssignments, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """The reviewer takes the file on."""
    await actions.accept(session, who, assignment_id, version, now)
    return answers.one(request, await queries.one(session, who, assignment_id))


@router.post("/decline", response_model=ReviewAssignmentOut, summary="谢绝分派")
async def decline(
    request: Request,
    assignment_id: fields.Id,
    wanted: DeclineIn,
    who: access.MayAnswerAssignments,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The reviewer does not take the file, with a reason; the next stand-in gets it."""
    await actions.decline(session, who, assignment_id, version, wanted.reason, now)
    return answers.one(request, await queries.one(session, who, assignment_id))


@router.post("/recuse", response_model=ReviewAssignmentOut, summary="回避")
async def recuse(
    request: Request,
    assignment_id: fields.Id,
    wanted: RecuseIn,
    who: access.MayAnswerAssignments,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The reviewer must not review the file: the conflict is declared, what was written is kept and counts nowhere, and the next
    stand-in gets the file.
    """
    await actions.recuse(session, who, assignment_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, assignment_id))


@router.post("/reassign", response_model=ReviewAssignmentOut, summary="改派")
async def reassign(
    request: Request, assignment_id: fields.Id, who: access.MayReassign, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Gives a file that nobody is at work on to the next stand-in; `X-Change-Reason` is demanded. 409 while the lease runs."""
    await actions.reassign(session, who, assignment_id, version, now)
    return answers.one(request, await queries.one(session, who, assignment_id))
