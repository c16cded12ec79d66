"""Routes of giving tasks on."""

from __future__ import annotations

from fastapi import Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.assignments.queries import Today
from services.tasks_api.delegations import actions, queries
from services.tasks_api.delegations.schemas import TreeOut
from services.tasks_api.tasks import queries as tasks
from services.tasks_api.tasks.schemas import SubtaskIn, TaskOut

router = routing.router("/v1/tasks", "tasks")


@router.post("/{task_id}/subtasks", response_model=TaskOut, status_code=201, summary="分解任务")
async def add_subtask(
    request: Request, task_id: fields.Id, wanted: SubtaskIn, who: access.MayDelegateTasks, session: SessionDep, now: Now
) -> Response:
    """Adds a part to a task. In a plan in force the part is owed at once.

    The bureau gives parts to anybody; a unit's leader gives a part of an assignment of the unit (`assignment_id`) to units
    below it, due no later than the whole, and then decides on it as the bureau does on the whole.
    """
    task = await actions.add(session, who, task_id, wanted, now)
    found = await tasks.TASK.one(session, access.TASKS_READ.admit(who), task.id)
    return answers.created(request, found, f"/v1/tasks/{task.id}")


@router.get("/{task_id}/tree", response_model=TreeOut, summary="任务分解树")
async def tree(task_id: fields.Id, who: access.MayReadTasks, read: ReadDep, now: Now) -> Response:
    """A task with all its parts, each behind its whole, and the assignments the caller may see."""
    today = Today(clock.local_day(now), who.district_id)
    return Response(await queries.tree(read, who, task_id, today), media_type="application/json")
