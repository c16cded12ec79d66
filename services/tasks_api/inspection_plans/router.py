"""Routes of the year's inspection plan."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.db import Reader, Session
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.inspection_plans import actions, queries
from services.tasks_api.inspection_plans.rules import Verb
from services.tasks_api.inspection_plans.schemas import (
    InspectionDecisionIn,
    InspectionPlanChangeIn,
    InspectionPlanFilter,
    InspectionPlanIn,
    InspectionPlanItemFilter,
    InspectionPlanItemPage,
    InspectionPlanOut,
    InspectionPlanPage,
    PlanChangesOut,
)

router = routing.router("/v1/inspection-plans", "inspection-plans")
Decision = Annotated[InspectionDecisionIn, Body(default_factory=InspectionDecisionIn)]


@router.get("", response_model=InspectionPlanPage, summary="综合查一次年度计划列表")
async def page(
    wanted: Annotated[InspectionPlanFilter, Query()], who: access.MayReadInspectionPlans, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The plans of the district, the latest year first, each with what merging came to."""
    return cursors.answer(await queries.PLANS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=InspectionPlanOut, status_code=201, summary="建立年度计划")
async def begin(
    request: Request, wanted: InspectionPlanIn, who: access.MayMergeInspectionPlans, session: SessionDep, now: Now
) -> Response:
    """Begins the plan of a year; there is one for each district and year."""
    made = await actions.begin(session, who, wanted, now)
    return answers.created(request, await _one(session, who, made), f"/v1/inspection-plans/{made}")


@router.get("/{plan_id}", response_model=InspectionPlanOut, summary="综合查一次年度计划")
async def one(request: Request, plan_id: fields.Id, who: access.MayReadInspectionPlans, read: ReadDep) -> Response:
    """One plan with its totals."""
    return answers.one(request, await _one(read, who, plan_id))


@router.get("/{plan_id}/items", response_model=InspectionPlanItemPage, summary="年度计划的检查事项")
async def items(
    plan_id: fields.Id,
    wanted: Annotated[InspectionPlanItemFilter, Query()],
    who: access.MayReadInspectionPlans,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """The visits: who goes together to whom and when, with the proposals each of them serves."""
    return cursors.answer(await queries.items(read, who, plan_id, wanted, cursors.after(wanted)), wanted)


@router.get("/{plan_id}/changes", response_model=PlanChangesOut, summary="年度计划的调整")
async def changes(plan_id: fields.Id, who: access.MayReadInspectionPlans, read: ReadDep) -> Response:
    """What was changed in the plan, when and why."""
    return Response(await queries.changes(read, who, plan_id), media_type="application/json")


@router.post("/{plan_id}/merge", response_model=InspectionPlanOut, summary="合并检查计划")
async def merge(
    request: Request, plan_id: fields.Id, who: access.MayMergeInspectionPlans, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Makes the fewest visits of all proposals of the year: same object, days they share. Repeat it while the plan is a draft."""
    await actions.merge(session, who, plan_id, version, now)
    return answers.one(request, await _one(session, who, plan_id))


@router.post("/{plan_id}/submit", response_model=InspectionPlanOut, summary="报送年度计划")
async def submit(
    request: Request, plan_id: fields.Id, who: access.MayMergeInspectionPlans, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Hands the plan to the government; 409 `inspection_plan.nothing_planned` for an empty one."""
    await actions.submit(session, who, plan_id, version, now)
    return answers.one(request, await _one(session, who, plan_id))


@router.post("/{plan_id}/return", response_model=InspectionPlanOut, summary="退回年度计划")
async def send_back(
    request: Request,
    plan_id: fields.Id,
    wanted: Decision,
    who: access.MayDecideInspectionPlans,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The government returns it with a reason."""
    await actions.decide(session, who, Verb.RETURN, plan_id, version, wanted, now)
    return answers.one(request, await _one(session, who, plan_id))


@router.post("/{plan_id}/approve", response_model=InspectionPlanOut, summary="审定年度计划")
async def approve(
    request: Request,
    plan_id: fields.Id,
    wanted: Decision,
    who: access.MayDecideInspectionPlans,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The government approves it."""
    await actions.decide(session, who, Verb.APPROVE, plan_id, version, wanted, now)
    return answers.one(request, await _one(session, who, plan_id))


@router.post("/{plan_id}/changes", response_model=InspectionPlanOut, summary="调整年度计划")
async def change(
    request: Request,
    plan_id: fields.Id,
    wanted: InspectionPlanChangeIn,
    who: access.MayMergeInspectionPlans,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Moves or drops a visit, or takes proposals in that came later; the reason is kept for good."""
    await actions.change(session, who, plan_id, version, wanted, now)
    return answers.one(request, await _one(session, who, plan_id))


async def _one(connection: Reader | Session, who: Principal, plan_id: UUID) -> answers.One:
    return await queries.PLAN.one(connection, access.INSPECTION_PLANS_READ.admit(who), plan_id)
