"""Routes of grants to townships."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.township_grants import actions, queries
from services.training_api.township_grants.schemas import GrantChange, GrantFilter, GrantIn, GrantOut, GrantPage

router = routing.router("/v1/township-grants", "township_grants")


@router.get("", response_model=GrantPage, summary="赋权关系列表")
async def page(
    wanted: Annotated[GrantFilter, Query()], who: access.MayReadGrants, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Which department granted powers to which township, from when to when."""
    return cursors.answer(await queries.GRANTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=GrantOut, status_code=201, summary="登记赋权关系")
async def create(request: Request, wanted: GrantIn, who: access.MayWriteGrants, session: SessionDep, now: Now) -> Response:
    """Records a grant. A granting department of which none is recorded is taken to have granted to every township."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.GRANT.one(session, who, made.id), f"/v1/township-grants/{made.id}")


@router.get("/{grant_id}", response_model=GrantOut, summary="赋权关系")
async def one(request: Request, grant_id: fields.Id, who: access.MayReadGrants, read: ReadDep) -> Response:
    """One grant."""
    return answers.one(request, await queries.GRANT.one(read, who, grant_id))


@router.patch("/{grant_id}", response_model=GrantOut, summary="修改赋权关系")
async def change(
    request: Request,
    grant_id: fields.Id,
    wanted: GrantChange,
    who: access.MayWriteGrants,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Corrects a grant, or ends it by its last day."""
    await actions.change(session, who, grant_id, version, wanted)
    return answers.one(request, await queries.GRANT.one(session, who, grant_id))
