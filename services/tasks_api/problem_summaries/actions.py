"""What units, the bureau and the government do with problem summaries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.kit import audit, clock, errors, evidence, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.references import Unit
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Message
from services.tasks_api.problem_summaries import queries, rules
from services.tasks_api.problem_summaries.rules import MOVES, Scope, State, Verb
from services.tasks_api.problem_summaries.schemas import ProblemSummaryChange, ProblemSummaryIn
from services.tasks_api.problem_summaries.tables import ProblemSummary
from services.tasks_api.problems import queries as problems
from services.tasks_api.problems import rules as problem_rules

OBJECT: Final = "problem_summary"
_tell: Final = Trail(OBJECT, access.SUMMARIES_READ, data=("scope", "state")).tell


async def add(session: Session, who: Principal, wanted: ProblemSummaryIn, now: datetime) -> UUID:
    """Begins a summary. Raises BadInput (unit, period, plan, attachments), Forbidden (roll-up), PlanClosed, Duplicate."""
    if not rules.may(Verb.SUBMIT, wanted.scope, who.roles):
        raise errors.Forbidden
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    period = await _period(session, unit, wanted.plan_id)
    if faults := rules.period_faults(wanted.period_start, wanted.period_end, period, clock.local_day(now)):
        raise errors.BadInput(*faults)
    summary = ProblemSummary(
        id=ids.new_id(),
        district_id=unit.district_id,
        state=State.DRAFT.value,
        created_by_name=who.name,
        created_at=now,
        **wanted.model_dump(),
    )
    session.add(summary)
    await session.flush()
    await _attach(session, who, summary, wanted.attachment_ids)
    _tell(session, who, summary, "begun", after={"scope": summary.scope, "period_end": summary.period_end})
    return summary.id


async def change(session: Session, who: Principal, summary_id: UUID, version: int, wanted: ProblemSummaryChange) -> None:
    """Changes a draft. Raises NotFound, Stale, Forbidden, IllegalMove, BadInput (attachments)."""
    summary = await _locked(session, who, Verb.CHANGE, summary_id, version)
    sent = wanted.model_dump(exclude_none=True)
    fresh = [each for each in sent.get("attachment_ids", []) if each not in summary.attachment_ids]
    await _attach(session, who, summary, fresh)
    before = {name: getattr(summary, name) for name in sent}
    for name, value in sent.items():
        setattr(summary, name, value)
    await session.flush()
    old, new = audit.changes(before, sent)
    _tell(session, who, summary, "changed", after=new, before=old)


async def submit(session: Session, who: Principal, summary_id: UUID, version: int, now: datetime) -> None:
    """Hands it in: figures and rows are counted and kept. Raises NotFound, Stale, Forbidden, IllegalMove."""
    summary = await _locked(session, who, Verb.SUBMIT, summary_id, version)
    today = clock.local_day(now)
    summary.counted = await queries.count_now(session, summary.id, today)
    summary.submitted_by, summary.submitted_by_name, summary.submitted_at = who.account_id, who.name, now
    summary.submitted_on = summary.submitted_on or today
    await _move(session, who, summary, Verb.SUBMIT, None)


async def decide(
    session: Session, who: Principal, verb: Verb, summary_id: UUID, version: int, note: str | None, now: datetime
) -> None:
    """Approves it, or returns it with a reason. Raises NotFound, Stale, Forbidden, IllegalMove, SamePerson, BadInput."""
    summary = await _locked(session, who, verb, summary_id, version)
    reason = note or audit.circumstances(session).reason
    if verb is Verb.RETURN:
        if reason is None:
            raise errors.BadInput(errors.Fault("/body/note", "missing"))
        summary.counted = None
    else:
        summary.approved_on = clock.local_day(now)
    summary.decided_by_name, summary.decided_at, summary.decision_note = who.name, now, reason
    await _move(session, who, summary, verb, reason)
    if verb is Verb.RETURN and reason is not None:
        await inbox.send(session, [_returned(summary, reason)], now)


async def _period(session: Session, unit: Unit, plan_id: UUID | None) -> tuple[date, date] | None:
    if plan_id is None:
        return None
    plan = await problems.plan(session, unit.district_id, plan_id)
    if plan is None:
        raise errors.BadInput(errors.Fault("/body/plan_id", "not_found"))
    raise_if(problem_rules.why_not_plan(plan.state))
    return plan.period_start, plan.period_end


async def _attach(session: Session, who: Principal, summary: ProblemSummary, fresh: list[UUID]) -> None:
    place = (summary.district_id, summary.unit_id)
    await evidence.attach(session, who, fresh, OBJECT, summary.id, access.SUMMARIES_READ, *place)


async def _locked(session: Session, who: Principal, verb: Verb, summary_id: UUID, version: int) -> ProblemSummary:
    summary = await queries.one_for_update(session, access.SUMMARIES_READ.admit(who), summary_id, version)
    unit = await references.unit(session, summary.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.Forbidden
    raise_if(rules.why_not(verb, summary, who))
    return summary


async def _move(session: Session, who: Principal, summary: ProblemSummary, verb: Verb, reason: str | None) -> None:
    before, summary.state = summary.state, MOVES[verb][1].value
    await session.flush()
    _tell(session, who, summary, rules.PAST[verb], after={"state": summary.state}, before={"state": before}, reason=reason)


def _returned(summary: ProblemSummary, reason: str) -> Message:
    to_bureau = summary.scope == Scope.DISTRICT
    return Message(
        kind=messages.Kind.RETURNED,
        district_id=summary.district_id,
        unit_id=None if to_bureau else summary.unit_id,
        roles=messages.BUREAU if to_bureau else messages.STAFF,
        title=f"总结被退回：{summary.title}"[:200],
        text=reason,
        object_type=OBJECT,
        object_id=summary.id,
    )
