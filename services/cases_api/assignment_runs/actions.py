"""Assigning the files of a round: by name in a self-review, by rule and seed in a drawn one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.assignment_runs import queries
from services.cases_api.assignment_runs.queries import Ground, Wanted
from services.cases_api.assignment_runs.rules import solving
from services.cases_api.assignment_runs.rules.grounds import NoReviewers, NothingToAssign
from services.cases_api.assignment_runs.rules.problems import Problem, canonical, content_of
from services.cases_api.assignment_runs.rules.solving import Solution
from services.cases_api.assignment_runs.schemas import AssignIn
from services.cases_api.assignment_runs.tables import AssignmentRun
from services.cases_api.draws import rules as draw_rules
from services.cases_api.draws.queries import rows as draws
from services.cases_api.draws.rules import Purpose
from services.cases_api.review_rounds import actions as round_actions
from services.cases_api.review_rounds import queries as round_queries
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings import queries as review_settings
from services.kit import audit, clock, errors, ids, operations, outbox, sampling
from services.kit.db import Session
from services.kit.principal import Principal, Scope

KIND: Final = "review_assignment"
OBJECT: Final = "assignment_run"
# The problem is read, solved without holding anything, and read again: so often it may have changed meanwhile.
TRIES: Final = 3


class ChangedMeanwhile(errors.Conflict):
    code = "assignment.changed_meanwhile"
    zh, en = (
        "分派计算期间轮次或评查人一再变动，请稍后再试。",
        "Round or reviewers kept changing meanwhile; try again.",
    )


async def assign(session: Session, who: Principal, round_id: UUID, version: int, wanted: AssignIn, now: datetime) -> UUID | None:
    """Gives files out: by name at once (None), or as an operation (its id). Raises NotFound, Stale, IllegalMove, BadInput."""
    found = await round_queries.one_for_update(session, who, round_id, version)
    if found.mode == rounds.Mode.SELF:
        files, people = _named(wanted)
        await round_actions.assign(session, who, found, files, people, now)
        return None
    if Scope.DISTRICT not in who.scopes:
        raise rounds.BureauOnly
    round_actions.check(found, "assign")
    _check(wanted)
    said = wanted.model_dump(mode="json", exclude_none=True) | {"round_id": str(round_id), "who": operations.told(who)}
    return await operations.start(session, who, KIND, said)


def _named(wanted: AssignIn) -> tuple[list[UUID], list[UUID]]:
    faults = [
        errors.Fault(f"/body/{name}", "missing") for name in ("case_file_ids", "account_ids") if getattr(wanted, name) is None
    ]
    faults += [
        errors.Fault(f"/body/{name}", "review_round.only_drawn")
        for name in ("least_load", "most_load")
        if getattr(wanted, name) is not None
    ]
    if faults:
        raise errors.BadInput(*faults)
    return wanted.case_file_ids or [], wanted.account_ids or []


def _check(wanted: AssignIn) -> None:
    faults = []
    if wanted.case_file_ids is not None:
        faults.append(errors.Fault("/body/case_file_ids", "assignment.files_are_drawn"))
    if wanted.least_load is not None and wanted.most_load is not None and wanted.least_load > wanted.most_load:
        faults.append(errors.Fault("/body/least_load", "too_great", {"limit": wanted.most_load}))
    if faults:
        raise errors.BadInput(*faults)


async def solve(operation: operations.Operation, now: datetime) -> AssignmentRun:
    """Works the assignment out and writes it, all or nothing, with the end of the operation. Raises IllegalMove, Infeasible,
    Undecided, NothingToAssign, NoReviewers, ChangedMeanwhile.
    """
    runtime, said = operation.runtime, operation.input
    who, round_id = operations.caller(said["who"]), UUID(said["round_id"])
    for _ in range(TRIES):
        async with runtime.database.reading() as read:
            ground, wanted = await _ground(read, who, round_id, said, now)
            problem = await queries.problem(read, ground, wanted)
            names = await queries.unit_names(read, ground.district_id)
        _demand_both(problem)
        solution = await asyncio.to_thread(solving.solve, problem, names)
        async with runtime.database.transaction() as session:
            session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", who=who)
            found = await round_queries.seen_for_update(session, who, round_id)
            again, _ = await _ground(session, who, round_id, said, now)
            if canonical(content_of(await queries.problem(session, again, wanted))) == canonical(content_of(problem)):
                made = await _write(session, who, found, problem, solution, now)
                await operation.succeed(session, f"/v1/review-rounds/{round_id}/assignments")
                return made
    raise ChangedMeanwhile


def _demand_both(problem: Problem) -> None:
    if not problem.files:
        raise NothingToAssign
    if not problem.people:
        raise NoReviewers


async def _ground(
    connection: Any, who: Principal, round_id: UUID, said: Mapping[str, Any], now: datetime
) -> tuple[Ground, Wanted]:
    found = await round_queries.one_row(connection, who, round_id)
    round_actions.check(found, "assign")
    draw = await draws.live(connection, Purpose.REVIEW_ROUND, round_id)
    if draw is None or draw.seed is None:
        raise draw_rules.NotDrawn
    day = clock.local_day(now)
    settings = await review_settings.in_force(connection, found.district_id, day)
    number = await queries.runs(connection, round_id) + 1
    ground = Ground(
        round_id=round_id,
        district_id=found.district_id,
        draw_id=draw.id,
        # From the draw's own seed, so that nobody tries several and keeps the one that pleases.
        seed=sampling.sha256(f"{draw.seed}\nassignment {number}".encode()),
        year=await round_queries.campaign_year(connection, found.campaign_id),
        per_file=found.reviewers_per_file,
        legal=found.legal_reviewers,
        settings=settings,
        day=day,
    )
    accounts = [UUID(each) for each in said["account_ids"]] if "account_ids" in said else None
    return ground, Wanted(accounts, said.get("least_load", 0), said.get("most_load", settings.most_load))


async def _write(
    session: Session, who: Principal, found: ReviewRound, problem: Problem, solution: Solution, now: datetime
) -> AssignmentRun:
    given, came = canonical(content_of(problem)), canonical(told(solution))
    run = AssignmentRun(
        id=ids.new_id(), district_id=found.district_id, round_id=found.id, number=await queries.runs(session, found.id) + 1,
        seed=problem.seed, solver=solving.solver(), problem=given, problem_sha256=sampling.sha256(given.encode()), solution=came,
        solution_sha256=sampling.sha256(came.encode()), cost=solution.cost, files=len(problem.files), pairs=len(solution.pairs),
        made_by=who.account_id, made_at=now,
    )  # fmt: skip
    session.add(run)
    await session.flush()
    await queries.add_pairs(session, found, run, problem, solution, now)
    facts = {"round_id": found.id, "problem_sha256": run.problem_sha256, "cost": run.cost, "pairs": run.pairs}
    audit.record(session, who, f"{OBJECT}.made", OBJECT, run.id, found.district_id, after=facts)
    people = sorted({UUID(pair.account_id) for pair in solution.pairs})
    await round_actions.given_out(session, who, found, people, now)
    outbox.publish(session, f"{OBJECT}.made", OBJECT, run.id, 1, access.REVIEW_ROUNDS_DRAW, found.district_id)
    return run


def told(solution: Solution) -> dict[str, Any]:
    """The solution as plain JSON."""
    names = ("file_id", "account_id", "cost", "field", "legal_review", "met_years", "load")
    return {
        "cost": solution.cost,
        "closed": [list(pair) for pair in solution.closed],
        "pairs": [{name: getattr(pair, name) for name in names} for pair in solution.pairs],
        "stand_ins": {file: list(accounts) for file, accounts in solution.stand_ins.items()},
    }
