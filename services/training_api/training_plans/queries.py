"""Reads of training plans, and who owes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.orm.attributes import flag_modified

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role
from services.kit.references import unit_group_members as members
from services.kit.references import units
from services.training_api import access
from services.training_api.officers.rules import OfficerKind
from services.training_api.officers.tables import Officer
from services.training_api.township_grants.queries import in_force
from services.training_api.township_grants.tables import TownshipGrant
from services.training_api.training_plans import rules
from services.training_api.training_plans.schemas import OwedPlanFilter
from services.training_api.training_plans.tables import TrainingPlan, TrainingPlanItem

NEWEST = pagination.Order((TrainingPlan.created_at, TrainingPlan.id))
GRANTING, TOWNSHIPS = "granting_departments", "townships"
UNIT_ROLES = frozenset({Role.UNIT_MANAGER, Role.UNIT_MEMBER})


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of plans: the own units', and what was approved for one's own unit's officers."""
    own = visibility.within(who, district=TrainingPlan.district_id, unit=TrainingPlan.unit_id)
    if not who.roles & UNIT_ROLES or who.unit_id is None:
        return own
    mine = exists().where(_of_plan(), visibility.my_unit(who) == any_(TrainingPlanItem.unit_ids))
    return or_(own, and_(TrainingPlan.state == rules.State.APPROVED.value, mine))


def _of_plan() -> ColumnElement[bool]:
    return TrainingPlanItem.plan_id == TrainingPlan.id


def _items() -> ColumnElement[Any]:
    item = answers.json_object(
        {
            "place": TrainingPlanItem.place,
            "title": TrainingPlanItem.title,
            "kind": TrainingPlanItem.kind,
            "category": TrainingPlanItem.category,
            "hours": answers.hours(TrainingPlanItem.hundredths),
            "month": TrainingPlanItem.month,
            "level": TrainingPlanItem.level,
            "participants": TrainingPlanItem.participants,
            "unit_ids": func.to_json(TrainingPlanItem.unit_ids),
            "note": TrainingPlanItem.note,
        }
    )
    listed = func.coalesce(func.json_agg(aggregate_order_by(item, TrainingPlanItem.place)), literal_column("'[]'::json"))
    return select(listed).where(_of_plan()).scalar_subquery()


def body(who: Principal) -> ColumnElement[Any]:
    """A plan as this caller sees it."""
    total = select(func.coalesce(func.sum(TrainingPlanItem.hundredths), 0)).where(_of_plan()).scalar_subquery()
    return answers.json_object(
        {
            "id": TrainingPlan.id,
            "district_id": TrainingPlan.district_id,
            "unit_id": TrainingPlan.unit_id,
            "year": TrainingPlan.year,
            "kind": TrainingPlan.kind,
            "title": TrainingPlan.title,
            "items": _items(),
            "hours": answers.hours(total),
            "note": TrainingPlan.note,
            "attachment_ids": func.to_json(TrainingPlan.attachment_ids),
            "state": TrainingPlan.state,
            "submitted_at": answers.moment(TrainingPlan.submitted_at),
            "submitted_by": TrainingPlan.submitted_by,
            "decided_at": answers.moment(TrainingPlan.decided_at),
            "decided_by": TrainingPlan.decided_by,
            "decision_reason": TrainingPlan.decision_reason,
            "allowed_actions": answers.allowed_actions(_allowed(who)),
            "version": TrainingPlan.version,
            "created_at": answers.moment(TrainingPlan.created_at),
        }
    )


def _allowed(who: Principal) -> dict[str, ColumnElement[bool]]:
    reach: dict[str, Any] = {"district": TrainingPlan.district_id, "unit": TrainingPlan.unit_id}
    wanted = {
        "change": (rules.OPEN, access.PLANS_WRITE),
        "submit": (rules.MOVES["submit"], access.PLANS_SUBMIT),
        **{verb: (rules.MOVES[verb], access.PLANS_DECIDE) for verb in ("approve", "return", "reopen")},
    }
    return {
        verb: TrainingPlan.state.in_(sorted(states)) & visibility.under(who, right, **reach)
        for verb, (states, right) in wanted.items()
    }


PLANS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "unit_id": reads.equals(TrainingPlan.unit_id),
        "year": reads.equals(TrainingPlan.year),
        "kind": reads.equals(TrainingPlan.kind),
        "state": reads.equals(TrainingPlan.state),
    },
)
PLAN = reads.Single(body=body, version=TrainingPlan.version, key=TrainingPlan.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, plan_id: UUID, version: int) -> TrainingPlan:
    """The row within the caller's own reach, locked; NotFound, Stale."""
    own = visibility.within(who, district=TrainingPlan.district_id, unit=TrainingPlan.unit_id)
    statement = select(TrainingPlan).where(TrainingPlan.id == plan_id, own).with_for_update()
    found: TrainingPlan | None = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def one(read: Reader, who: Principal, plan_id: UUID) -> rules.PlanKey:
    """What the check asks of a plan; NotFound."""
    columns: list[Any] = [getattr(TrainingPlan, field.name) for field in fields(rules.PlanKey)]
    row = (await read.execute(select(*columns).where(TrainingPlan.id == plan_id, visible_to(who)))).one_or_none()
    if row is None:
        raise errors.NotFound
    return rules.PlanKey(**row._mapping)


