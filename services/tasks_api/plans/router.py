"""Routes of plans."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.plans import actions, queries
from services.tasks_api.plans.schemas import PlanChange, PlanFilter, PlanOut, PlanPage

router = routing.router("/v1/plans", "plans")


@router.get("", response_model=PlanPage, summary="计划列表")
async def page(wanted: Annotated[PlanFilter, Query()], who: access.MayReadPlans, read: ReadDep, cursors: CursorsDep) -> Response:
    """Plans of the district, newest first."""
    return cursors.answer(await queries.PLANS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{plan_id}", response_model=PlanOut, summary="计划")
async def one(request: Request, plan_id: fields.Id, who: access.MayReadPlans, read: ReadDep) -> Response:
    """One plan."""
    return answers.one(request, await queries.PLAN.one(read, who, plan_id))


@router.patch("/{plan_id}", response_model=PlanOut, summary="修改计划草案")
async def change(
    request: Request, plan_id: fields.Id, wanted: PlanChange, who: access.MayWritePlans, version: IfMatch, session: SessionDep
) -> Response:
    """Changes title, period or number of a draft."""
    await actions.change(session, who, plan_id, version, wanted)
    return answers.one(request, await queries.PLAN.one(session, who, plan_id))


@router.post("/{plan_id}/close", response_model=PlanOut, summary="关闭计划")
async def close(
    request: Request, plan_id: fields.Id, who: access.MayWritePlans, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Ends a plan in force; from then on it is only read."""
    await actions.close(session, who, plan_id, version, now)
    return answers.one(request, await queries.PLAN.one(session, who, plan_id))
