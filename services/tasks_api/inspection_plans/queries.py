"""Reads and writes of the year's inspection plan.

What obligation O13b measures: a row of district and year with `submitted_on` (the bureau merged and handed in) and
`approved_on` (the government approved).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Text,
    Uuid,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.orm.attributes import flag_modified

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.inspection_plans.rules import MOVES, Verb
from services.tasks_api.inspection_plans.schemas import InspectionPlanItemFilter
from services.tasks_api.inspection_plans.tables import InspectionPlan, InspectionPlanChange, InspectionPlanItem

PLAIN: Final = (
    "id", "district_id", "year", "title", "state", "submitted_on", "submitted_by_name", "approved_on", "approval_number",
    "decided_by_name", "decision_note", "created_by_name", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of plans: everybody of the district; the list of visits is public."""
    return visibility.within(who, district=InspectionPlan.district_id)


def _wording(before: ColumnElement[Any], after: ColumnElement[Any]) -> ColumnElement[Any]:
    told = func.concat(before, " 次检查合并为 ", after, " 次")
    return case((before > after, told), else_=literal("单独检查"))


def _totals() -> ColumnElement[Any]:
    item = InspectionPlanItem
    before, after = func.coalesce(func.sum(item.visits_before), 0), func.count()
    body = answers.json_object(
        {
            "visits_before": before,
            "visits_after": after,
            "visits_saved": before - after,
            "joint": func.count().filter(func.cardinality(item.unit_ids) > 1),
            "done": func.count(item.done_on),
            "wording": _wording(before, after),
        }
    )
    found = select(body).where(item.plan_id == InspectionPlan.id, item.state == "active")
    return found.correlate(InspectionPlan).scalar_subquery()


def body(who: Principal) -> ColumnElement[Any]:
    """A plan as JSON for this caller."""
    url = literal("/v1/inspection-plans/", Text) + cast(InspectionPlan.id, Text) + literal("/items", Text)
    return answers.json_object(
        {name: getattr(InspectionPlan, name) for name in PLAIN}
        | {
            "totals": _totals(),
            "items_url": url,
            "merged_at": answers.moment(InspectionPlan.merged_at),
            "created_at": answers.moment(InspectionPlan.created_at),
            "allowed_actions": answers.allowed_actions({verb.value: _allows(who, verb) for verb in Verb}),
        }
    )


def _allows(who: Principal, verb: Verb) -> ColumnElement[bool]:
    reach = visibility.under(who, access.INSPECTION_PLAN_MOVES[verb], district=InspectionPlan.district_id)
    return and_(InspectionPlan.state.in_([state.value for state in sorted(MOVES[verb][0])]), reach)


ORDER: Final = (InspectionPlan.year, InspectionPlan.id)
PLANS: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-year": pagination.Order(ORDER), "year": pagination.Order(ORDER, descending=False)},
    filters={"year": reads.equals(InspectionPlan.year), "state": reads.equals(InspectionPlan.state)},
)
PLAN: Final = reads.Single(body=body, version=InspectionPlan.version, key=InspectionPlan.id, visible_to=visible_to)
ITEM: Final = answers.json_object(
    {
        name: getattr(InspectionPlanItem, name)
        for name in (
            "id", "plan_id", "object_name", "object_code", "lead_unit_id", "unit_ids", "contents", "first_on", "last_on",
            "visits_before", "state", "done_on",
        )
    }
    | {"wording": _wording(cast(InspectionPlanItem.visits_before, Text), literal("1"))}
)  # fmt: skip


async def items(
    read: Reader, who: Principal, plan_id: UUID, wanted: InspectionPlanItemFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of visits; NotFound when the caller may not see the plan."""
    item = InspectionPlanItem
    await PLAN.one(read, who, plan_id)
    conditions = [item.plan_id == plan_id]
    if wanted.unit_id is not None:
        conditions.append(item.unit_ids.contains(array([literal(wanted.unit_id, Uuid)])))
    if wanted.state is not None:
        conditions.append(item.state == wanted.state)
    if wanted.visits_before__gte is not None:
        conditions.append(item.visits_before >= wanted.visits_before__gte)
    if wanted.first_on__lte is not None:
        conditions.append(item.first_on <= wanted.first_on__lte)
    if wanted.last_on__gte is not None:
        conditions.append(item.last_on >= wanted.last_on__gte)
    order = pagination.Order((item.first_on, item.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(ITEM).where(*conditions), order, wanted, start)


async def changes(read: Reader, who: Principal, plan_id: UUID) -> str:
    """All changes as JSON text; NotFound."""
    row = InspectionPlanChange
    plain = ("version", "kind", "item_id", "facts", "reason", "actor_name")
    entry = {name: getattr(row, name) for name in plain} | {"recorded_at": answers.moment(row.recorded_at)}
    listed = func.json_agg(aggregate_order_by(answers.json_object(entry), row.version))
    listed = func.coalesce(listed, literal_column("'[]'::json"), type_=JSON)
    inner = select(listed).where(row.plan_id == InspectionPlan.id).correlate(InspectionPlan).scalar_subquery()
    found: Any = select(answers.json_object({"items": inner}), InspectionPlan.version)
    return (await answers.read_one(read, found.where(InspectionPlan.id == plan_id, visible_to(who)))).body


async def one_for_update(session: Session, who: Principal, plan_id: UUID, version: int) -> InspectionPlan:
    """The row, locked; NotFound, Stale."""
    found = select(InspectionPlan).where(InspectionPlan.id == plan_id, visible_to(who)).with_for_update()
    plan = (await session.execute(found)).scalar_one_or_none()
    if plan is None:
        raise errors.NotFound
    preconditions.expect(plan.version, version)
    return plan


async def items_of(session: Session, plan_id: UUID) -> Sequence[InspectionPlanItem]:
    """All visits of a plan."""
    return (await session.execute(select(InspectionPlanItem).where(InspectionPlanItem.plan_id == plan_id))).scalars().all()


async def item_for_update(session: Session, item_id: UUID) -> InspectionPlanItem | None:
    """A visit, locked."""
    found = select(InspectionPlanItem).where(InspectionPlanItem.id == item_id).with_for_update()
    return (await session.execute(found)).scalar_one_or_none()


async def clear(session: Session, plan_id: UUID) -> None:
    """Takes the visits of a draft out, before it is merged anew."""
    await session.execute(delete(InspectionPlanItem).where(InspectionPlanItem.plan_id == plan_id))


def touch(plan: InspectionPlan) -> None:
    """Moves the version on although only a visit has changed, so that a second change at once is noticed."""
    flag_modified(plan, "title")


async def plan_of(session: Session, plan_id: UUID) -> InspectionPlan | None:
    """A plan by its id, whoever asks."""
    return await session.get(InspectionPlan, plan_id)
