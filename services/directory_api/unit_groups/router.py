"""Routes of unit groups."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.directory_api import access
from services.directory_api.unit_groups import actions, queries
from services.directory_api.unit_groups.schemas import (
    UnitGroupChange,
    UnitGroupFilter,
    UnitGroupIn,
    UnitGroupOut,
    UnitGroupPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/unit-groups", "unit-groups")


@router.get("", response_model=UnitGroupPage, summary="单位组列表")
async def page(
    wanted: Annotated[UnitGroupFilter, Query()], who: access.MayReadUnits, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Groups of the caller's district with their memberships, ended ones included."""
    return cursors.answer(await queries.UNIT_GROUPS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=UnitGroupOut, status_code=201, summary="新增单位组")
async def create(request: Request, wanted: UnitGroupIn, who: access.MayWriteUnits, session: SessionDep, now: Now) -> Response:
    """Adds a group of a district, with dated members."""
    group = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.UNIT_GROUP.one(session, who, group.id), f"/v1/unit-groups/{group.id}")


@router.get("/{group_id}", response_model=UnitGroupOut, summary="单位组")
async def one(request: Request, group_id: fields.Id, who: access.MayReadUnits, read: ReadDep) -> Response:
    """One group."""
    return answers.one(request, await queries.UNIT_GROUP.one(read, who, group_id))


@router.patch("/{group_id}", response_model=UnitGroupOut, summary="修改单位组")
async def change(
    request: Request,
    group_id: fields.Id,
    wanted: UnitGroupChange,
    who: access.MayWriteUnits,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Changes names, or replaces the membership as a whole; end a membership by its last day rather than by leaving it out."""
    await actions.change(session, who, group_id, version, wanted)
    return answers.one(request, await queries.UNIT_GROUP.one(session, who, group_id))
