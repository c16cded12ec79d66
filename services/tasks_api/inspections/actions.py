"""What units do with inspections carried out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, clock, errors, evidence, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.references import Unit
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.inspection_plans import queries as plans
from services.tasks_api.inspection_plans.tables import InspectionPlan, InspectionPlanItem
from services.tasks_api.inspections import queries, rules
from services.tasks_api.inspections.rules import State
from services.tasks_api.inspections.schemas import InspectionIn
from services.tasks_api.inspections.tables import Inspection
from services.tasks_api.linked_records import queries as linked
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import InspectionCodes

OBJECT: Final = "inspection"
_tell: Final = Trail(OBJECT, access.INSPECTIONS_READ, data=("state", "result")).tell


async def record(session: Session, who: Principal, wanted: InspectionIn, now: datetime) -> UUID:
    """Records an inspection. Raises BadInput (units, day, reason, code, object), PlanNotApproved, ItemNotActive."""
    today = clock.local_day(now)
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    planned = await _planned(session, unit, wanted.plan_item_id)
    codes = await settings.value_of(session, InspectionCodes, unit.district_id, today)
    faults = rules.faults(
        wanted.inspected_on,
        today,
        unit.id,
        wanted.unit_ids,
        planned=(planned[0].year, planned[1].unit_ids) if planned else None,
        reason=wanted.off_plan_reason,
        code_missing=codes.required and wanted.enterprise and wanted.check_code is None,
    )
    faults += await _unit_faults(session, unit, wanted)
    case_file = (linked.Kind.CASE_FILE, wanted.case_file_id, "/body/case_file_id")
    faults += await linked.faults(session, who, case_file, (linked.Kind.RANDOM_DRAW, wanted.draw_id, "/body/draw_id"))
    if planned is None and wanted.object_name is None:
        faults.append(errors.Fault("/body/object_name", "missing"))
    if faults:
        raise errors.BadInput(*faults)
    inspection = Inspection(
        id=ids.new_id(),
        district_id=unit.district_id,
        visits_saved=rules.visits_saved(len(wanted.unit_ids), planned[1].visits_before if planned else None),
        state=State.RECORDED.value,
        created_by_name=who.name,
        created_at=now,
        **wanted.model_dump() | _object(planned, wanted),
    )
    session.add(inspection)
    if planned:
        planned[1].done_on = wanted.inspected_on
    await session.flush()
    place = (inspection.district_id, inspection.unit_id)
    await evidence.attach(session, who, inspection.attachment_ids, OBJECT, inspection.id, access.INSPECTIONS_READ, *place)
    told = {"result": inspection.result, "planned": planned is not None, "visits_saved": inspection.visits_saved}
    _tell(session, who, inspection, "recorded", after=told, reason=inspection.off_plan_reason)
    return inspection.id


async def void(session: Session, who: Principal, inspection_id: UUID, version: int, note: str | None) -> None:
    """Declares a record void with a reason; the plan's visit is open again. NotFound, Stale, Forbidden, AlreadyVoid, BadInput."""
    inspection = await queries.one_for_update(session, access.INSPECTIONS_READ.admit(who), inspection_id, version)
    unit = await references.unit(session, inspection.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.Forbidden
    if inspection.state == State.VOID:
        raise rules.AlreadyVoid
    reason = note or audit.circumstances(session).reason
    if reason is None:
        raise errors.BadInput(errors.Fault("/body/note", "missing"))
    if inspection.plan_item_id is not None and (item := await plans.item_for_update(session, inspection.plan_item_id)):
        item.done_on = None
    inspection.state, inspection.void_reason = State.VOID.value, reason
    await session.flush()
    _tell(session, who, inspection, "voided", after={"state": inspection.state}, reason=reason)


async def _planned(session: Session, unit: Unit, item_id: UUID | None) -> tuple[InspectionPlan, InspectionPlanItem] | None:
    if item_id is None:
        return None
    item = await plans.item_for_update(session, item_id)
    plan = await plans.plan_of(session, item.plan_id) if item else None
    if item is None or plan is None or plan.district_id != unit.district_id:
        raise errors.BadInput(errors.Fault("/body/plan_item_id", "not_found"))
    raise_if(rules.why_not_by_plan(plan.state, item.state, item.done_on))
    return plan, item


def _object(planned: tuple[InspectionPlan, InspectionPlanItem] | None, wanted: InspectionIn) -> dict[str, Any]:
    if planned is None:
        return {"object_name": wanted.object_name, "object_code": wanted.object_code}
    return {"object_name": planned[1].object_name, "object_code": planned[1].object_code or wanted.object_code}


async def _unit_faults(session: Session, unit: Unit, wanted: InspectionIn) -> list[errors.Fault]:
    """Every unit that went along is one of the district, named once."""
    known = await references.some_units(session, wanted.unit_ids)
    faults = []
    for place, each in enumerate(wanted.unit_ids):
        if each not in known or known[each].district_id != unit.district_id:
            faults.append(errors.Fault(f"/body/unit_ids/{place}", "not_found"))
        elif each in wanted.unit_ids[:place]:
            faults.append(errors.Fault(f"/body/unit_ids/{place}", "repeated"))
    return faults
