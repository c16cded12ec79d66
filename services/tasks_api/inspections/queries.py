"""Reads of inspections.

What reports and obligations count: `tasks.inspections` by unit_id, inspected_on and state 'recorded'; `plan_item_id` is
null beside the plan, `visits_saved` is the sum spared.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Uuid, and_, false, or_, select
from sqlalchemy.dialects.postgresql import array

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal, Scope
from services.tasks_api import access
from services.tasks_api.inspections.rules import State, Verb
from services.tasks_api.inspections.tables import Inspection

PLAIN: Final = (
    "id", "district_id", "unit_id", "unit_ids", "plan_item_id", "off_plan_reason", "object_name", "object_code", "enterprise",
    "check_code", "inspected_on", "officers", "result", "result_text", "visits_saved", "case_file_id", "draw_id",
    "attachment_ids", "state", "void_reason", "created_by_name", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of inspections: those a unit led, and those its own people took part in."""
    took_part: ColumnElement[bool] = false()
    if who.unit_id is not None and who.scopes & {Scope.UNIT, Scope.UNIT_AND_BELOW}:
        took_part = Inspection.unit_ids.contains(array([visibility.my_unit(who)]))
    return or_(visibility.within(who, district=Inspection.district_id, unit=Inspection.unit_id), took_part)


def body(who: Principal) -> ColumnElement[Any]:
    """An inspection as JSON for this caller."""
    row = Inspection
    reach = visibility.under(who, access.INSPECTIONS_VOID, district=row.district_id, unit=row.unit_id)
    return answers.json_object(
        {name: getattr(row, name) for name in PLAIN}
        | {
            "created_at": answers.moment(row.created_at),
            "allowed_actions": answers.allowed_actions({Verb.VOID.value: and_(row.state == State.RECORDED, reach)}),
        }
    )


ORDER: Final = (Inspection.inspected_on, Inspection.id)
INSPECTIONS: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-inspected_on": pagination.Order(ORDER), "inspected_on": pagination.Order(ORDER, descending=False)},
    filters={name: reads.equals(getattr(Inspection, name)) for name in ("enterprise", "result", "state")}
    | {
        "unit_id": reads.Filter(Uuid(), lambda unit: Inspection.unit_ids.contains(array([unit]))),
        "planned": reads.Filter(Boolean(), lambda planned: Inspection.plan_item_id.is_not(None) == planned),
        "inspected_on__gte": reads.at_least(Inspection.inspected_on),
        "inspected_on__lte": reads.at_most(Inspection.inspected_on),
    },
)
INSPECTION: Final = reads.Single(body=body, version=Inspection.version, key=Inspection.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, inspection_id: UUID, version: int) -> Inspection:
    """The row, locked; NotFound, Stale."""
    found = select(Inspection).where(Inspection.id == inspection_id, visible_to(who)).with_for_update()
    inspection = (await session.execute(found)).scalar_one_or_none()
    if inspection is None:
        raise errors.NotFound
    preconditions.expect(inspection.version, version)
    return inspection
