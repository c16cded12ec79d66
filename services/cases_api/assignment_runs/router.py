"""Routes of assigning the files of a round."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Path, Query, Request, Response

from services.cases_api import access
from services.cases_api.assignment_runs import actions, queries
from services.cases_api.assignment_runs.schemas import AssignIn, AssignmentRecordOut, AssignmentRunFilter, AssignmentRunPage
from services.cases_api.review_rounds import queries as rounds
from services.cases_api.review_rounds.schemas import ReviewRoundOut
from services.kit import answers, fields, operations, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/review-rounds/{round_id}", "review-rounds")
Number = Annotated[int, Path(ge=1, le=1_000_000, json_schema_extra={"format": "int32"})]


@router.post(
    "/assign", response_model=ReviewRoundOut, summary="分派案卷", responses={202: {"description": "已受理；进度见 Location。"}}
)
async def assign(
    request: Request,
    round_id: fields.Id,
    who: access.MayWriteReviewRounds,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[AssignIn | None, Body()] = None,
) -> Response:
    """In a self-review gives closed files to reviewers of their own unit, the least loaded first (200).

    In a drawn round works the assignment out by rule (202): conflicts, loads, expertise, no mutual pairs, rotation; from the
    draw's own seed, so that it can be replayed. What makes it impossible is named in the operation's problem; nothing is relaxed.
    """
    operation_id = await actions.assign(session, who, round_id, version, wanted or AssignIn(), now)
    if operation_id is not None:
        return operations.accepted(operation_id)
    return answers.one(request, await rounds.one(session, who, round_id))


@router.get("/assignment-runs", response_model=AssignmentRunPage, summary="分派计算记录")
async def runs(
    round_id: fields.Id,
    wanted: Annotated[AssignmentRunFilter, Query()],
    who: access.MayReadDraws,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """The runs by which files were assigned: for the bureau at once, for everybody once the round is published."""
    return cursors.answer(await queries.page(read, who, round_id, wanted, cursors.after(wanted)), wanted)


@router.get("/assignment-runs/{number}", response_model=AssignmentRecordOut, summary="分派计算记录全文")
async def run_record(request: Request, round_id: fields.Id, number: Number, who: access.MayReadDraws, read: ReadDep) -> Response:
    """All that one run was given (people, files, conflicts with their kinds, units that met before) and all it came to (pairs
    with cost and reasons, closed directions, stand-ins): solving the first gives the second again.
    """
    return answers.one(request, await queries.record(read, who, round_id, number))
