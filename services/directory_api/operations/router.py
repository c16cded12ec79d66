"""Routes of operations."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.directory_api import access
from services.directory_api.operations import actions, queries
from services.directory_api.operations.schemas import OperationFilter, OperationOut, OperationPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import ReadDep, SessionDep

router = routing.router("/v1/operations", "operations")


@router.get("", response_model=OperationPage, summary="长任务列表")
async def page(
    wanted: Annotated[OperationFilter, Query()], who: access.MayFollowOperations, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The caller's own operations, newest first."""
    return cursors.answer(await queries.OPERATIONS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{operation_id}", response_model=OperationOut, summary="长任务")
async def one(request: Request, operation_id: fields.Id, who: access.MayFollowOperations, read: ReadDep) -> Response:
    """How far the work is; `result_url` once it has succeeded, `problem` when it has failed."""
    return answers.one(request, await queries.OPERATION.one(read, who, operation_id))


@router.delete("/{operation_id}", response_model=OperationOut, status_code=202, summary="取消长任务")
async def cancel(
    request: Request, operation_id: fields.Id, who: access.MayFollowOperations, version: IfMatch, session: SessionDep
) -> Response:
    """Asks the work to stop at its next step."""
    await actions.cancel(session, who, operation_id, version)
    return answers.one(request, await queries.OPERATION.one(session, who, operation_id), status=202)
