"""What the bureau and the government do with the year's inspection plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, clock, errors, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.inspection_plans import queries, rules
from services.tasks_api.inspection_plans.rules import MOVES, ChangeKind, State, Verb, Visit
from services.tasks_api.inspection_plans.schemas import InspectionDecisionIn, InspectionPlanChangeIn, InspectionPlanIn
from services.tasks_api.inspection_plans.tables import InspectionPlan, InspectionPlanChange, InspectionPlanItem
from services.tasks_api.inspection_proposals import actions as proposals
from services.tasks_api.inspection_proposals import queries as proposal_queries
from services.tasks_api.inspection_proposals.rules import State as ProposalState
from services.tasks_api.inspection_proposals.tables import InspectionProposal
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Message

OBJECT: Final = "inspection_plan"
_tell: Final = Trail(OBJECT, access.INSPECTION_PLANS_READ, unit=None, data=("year", "state")).tell


async def begin(session: Session, who: Principal, wanted: InspectionPlanIn, now: datetime) -> UUID:
    """Begins the plan of a year; one for each district and year. Raises Duplicate, Forbidden."""
    if who.district_id is None:
        raise errors.Forbidden
    plan = InspectionPlan(
        id=ids.new_id(),
        district_id=who.district_id,
        state=State.DRAFT.value,
        created_by_name=who.name,
        created_at=now,
        **wanted.model_dump(),
    )
    session.add(plan)
    await session.flush()
    _tell(session, who, plan, "begun", after={"year": plan.year})
    return plan.id


async def merge(session: Session, who: Principal, plan_id: UUID, version: int, now: datetime) -> None:
    """Makes visits of all proposals of the year, anew each time. Raises NotFound, Stale, IllegalMove."""
    plan = await _locked(session, who, Verb.MERGE, plan_id, version)
    found = await proposal_queries.of_year(session, plan.district_id, plan.year)
    await queries.clear(session, plan.id)
    visits = rules.merged(found)
    await _take_in(session, who, plan, found, visits)
    plan.merged_at = now
    told: dict[str, object] = {"visits_before": len(found), "visits_after": len(visits)}
    await _move(session, who, plan, Verb.MERGE, told)


async def submit(session: Session, who: Principal, plan_id: UUID, version: int, now: datetime) -> None:
    """Hands the plan to the government. Raises NotFound, Stale, IllegalMove, NothingPlanned."""
    plan = await _locked(session, who, Verb.SUBMIT, plan_id, version)
    plan.submitted_on = plan.submitted_on or clock.local_day(now)
    plan.submitted_by_name = who.name
    await _move(session, who, plan, Verb.SUBMIT, {})


async def decide(
    session: Session, who: Principal, verb: Verb, plan_id: UUID, version: int, wanted: InspectionDecisionIn, now: datetime
) -> None:
    """The government approves the plan, or returns it with a reason. Raises NotFound, Stale, IllegalMove, BadInput."""
    plan = await _locked(session, who, verb, plan_id, version)
    reason = wanted.note or audit.circumstances(session).reason
    if verb is Verb.RETURN and reason is None:
        raise errors.BadInput(errors.Fault("/body/note", "missing"))
    plan.decided_by_name, plan.decision_note = who.name, reason
    if verb is Verb.APPROVE:
        plan.approved_on, plan.approval_number = clock.local_day(now), wanted.approval_number
    await _move(session, who, plan, verb, {"approval_number": plan.approval_number}, reason)
    await inbox.send(session, [_message(plan, verb, reason)], now)


async def change(
    session: Session, who: Principal, plan_id: UUID, version: int, wanted: InspectionPlanChangeIn, now: datetime
) -> None:
    """Moves or drops a visit, or takes later proposals in; the reason is kept.

    Raises NotFound, Stale, IllegalMove, NotActive, BadInput (visit, days).
    """
    plan = await _locked(session, who, Verb.CHANGE, plan_id, version)
    if wanted.kind is ChangeKind.ADD:
        facts = await _add_later(session, who, plan)
    else:
        facts = await _change_item(session, plan, wanted)
    queries.touch(plan)
    await session.flush()
    session.add(
        InspectionPlanChange(
            plan_id=plan.id,
            version=plan.version,
            kind=wanted.kind.value,
            item_id=wanted.item_id,
            facts=facts,
            reason=wanted.reason,
            actor_name=who.name,
            recorded_at=now,
        )
    )
    _tell(session, who, plan, "changed", after={"kind": wanted.kind.value, **facts}, reason=wanted.reason)


async def _add_later(session: Session, who: Principal, plan: InspectionPlan) -> dict[str, Any]:
    found = await proposal_queries.of_year(session, plan.district_id, plan.year)
    fresh = [each for each in found if each.state == ProposalState.PROPOSED]
    visits = rules.merged(fresh)
    await _take_in(session, who, plan, fresh, visits)
    return {"visits_before": len(fresh), "visits_after": len(visits)}


async def _change_item(session: Session, plan: InspectionPlan, wanted: InspectionPlanChangeIn) -> dict[str, Any]:
    item = await queries.item_for_update(session, wanted.item_id) if wanted.item_id else None
    if item is None or item.plan_id != plan.id:
        raise errors.BadInput(errors.Fault("/body/item_id", "not_found" if wanted.item_id else "missing"))
    raise_if(rules.why_not_change_item(item.state, item.done_on))
    if wanted.kind is ChangeKind.DROP:
        item.state = "dropped"
        return {"state": item.state}
    missing = [errors.Fault(f"/body/{name}", "missing") for name in ("first_on", "last_on") if getattr(wanted, name) is None]
    if wanted.first_on is None or wanted.last_on is None:
        raise errors.BadInput(*missing)
    if faults := rules.day_faults(wanted.first_on, wanted.last_on, plan.year):
        raise errors.BadInput(*faults)
    before = {"first_on": str(item.first_on), "last_on": str(item.last_on)}
    item.first_on, item.last_on = wanted.first_on, wanted.last_on
    return {"before": before, "first_on": str(item.first_on), "last_on": str(item.last_on)}


async def _take_in(
    session: Session, who: Principal, plan: InspectionPlan, found: Sequence[InspectionProposal], visits: Sequence[Visit]
) -> None:
    session.add_all([_item(plan.id, visit) for visit in visits])
    fresh = [each for each in found if each.state == ProposalState.PROPOSED]
    for each in fresh:
        each.state = ProposalState.MERGED.value
    await session.flush()
    for each in fresh:
        proposals.tell(session, who, each, "merged", after={"state": each.state, "plan_id": plan.id})


def _item(plan_id: UUID, visit: Visit) -> InspectionPlanItem:
    first = visit.proposals[0]
    contents = [
        {
            "proposal_id": str(each.id),
            "unit_id": str(each.unit_id),
            "content": each.content,
            "first_on": str(each.first_on),
            "last_on": str(each.last_on),
        }
        for each in visit.proposals
    ]
    return InspectionPlanItem(
        id=ids.new_id(),
        plan_id=plan_id,
        object_name=first.object_name,
        object_code=next((each.object_code for each in visit.proposals if each.object_code), None),
        lead_unit_id=visit.unit_ids[0],
        unit_ids=visit.unit_ids,
        proposal_ids=[each.id for each in visit.proposals],
        contents=contents,
        first_on=visit.first_on,
        last_on=visit.last_on,
        visits_before=len(visit.proposals),
        state="active",
    )


async def _locked(session: Session, who: Principal, verb: Verb, plan_id: UUID, version: int) -> InspectionPlan:
    plan = await queries.one_for_update(session, who, plan_id, version)
    items = len(await queries.items_of(session, plan.id)) if verb is Verb.SUBMIT else 0
    raise_if(rules.why_not(verb, plan.state, items))
    return plan


async def _move(
    session: Session, who: Principal, plan: InspectionPlan, verb: Verb, told: dict[str, object], reason: str | None = None
) -> None:
    before, after = plan.state, MOVES[verb][1]
    plan.state = after.value if after else before
    await session.flush()
    facts = {"state": plan.state} | {name: value for name, value in told.items() if value is not None}
    _tell(session, who, plan, rules.PAST[verb], after=facts, before={"state": before}, reason=reason)


def _message(plan: InspectionPlan, verb: Verb, reason: str | None) -> Message:
    approved = verb is Verb.APPROVE
    return Message(
        kind=messages.Kind.INSPECTION,
        district_id=plan.district_id,
        unit_id=None,
        roles=(*messages.STAFF, *messages.BUREAU) if approved else messages.BUREAU,
        title=f"{'已审定' if approved else '被退回'}：{plan.title}"[:200],
        text=reason or "请按计划联合检查。",
        object_type=OBJECT,
        object_id=plan.id,
    )
