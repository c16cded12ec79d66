"""Routes of training plans."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.training_plans import actions, queries
from services.training_api.training_plans.schemas import (
    ApproveIn,
    CheckOut,
    OwedPlanFilter,
    OwedPlanPage,
    PlanChange,
    PlanFilter,
    PlanIn,
    PlanOut,
    PlanPage,
    ReturnIn,
    TownshipOut,
)

router = routing.router("/v1/training-plans", "training_plans")


@router.get("", response_model=PlanPage, summary="培训计划列表")
async def page(wanted: Annotated[PlanFilter, Query()], who: access.MayReadPlans, read: ReadDep, cursors: CursorsDep) -> Response:
    """Training plans, newest first. A unit also sees approved plans of others that include its officers."""
    return cursors.answer(await queries.PLANS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/owed", response_model=OwedPlanPage, summary="应编制的培训计划")
async def owed(
    wanted: Annotated[OwedPlanFilter, Query()], who: access.MayReadPlans, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Who owes a plan for the year: every enforcement unit an annual one, every enforcement department a professional
    one, each with the state of what there is; `state=missing` lists those who made none.
    """
    return cursors.answer(await queries.owed(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=PlanOut, status_code=201, summary="编制培训计划")
async def create(request: Request, wanted: PlanIn, who: access.MayWritePlans, session: SessionDep, now: Now) -> Response:
    """Drafts a unit's plan; one of each kind a year, 409 `training_plan.exists` after that."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.PLAN.one(session, who, made.id), f"/v1/training-plans/{made.id}")


@router.get("/{plan_id}", response_model=PlanOut, summary="培训计划")
async def one(request: Request, plan_id: fields.Id, who: access.MayReadPlans, read: ReadDep) -> Response:
    """One plan."""
    return answers.one(request, await queries.PLAN.one(read, who, plan_id))


@router.get("/{plan_id}/check", response_model=CheckOut, summary="核对培训计划")
async def check(plan_id: fields.Id, who: access.MayReadPlans, read: ReadDep) -> CheckOut:
    """What stands in the way of handing in: items, and for a granting department the townships whose officers are left out."""
    plan = await queries.one(read, who, plan_id)
    assumed, townships = await queries.townships(read, plan)
    items = await queries.count_items(read, plan.id)
    missing = [each.unit_id for each in townships if each.is_missing]
    shown = [
        TownshipOut(unit_id=each.unit_id, name=each.name, officers=each.officers, included=each.included) for each in townships
    ]
    ok = items > 0 and not missing
    return CheckOut(plan_id=plan.id, ok=ok, items=items, assumed=assumed, townships=shown, missing_unit_ids=missing)


@router.patch("/{plan_id}", response_model=PlanOut, summary="修改培训计划")
async def change(
    request: Request, plan_id: fields.Id, wanted: PlanChange, who: access.MayWritePlans, version: IfMatch, session: SessionDep
) -> Response:
    """Changes a draft or a returned plan; lists sent replace the whole."""
    await actions.change(session, who, plan_id, version, wanted)
    return answers.one(request, await queries.PLAN.one(session, who, plan_id))


@router.post("/{plan_id}/submit", response_model=PlanOut, summary="提交培训计划")
async def submit(
    request: Request, plan_id: fields.Id, who: access.MaySubmitPlans, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """The unit's leader hands the plan in. 409 `training_plan.no_items`, `training_plan.townships_missing` (named in errors)."""
    await actions.submit(session, who, plan_id, version, now)
    return answers.one(request, await queries.PLAN.one(session, who, plan_id))


@router.post("/{plan_id}/approve", response_model=PlanOut, summary="批准培训计划")
async def approve(
    request: Request,
    plan_id: fields.Id,
    who: access.MayDecidePlans,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[ApproveIn | None, Body()] = None,
) -> Response:
    """The bureau approves a plan handed in."""
    await actions.approve(session, who, plan_id, version, wanted.reason if wanted else None, now)
    return answers.one(request, await queries.PLAN.one(session, who, plan_id))


@router.post("/{plan_id}/return", response_model=PlanOut, summary="退回培训计划")
async def send_back(
    request: Request,
    plan_id: fields.Id,
    wanted: ReturnIn,
    who: access.MayDecidePlans,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The bureau returns a plan handed in, with its reason; the unit changes it and hands it in again."""
    await actions.send_back(session, who, plan_id, version, wanted.reason, now)
    return answers.one(request, await queries.PLAN.one(session, who, plan_id))


@router.post("/{plan_id}/reopen", response_model=PlanOut, summary="退回已批准的培训计划")
async def reopen(
    request: Request, plan_id: fields.Id, who: access.MayDecidePlans, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Gives an approved plan back to its unit to be adjusted; `X-Change-Reason` is needed."""
    await actions.reopen(session, who, plan_id, version, now)
    return answers.one(request, await queries.PLAN.one(session, who, plan_id))
