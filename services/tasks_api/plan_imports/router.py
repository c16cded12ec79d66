"""Routes of drafting plans."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Form, Header, Request, Response, UploadFile

from services.kit import answers, fields, operations, routing
from services.kit.runtime import Now, SessionDep
from services.tasks_api import access
from services.tasks_api.plan_imports import actions
from services.tasks_api.plan_imports.schemas import PlanImportOut, PlanIn, WarningOut
from services.tasks_api.plans import queries as plan_queries
from services.tasks_api.plans.schemas import PlanOut

router = routing.router("/v1/plan-imports", "plan-imports")
plans = routing.router("/v1/plans", "plans")

ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "已受理；进度见 Location。"}}
Prefer = Annotated[str | None, Header(max_length=100, description="`respond-async`：以 202 应答，后台办理。")]


@router.post(
    "", response_model=PlanImportOut, status_code=201, summary="导入方案文件", responses={202: {"description": "已受理"}}
)
async def read_document(
    file: Annotated[UploadFile, File(description="方案文件，.txt 或 .docx。")],
    who: access.MayWritePlans,
    session: SessionDep,
    now: Now,
    period_start: Annotated[fields.Day | None, Form(description="文件未写明时填写。")] = None,
    period_end: Annotated[fields.Day | None, Form(description="文件未写明时填写。")] = None,
    prefer: Prefer = None,
) -> Response:
    """Reads a plan document into a draft plan; `dry_run=true` answers the structure and its warnings and writes nothing."""
    given = actions.Given(file.filename or "", await file.read(), period_start, period_end)
    if prefer is not None and "respond-async" in prefer.lower():
        return operations.accepted(await operations.start(session, who, actions.KIND, actions.input_of(who, given), given.data))
    drafted = await actions.read_document(session, who, given, now)
    found = await plan_queries.PLAN.one(session, who, drafted.plan.id)
    body = PlanImportOut(
        plan=PlanOut.model_validate_json(found.body),
        tasks=drafted.tasks,
        warnings=[WarningOut(**warning) for warning in drafted.warnings],
    )
    text = body.model_dump_json(exclude_none=True)
    return answers.created_with(text, found.version, f"/v1/plans/{drafted.plan.id}")


@plans.post("", response_model=PlanOut, status_code=201, summary="新增计划草案")
async def draft(request: Request, wanted: PlanIn, who: access.MayWritePlans, session: SessionDep, now: Now) -> Response:
    """A draft plan as data, with its tasks and requirements; every fault of every task is named."""
    plan = await actions.draft(session, who, wanted, now)
    return answers.created(request, await plan_queries.PLAN.one(session, who, plan.id), f"/v1/plans/{plan.id}")