async def is_there(session: Session, unit_id: UUID, year: int, kind: str) -> bool:
    """Whether the unit has such a plan."""
    same = (TrainingPlan.unit_id == unit_id, TrainingPlan.year == year, TrainingPlan.kind == kind)
    return bool((await session.execute(select(exists().where(*same)))).scalar_one())


def touch(found: TrainingPlan) -> None:
    """Gives a locked row its next version with the next flush, also when only its items change."""
    flag_modified(found, "state")


async def replace_items(session: Session, plan_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Puts these items in the place of those the plan had."""
    await session.flush()
    await session.execute(delete(TrainingPlanItem).where(TrainingPlanItem.plan_id == plan_id))
    if rows:
        numbered = [row | {"plan_id": plan_id, "place": place} for place, row in enumerate(rows, 1)]
        await session.execute(insert(TrainingPlanItem), numbered)


async def count_items(connection: Session | Reader, plan_id: UUID) -> int:
    """How many items a plan has."""
    counted = select(func.count()).select_from(TrainingPlanItem).where(TrainingPlanItem.plan_id == plan_id)
    return int((await connection.execute(counted)).scalar_one())


async def townships(connection: Session | Reader, plan: rules.PlanFacts) -> tuple[bool, list[rules.Township]]:
    """The townships whose officers the plan must include, and whether they are assumed because no grant is recorded.

    Grants count that hold on any day of the plan's year. Officers are those in service now, in the township or below it.
    """
    if plan.kind != rules.PlanKind.PROFESSIONAL:
        return False, []
    recorded = await _granted(connection, plan)
    if recorded or not await _is_granting(connection, plan):
        return False, await _described(connection, plan, recorded)
    group = select(members.c.unit_id).where(members.c.district_id == plan.district_id, members.c.key == TOWNSHIPS, _in_year(plan))
    return True, await _described(connection, plan, list((await connection.execute(group)).scalars()))


async def _granted(connection: Session | Reader, plan: rules.PlanFacts) -> list[UUID]:
    first, last = date(plan.year, 1, 1), date(plan.year, 12, 31)
    held = or_(in_force(first), TownshipGrant.from_on.between(first, last))
    statement = select(TownshipGrant.unit_id).where(TownshipGrant.department_id == plan.unit_id, held).distinct()
    return list((await connection.execute(statement)).scalars())


async def _is_granting(connection: Session | Reader, plan: rules.PlanFacts) -> bool:
    ever = select(exists().where(TownshipGrant.department_id == plan.unit_id))
    member = select(exists().where(members.c.unit_id == plan.unit_id, members.c.key == GRANTING, _in_year(plan)))
    recorded = bool((await connection.execute(ever)).scalar_one())
    return not recorded and bool((await connection.execute(member)).scalar_one())


def _in_year(plan: rules.PlanFacts) -> ColumnElement[bool]:
    ends_later = or_(members.c.valid_to.is_(None), members.c.valid_to >= date(plan.year, 1, 1))
    return and_(members.c.valid_from <= date(plan.year, 12, 31), ends_later)


async def _described(connection: Session | Reader, plan: rules.PlanFacts, unit_ids: Sequence[UUID]) -> list[rules.Township]:
    below = units.alias("below")
    serving = (Officer.kind == OfficerKind.OFFICER.value, Officer.left_on.is_(None))
    officers = select(func.count()).select_from(Officer).join(below, below.c.id == Officer.unit_id)
    officers = officers.where(*serving, below.c.path.contains(array([units.c.id]))).correlate(units)
    named = exists().where(TrainingPlanItem.plan_id == plan.id, units.c.id == any_(TrainingPlanItem.unit_ids))
    statement = select(units.c.id, units.c.short_name, officers.scalar_subquery(), named).where(units.c.id.in_(unit_ids))
    return [rules.Township(*row) for row in await connection.execute(statement.order_by(units.c.code))]


async def owed(read: Reader, who: Principal, wanted: OwedPlanFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of the plans owed for a year, by unit and kind, with what there is of each."""
    columns: list[Any] = [column("district_id", Uuid()), column("unit_id", Uuid()), column("kind", Text())]
    duty = func.training.owed_plans(literal(wanted.year, Integer)).table_valued(*columns, name="duty")
    state = func.coalesce(TrainingPlan.state, literal("missing", Text))
    same = (TrainingPlan.unit_id == duty.c.unit_id, TrainingPlan.kind == duty.c.kind, TrainingPlan.year == wanted.year)
    item = {"unit_id": duty.c.unit_id, "year": literal(wanted.year, Integer), "kind": duty.c.kind}
    shown = answers.json_object({**item, "plan_id": TrainingPlan.id, "state": state})
    found = select(shown).select_from(duty).outerjoin(TrainingPlan, and_(*same))
    found = found.where(visibility.within(who, district=duty.c.district_id, unit=duty.c.unit_id))
    for name, compared in (("kind", duty.c.kind), ("unit_id", duty.c.unit_id), ("state", state)):
        if (value := getattr(wanted, name)) is not None:
            found = found.where(compared == value)
    return await pagination.read(read, found, pagination.Order((duty.c.unit_id, duty.c.kind), descending=False), wanted, start)
