"""Routes of inspections."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.inspections import actions, queries
from services.tasks_api.inspections.schemas import InspectionFilter, InspectionIn, InspectionOut, InspectionPage, VoidIn

router = routing.router("/v1/inspections", "inspections")


@router.get("", response_model=InspectionPage, summary="检查记录列表")
async def page(
    wanted: Annotated[InspectionFilter, Query()], who: access.MayReadInspections, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Inspections carried out that the caller's units led or took part in; the latest first."""
    return cursors.answer(await queries.INSPECTIONS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=InspectionOut, status_code=201, summary="登记检查")
async def record(
    request: Request, wanted: InspectionIn, who: access.MayRecordInspections, session: SessionDep, now: Now
) -> Response:
    """Records an inspection by a visit of an approved plan, once, or beside the plan with a reason."""
    made = await actions.record(session, who, wanted, now)
    found = await queries.INSPECTION.one(session, access.INSPECTIONS_READ.admit(who), made)
    return answers.created(request, found, f"/v1/inspections/{made}")


@router.get("/{inspection_id}", response_model=InspectionOut, summary="检查记录")
async def one(request: Request, inspection_id: fields.Id, who: access.MayReadInspections, read: ReadDep) -> Response:
    """One inspection."""
    return answers.one(request, await queries.INSPECTION.one(read, who, inspection_id))


@router.post("/{inspection_id}/void", response_model=InspectionOut, summary="作废检查记录")
async def void(
    request: Request,
    inspection_id: fields.Id,
    who: access.MayVoidInspections,
    version: IfMatch,
    session: SessionDep,
    wanted: Annotated[VoidIn | None, Body()] = None,
) -> Response:
    """Declares a record void, with a reason; the visit of the plan is open again."""
    await actions.void(session, who, inspection_id, version, wanted.note if wanted else None)
    return answers.one(request, await queries.INSPECTION.one(session, access.INSPECTIONS_READ.admit(who), inspection_id))
