"""What units and the bureau do with the problem list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, batches, clock, errors, ids, references, rights
from services.kit.batches import Outcomes
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.references import Unit
from services.tasks_api import access, working_days
from services.tasks_api.escalations.rules.ladder import Days
from services.tasks_api.lateness import actions as lateness
from services.tasks_api.lateness.rules import How, Subject
from services.tasks_api.linked_records import queries as linked
from services.tasks_api.notifications import rules as messages
from services.tasks_api.problems import external, queries, rules
from services.tasks_api.problems.rules import Origin, Source, State, Verb
from services.tasks_api.problems.schemas import (
    MeasureIn,
    OriginIn,
    ProblemBatchIn,
    ProblemIn,
    RectificationsIn,
    ReopenIn,
    ResultIn,
)
from services.tasks_api.problems.tables import Problem, ProblemMove
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import ProblemLimit
from services.tasks_api.watched_items import actions as watching
from services.tasks_api.watched_items import rules as watched
from services.tasks_api.watched_items.rules import DayKind, Watched

PROBLEMS: Final = watching.Kept(
    "problem",
    access.PROBLEMS_READ,
    rules.MOVES,
    rules.PAST,
    messages.Kind.PROBLEM,
    lambda row, before, **told: ProblemMove(problem_id=row.id, state_before=before, due_on=row.due_on, **told),
    lambda row: {"state": row.state, "due_on": str(row.due_on)},
)


async def add(session: Session, who: Principal, wanted: ProblemIn, now: datetime) -> UUID:
    """Lists a problem. Raises BadInput (unit, days, origin, attachments, plan), PlanClosed, Duplicate (rectification)."""
    today = clock.local_day(now)
    unit = await _unit(session, who, wanted.unit_id, today)
    period = await _period(session, unit, wanted.plan_id)
    days, kind = await _limit(session, unit, wanted, today)
    due_on = watched.due_on(today, days, kind, await working_days.calendar(session))
    faults = rules.day_faults(wanted.found_on, today, period, due_on)
    faults += await _origin_faults(session, who, wanted)
    if faults:
        raise errors.BadInput(*faults)
    problem = Problem(
        id=ids.new_id(),
        district_id=unit.district_id,
        origin_type=wanted.origin.type.value if wanted.origin else None,
        origin_id=wanted.origin.id if wanted.origin else None,
        limit_days=days,
        day_kind=kind.value,
        due_on=due_on,
        held_since=today,
        state=(State.RECTIFYING if wanted.measures else State.LISTED).value,
        result_attachment_ids=[],
        reopened=0,
        # The sweep of today sets when to look again.
        watch_on=today,
        ladder=1,
        created_by=who.account_id,
        created_by_name=who.name,
        created_at=now,
        **wanted.model_dump(exclude={"origin", "limit"}),
    )
    session.add(problem)
    await session.flush()
    await watching.attach(session, who, PROBLEMS, problem, problem.attachment_ids)
    watching.remember(session, who, PROBLEMS, problem, "list", None, None, now)
    told = {"state": problem.state, "kind": problem.kind, "due_on": problem.due_on}
    watching.tell(session, who, PROBLEMS, problem, "listed", told)
    await _inform(session, problem, "列入突出问题清单", now)
    return problem.id


async def add_many(session: Session, who: Principal, wanted: ProblemBatchIn, now: datetime, language: str) -> Outcomes:
    """Lists many, each with its own outcome. Raises BatchRefused when atomic and one is refused."""

    async def act(item: ProblemIn) -> batches.Done:
        return 201, await add(session, who, item, now)

    return await batches.run(session, wanted.items, act, atomic=wanted.atomic, language=language)


async def list_rectifications(
    session: Session, who: Principal, wanted: RectificationsIn, now: datetime, language: str
) -> Outcomes:
    """Lists open rectifications of reviews as problems: 201 for a new one, 200 for one listed already. BadInput (ids)."""
    rows = await external.rectifications(session, who, wanted.rectification_ids, batches.MOST)
    asked = wanted.rectification_ids or []
    seen = {row.id for row in rows}
    unknown = [
        errors.Fault(f"/body/rectification_ids/{place}", "not_found") for place, each in enumerate(asked) if each not in seen
    ]
    if unknown:
        raise errors.BadInput(*unknown)
    listed = await queries.of_rectifications(session, list(seen))

    async def act(row: Any) -> batches.Done:
        if row.id in listed:
            return 200, listed[row.id]
        problem = ProblemIn(
            unit_id=row.unit_id,
            kind=wanted.kind,
            source=Source.REVIEW,
            origin=OriginIn(type=Origin.RECTIFICATION, id=row.id),
            title=f"案卷评查整改：{row.case_no}"[:200],
            description=f"案卷 {row.case_no} 评查发现的问题，须整改。",
            found_on=clock.local_day(now),
            limit=wanted.limit,
            attachment_ids=[],
        )
        return 201, await add(session, who, problem, now)

    outcomes = await batches.run(session, rows, act, atomic=False, language=language)
    if all(outcome.status != 201 for outcome in outcomes.items):
        audit.nothing_changed(session)
    return outcomes


async def measure(session: Session, who: Principal, problem_id: UUID, version: int, wanted: MeasureIn, now: datetime) -> None:
    """The unit says what will be done. Raises NotFound, Stale, Forbidden, IllegalMove."""
    problem = await _locked(session, who, Verb.MEASURE, problem_id, version)
    problem.measures, problem.responsible = wanted.measures, wanted.responsible or problem.responsible
    await watching.move(session, who, PROBLEMS, problem, Verb.MEASURE, None, now)


async def submit(session: Session, who: Principal, problem_id: UUID, version: int, wanted: ResultIn, now: datetime) -> None:
    """The unit hands in what was done; its clock stops. Raises NotFound, Stale, Forbidden, IllegalMove, BadInput (files)."""
    problem = await _locked(session, who, Verb.SUBMIT, problem_id, version)
    fresh = [each for each in wanted.attachment_ids if each not in problem.result_attachment_ids]
    await watching.attach(session, who, PROBLEMS, problem, fresh)
    await lateness.end(session, who, _watched(problem).owed, How.SUBMITTED, now)
    problem.result, problem.result_attachment_ids = wanted.result, wanted.attachment_ids
    problem.submitted_by, problem.submitted_by_name, problem.submitted_at = who.account_id, who.name, now
    problem.stopped_on, problem.watch_on = clock.local_day(now), None
    await watching.move(session, who, PROBLEMS, problem, Verb.SUBMIT, None, now)


async def check(
    session: Session, who: Principal, verb: Verb, problem_id: UUID, version: int, note: str | None, now: datetime
) -> None:
    """Somebody else strikes it off, or returns the result with a reason. Raises NotFound, Stale, IllegalMove, SamePerson."""
    problem = await _locked(session, who, verb, problem_id, version)
    reason = watching.demanded(session, note) if verb is Verb.RETURN else note or audit.circumstances(session).reason
    if verb is Verb.RETURN:
        problem.stopped_on, problem.watch_on = None, clock.local_day(now)
    else:
        problem.closed_on = clock.local_day(now)
    problem.checked_by, problem.checked_by_name, problem.checked_at, problem.check_note = who.account_id, who.name, now, reason
    await watching.move(session, who, PROBLEMS, problem, verb, reason, now)
    if verb is Verb.RETURN:
        await lateness.note(session, who, _watched(problem).owed, now, How.RETURNED)
    await _inform(session, problem, "整改结果被退回" if verb is Verb.RETURN else "已销号", now)


async def reopen(session: Session, who: Principal, problem_id: UUID, version: int, wanted: ReopenIn, now: datetime) -> None:
    """A problem struck off shows again: it is owed anew, with a new limit and on a ladder of its own.

    Raises NotFound, Stale, IllegalMove.
    """
    problem = await _locked(session, who, Verb.REOPEN, problem_id, version)
    today = clock.local_day(now)
    problem.due_on = watched.due_on(today, wanted.limit.days, wanted.limit.kind, await working_days.calendar(session))
    problem.limit_days, problem.day_kind, problem.held_since = wanted.limit.days, wanted.limit.kind.value, today
    problem.stopped_on, problem.closed_on, problem.watch_on = None, None, today
    problem.reopened, problem.ladder = problem.reopened + 1, problem.ladder + 1
    await watching.move(session, who, PROBLEMS, problem, Verb.REOPEN, wanted.note, now)
    await _inform(session, problem, "重新打开", now)


async def void(session: Session, who: Principal, problem_id: UUID, version: int, note: str | None, now: datetime) -> None:
    """Takes a problem off the list that never was one, with a reason. Raises NotFound, Stale, IllegalMove, BadInput."""
    problem = await _locked(session, who, Verb.VOID, problem_id, version)
    reason = watching.demanded(session, note)
    await lateness.end(session, who, _watched(problem).owed, How.VOID, now)
    problem.void_reason, problem.stopped_on, problem.watch_on = reason, clock.local_day(now), None
    await watching.move(session, who, PROBLEMS, problem, Verb.VOID, reason, now)


async def sweep(session: Session, days: Callable[[], Awaitable[Days]], now: datetime) -> int:
    """Looks at problems that fall due; how many it looked at."""
    return await watching.sweep(session, PROBLEMS, Problem, _watched, days, now)


def _watched(row: Problem) -> Watched:
    return Watched.of(Subject.PROBLEM, row, row.title)


async def _unit(session: Session, who: Principal, unit_id: UUID, today: date) -> Unit:
    unit = await references.unit(session, unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    return await watching.unit_in_force(session, unit_id, today)


async def _origin_faults(session: Session, who: Principal, wanted: ProblemIn) -> list[errors.Fault]:
    """The record it was made from fits the source, is there, and is in the caller's sight."""
    if wanted.origin is None:
        return []
    faults = rules.origin_faults(wanted.source, wanted.origin.type)
    kind = linked.Kind(wanted.origin.type.value)
    return faults + await linked.faults(session, who, (kind, wanted.origin.id, "/body/origin/id"))


