"""Routes of the steps of a case file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Request, Response

from services.cases_api import access
from services.cases_api.case_files.queries import lists
from services.cases_api.case_files.schemas.lists import CaseFileOut
from services.cases_api.case_steps import actions
from services.cases_api.step_forms.schemas.union import StepIn
from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/case-files/{case_file_id}/steps", "case-files")
Wanted = Annotated[StepIn, Body(discriminator="step")]


@router.post("", response_model=CaseFileOut, status_code=201, summary="新增案卷步骤")
async def add_step(
    request: Request,
    case_file_id: fields.Id,
    wanted: Wanted,
    who: access.MayWriteCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Adds a dated event to the file; filing, decision, closing and archiving come from its own days."""
    await actions.add(session, who, case_file_id, version, wanted, now)
    found = await lists.FILE.one(session, who, case_file_id)
    return answers.created(request, found, f"/v1/case-files/{case_file_id}")


@router.put("/{step_id}", response_model=CaseFileOut, summary="修改案卷步骤")
async def replace_step(
    request: Request,
    case_file_id: fields.Id,
    step_id: fields.Id,
    wanted: Wanted,
    who: access.MayWriteCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Replaces a step by what is known of it now; the kind stays, and steps kept from the file's days keep their day."""
    await actions.replace(session, who, case_file_id, step_id, version, wanted, now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))


@router.delete("/{step_id}", response_model=CaseFileOut, summary="删除案卷步骤")
async def remove_step(
    request: Request,
    case_file_id: fields.Id,
    step_id: fields.Id,
    who: access.MayWriteCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes a wrongly entered step out; `X-Change-Reason` is needed and kept in the audit trail."""
    await actions.remove(session, who, case_file_id, step_id, version, now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))
