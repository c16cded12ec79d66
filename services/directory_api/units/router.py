"""Routes of units."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.directory_api import access
from services.directory_api.units import actions, queries
from services.directory_api.units.schemas import UnitChange, UnitFilter, UnitIn, UnitOut, UnitPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/units", "units")


@router.get("", response_model=UnitPage, summary="单位列表")
async def page(wanted: Annotated[UnitFilter, Query()], who: access.MayReadUnits, read: ReadDep, cursors: CursorsDep) -> Response:
    """Units of the caller's district, in the order of their codes."""
    return cursors.answer(await queries.UNITS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=UnitOut, status_code=201, summary="新增单位")
async def create(request: Request, wanted: UnitIn, who: access.MayWriteUnits, session: SessionDep, now: Now) -> Response:
    """Adds a unit below its parent; without a parent, a district."""
    unit_id, made = await actions.create(session, who, wanted, now)
    return answers.created(request, made, f"/v1/units/{unit_id}")


@router.get("/{unit_id}", response_model=UnitOut, summary="单位")
async def one(request: Request, unit_id: fields.Id, who: access.MayReadUnits, read: ReadDep) -> Response:
    """One unit."""
    return answers.one(request, await queries.UNIT.one(read, who, unit_id))


@router.patch("/{unit_id}", response_model=UnitOut, summary="修改单位")
async def change(
    request: Request, unit_id: fields.Id, wanted: UnitChange, who: access.MayWriteUnits, version: IfMatch, session: SessionDep
) -> Response:
    """Changes names, marks or validity of a unit."""
    await actions.change(session, who, unit_id, version, wanted)
    return answers.one(request, await queries.UNIT.one(session, who, unit_id))
