"""Routes of tasks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.tasks import actions, queries
from services.tasks_api.tasks.schemas import SubtaskFilter, TaskChange, TaskFilter, TaskOut, TaskPage

router = routing.router("/v1/tasks", "tasks")


@router.get("", response_model=TaskPage, summary="任务列表")
async def page(wanted: Annotated[TaskFilter, Query()], who: access.MayReadTasks, read: ReadDep, cursors: CursorsDep) -> Response:
    """Tasks, requirements and subtasks with their parties and deadlines, by number."""
    return cursors.answer(await queries.TASKS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{task_id}", response_model=TaskOut, summary="任务")
async def one(request: Request, task_id: fields.Id, who: access.MayReadTasks, read: ReadDep) -> Response:
    """One task."""
    return answers.one(request, await queries.TASK.one(read, who, task_id))


@router.patch("/{task_id}", response_model=TaskOut, summary="修改任务")
async def change(
    request: Request, task_id: fields.Id, wanted: TaskChange, who: access.MayWriteTasks, version: IfMatch, session: SessionDep
) -> Response:
    """Changes a task of a draft plan, for instance to say which unit an unknown name means."""
    await actions.change(session, who, task_id, version, wanted)
    return answers.one(request, await queries.TASK.one(session, who, task_id))


@router.get("/{task_id}/subtasks", response_model=TaskPage, summary="子任务列表")
async def subtasks(
    task_id: fields.Id,
    wanted: Annotated[SubtaskFilter, Query()],
    who: access.MayReadTasks,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Parts of a task; 404 when the caller may not see the task."""
    await queries.TASK.one(read, who, task_id)
    return cursors.answer(await queries.subtasks(read, who, task_id, wanted, cursors.after(wanted)), wanted)
