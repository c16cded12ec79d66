"""What units and the bureau do with training plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, errors, evidence, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.training_plans import queries, rules
from services.training_api.training_plans.schemas import PlanChange, PlanIn, PlanItem
from services.training_api.training_plans.tables import TrainingPlan

OBJECT = "training_plan"
_tell: Final = Trail(OBJECT, access.PLANS_READ).tell


async def create(session: Session, who: Principal, wanted: PlanIn, now: datetime) -> TrainingPlan:
    """Drafts the plan of a unit for a year. Raises BadInput (unit, items, files), PlanExists."""
    unit = await references.unit(session, wanted.unit_id)
    faults = [] if rights.covers(who, unit.path) else [errors.Fault("/body/unit_id", "not_found")]
    if not faults and not unit.enforcement:
        faults.append(errors.Fault("/body/unit_id", "training_plan.no_enforcement_unit"))
    await _demand_items(session, unit.district_id, wanted.items, faults)
    raise_if(rules.PlanExists() if await queries.is_there(session, unit.id, wanted.year, wanted.kind) else None)
    made = TrainingPlan(
        id=ids.new_id(),
        district_id=unit.district_id,
        kind=wanted.kind.value,
        state=rules.State.DRAFT.value,
        created_at=now,
        **wanted.model_dump(include={"unit_id", "year", "title", "note", "attachment_ids"}),
    )
    session.add(made)
    await queries.replace_items(session, made.id, _rows(wanted.items))
    await _attach(session, who, made, wanted.attachment_ids)
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json"))
    return made


async def change(session: Session, who: Principal, plan_id: UUID, version: int, wanted: PlanChange) -> TrainingPlan:
    """Works on a draft or a returned plan. Raises NotFound, Stale, IllegalMove, BadInput (items, files)."""
    found = await queries.one_for_update(session, who, plan_id, version)
    raise_if(rules.why_not_change(rules.State(found.state)))
    await _demand_items(session, found.district_id, wanted.items or [], [])
    sent = wanted.model_dump(include={"title", "note", "attachment_ids"}, exclude_none=True)
    added = [each for each in wanted.attachment_ids or [] if each not in found.attachment_ids]
    before, after = audit.changes({name: getattr(found, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(found, name, value)
    queries.touch(found)
    await session.flush()
    if wanted.items is not None:
        await queries.replace_items(session, found.id, _rows(wanted.items))
        after["items"] = [item.model_dump(mode="json") for item in wanted.items]
    await _attach(session, who, found, added)
    _tell(session, who, found, "changed", before, after)
    return found


async def submit(session: Session, who: Principal, plan_id: UUID, version: int, now: datetime) -> TrainingPlan:
    """The unit's leader hands the plan in. Raises NotFound, Stale, IllegalMove, NoItems, TownshipsMissing."""
    found = await queries.one_for_update(session, who, plan_id, version)
    state = rules.State(found.state)
    _, townships = await queries.townships(session, found)
    raise_if(rules.why_not_submit(state, await queries.count_items(session, found.id), townships))
    found.submitted_at, found.submitted_by = now, who.account_id
    found.decided_at = found.decided_by = found.decision_reason = None
    await _move(session, who, found, "submit", "submitted")
    return found


async def approve(
    session: Session, who: Principal, plan_id: UUID, version: int, reason: str | None, now: datetime
) -> TrainingPlan:
    """The bureau approves. Raises NotFound, Stale, IllegalMove, TownshipsMissing (a grant or officers came later)."""
    found = await queries.one_for_update(session, who, plan_id, version)
    raise_if(rules.why_not("approve", rules.State(found.state)))
    _, townships = await queries.townships(session, found)
    raise_if(rules.why_not_complete(townships))
    await _decide(session, who, found, "approve", "approved", reason, now)
    return found


async def send_back(session: Session, who: Principal, plan_id: UUID, version: int, reason: str, now: datetime) -> TrainingPlan:
    """The bureau returns a plan with its reason. Raises NotFound, Stale, IllegalMove."""
    found = await queries.one_for_update(session, who, plan_id, version)
    raise_if(rules.why_not("return", rules.State(found.state)))
    await _decide(session, who, found, "return", "returned", reason, now)
    return found


async def reopen(session: Session, who: Principal, plan_id: UUID, version: int, now: datetime) -> TrainingPlan:
    """Gives an approved plan back to its unit to be adjusted; the reason is demanded as `X-Change-Reason`.

    Raises NotFound, Stale, IllegalMove.
    """
    reason = audit.demanded_reason(session)
    found = await queries.one_for_update(session, who, plan_id, version)
    raise_if(rules.why_not("reopen", rules.State(found.state)))
    await _decide(session, who, found, "reopen", "reopened", reason, now)
    return found


async def _decide(
    session: Session, who: Principal, found: TrainingPlan, verb: str, told: str, reason: str | None, now: datetime
) -> None:
    found.decided_at, found.decided_by, found.decision_reason = now, who.account_id, reason
    await _move(session, who, found, verb, told, reason)


async def _move(session: Session, who: Principal, found: TrainingPlan, verb: str, told: str, reason: str | None = None) -> None:
    before = rules.State(found.state)
    found.state = rules.MOVES[verb][before].value
    await session.flush()
    _tell(session, who, found, told, {"state": before.value}, {"state": found.state}, reason=reason)


async def _demand_items(session: Session, district_id: UUID, items: Sequence[PlanItem], faults: list[errors.Fault]) -> None:
    known = {unit.id for unit in await references.units_of(session, district_id)} if items else set()
    empty = [
        errors.Fault(f"/body/items/{place}/hours", "hours.not_positive") for place, item in enumerate(items) if item.hours <= 0
    ]
    if found := [*faults, *empty, *rules.faults_of_units([item.unit_ids for item in items], known)]:
        raise errors.BadInput(*found)


def _rows(items: Sequence[PlanItem]) -> list[dict[str, Any]]:
    return [item.model_dump(exclude={"hours"}) | {"hundredths": item.hours} for item in items]


async def _attach(session: Session, who: Principal, plan: TrainingPlan, attachment_ids: Sequence[UUID]) -> None:
    right = access.PLANS_READ
    await evidence.attach(session, who, attachment_ids, OBJECT, plan.id, right, plan.district_id, plan.unit_id)