async def _period(session: Session, unit: Unit, plan_id: UUID | None) -> tuple[date, date] | None:
    if plan_id is None:
        return None
    plan = await queries.plan(session, unit.district_id, plan_id)
    if plan is None:
        raise errors.BadInput(errors.Fault("/body/plan_id", "not_found"))
    raise_if(rules.why_not_plan(plan.state))
    return plan.period_start, plan.period_end


async def _limit(session: Session, unit: Unit, wanted: ProblemIn, today: date) -> tuple[int, DayKind]:
    if wanted.limit is not None:
        return wanted.limit.days, wanted.limit.kind
    usual = await settings.value_of(session, ProblemLimit, unit.district_id, today)
    return usual.days, DayKind(usual.kind)


async def _locked(session: Session, who: Principal, verb: Verb, problem_id: UUID, version: int) -> Problem:
    """The row, when the caller's right to see it reaches it and the right to move it does too."""
    problem = await queries.one_for_update(session, access.PROBLEMS_READ.admit(who), problem_id, version)
    await watching.demand_reach(session, who, problem.unit_id)
    raise_if(rules.why_not(verb, problem, who.account_id))
    return problem


async def _inform(session: Session, problem: Problem, lead: str, now: datetime) -> None:
    """Tells the unit's people."""
    await watching.inform(session, PROBLEMS, problem, f"{lead}：{problem.title}", f"整改期限 {problem.due_on}。", now)
