"""Routes of the problem list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Request, Response

from services.kit import answers, batches, clock, fields, routing
from services.kit.db import Reader, Session
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Language, Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.problems import actions, queries
from services.tasks_api.problems.rules import Verb
from services.tasks_api.problems.schemas import (
    CheckIn,
    MeasureIn,
    ProblemBatchIn,
    ProblemFilter,
    ProblemHistoryOut,
    ProblemIn,
    ProblemOut,
    ProblemPage,
    RectificationsIn,
    ReopenIn,
    ResultIn,
)

router = routing.router("/v1/problems", "problems")
Note = Annotated[CheckIn | None, Body()]


@router.get("", response_model=ProblemPage, summary="突出问题清单")
async def page(
    wanted: Annotated[ProblemFilter, Query()], who: access.MayReadProblems, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Problems of the units in the caller's sight, with lamps of today; the latest first."""
    found = await queries.PROBLEMS.page(read, who, wanted, cursors.after(wanted), **_places(who, now))
    return cursors.answer(found, wanted)


@router.post("", response_model=ProblemOut, status_code=201, summary="列入突出问题")
async def add(request: Request, wanted: ProblemIn, who: access.MayListProblems, session: SessionDep, now: Now) -> Response:
    """Lists a problem of a unit; the limit runs from today. 409 `problem.plan_closed` for a plan not in force."""
    made = await actions.add(session, who, wanted, now)
    return answers.created(request, await _one(session, who, made, now), f"/v1/problems/{made}")


@router.post("/batch", response_model=batches.Outcomes, summary="批量列入突出问题")
async def add_batch(
    wanted: ProblemBatchIn, who: access.MayListProblems, session: SessionDep, now: Now, language: Language
) -> batches.Outcomes:
    """Lists up to 500 problems, each with its own outcome."""
    return await actions.add_many(session, who, wanted, now, language)


@router.post("/from-rectifications", response_model=batches.Outcomes, summary="评查整改列入突出问题")
async def list_rectifications(
    wanted: RectificationsIn, who: access.MayListProblems, session: SessionDep, now: Now, language: Language
) -> batches.Outcomes:
    """Lists open rectifications of case-file reviews as problems, each once; those listed already answer 200."""
    return await actions.list_rectifications(session, who, wanted, now, language)


@router.get("/{problem_id}", response_model=ProblemOut, summary="突出问题")
async def one(request: Request, problem_id: fields.Id, who: access.MayReadProblems, read: ReadDep, now: Now) -> Response:
    """One problem."""
    return answers.one(request, await _one(read, who, problem_id, now))


@router.get("/{problem_id}/history", response_model=ProblemHistoryOut, summary="突出问题办理经过")
async def history(problem_id: fields.Id, who: access.MayReadProblems, read: ReadDep) -> Response:
    """What was done with it, by whom, and the limit after each step."""
    return Response(await queries.history(read, who, problem_id), media_type="application/json")


@router.post("/{problem_id}/measure", response_model=ProblemOut, summary="制定整改措施")
async def measure(
    request: Request,
    problem_id: fields.Id,
    wanted: MeasureIn,
    who: access.MayMeasureProblems,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The unit says what it will do, and may add to it while it is done."""
    await actions.measure(session, who, problem_id, version, wanted, now)
    return answers.one(request, await _one(session, who, problem_id, now))


@router.post("/{problem_id}/submit", response_model=ProblemOut, summary="报送整改结果")
async def submit(
    request: Request,
    problem_id: fields.Id,
    wanted: ResultIn,
    who: access.MaySubmitProblems,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Hands in what was done, with evidence; the clock stops."""
    await actions.submit(session, who, problem_id, version, wanted, now)
    return answers.one(request, await _one(session, who, problem_id, now))


@router.post("/{problem_id}/return", response_model=ProblemOut, summary="退回整改结果")
async def send_back(
    request: Request,
    problem_id: fields.Id,
    who: access.MayReturnProblems,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """The result is not enough, with the reason; the old limit counts on. 409 `problem.same_person` for who handed it in."""
    await actions.check(session, who, Verb.RETURN, problem_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await _one(session, who, problem_id, now))


@router.post("/{problem_id}/close", response_model=ProblemOut, summary="核查销号")
async def close(
    request: Request,
    problem_id: fields.Id,
    who: access.MayCloseProblems,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """Strikes it off after a check by another person. 409 `problem.same_person` for who handed it in."""
    await actions.check(session, who, Verb.CLOSE, problem_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await _one(session, who, problem_id, now))


@router.post("/{problem_id}/reopen", response_model=ProblemOut, summary="重新打开突出问题")
async def reopen(
    request: Request,
    problem_id: fields.Id,
    wanted: ReopenIn,
    who: access.MayReopenProblems,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Opens a problem again that was struck off, with a new limit from today."""
    await actions.reopen(session, who, problem_id, version, wanted, now)
    return answers.one(request, await _one(session, who, problem_id, now))


@router.post("/{problem_id}/void", response_model=ProblemOut, summary="作废突出问题")
async def void(
    request: Request,
    problem_id: fields.Id,
    who: access.MayVoidProblems,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """Takes it off the list as listed by mistake, with a reason; it stays on record."""
    await actions.void(session, who, problem_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await _one(session, who, problem_id, now))


def _places(who: Principal, now: datetime) -> dict[str, object]:
    return {"today": clock.local_day(now), "today_district": who.district_id}


async def _one(connection: Reader | Session, who: Principal, problem_id: UUID, now: datetime) -> answers.One:
    return await queries.PROBLEM.one(connection, access.PROBLEMS_READ.admit(who), problem_id, **_places(who, now))
