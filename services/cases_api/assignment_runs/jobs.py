"""Assigning by rule in the background: the solver takes a core for seconds."""

from __future__ import annotations

from services.cases_api.assignment_runs import actions
from services.kit.jobs import Task
from services.kit.operations import Operation


async def run(operation: Operation) -> str | None:
    """Assigns the files of the round; answers the address of its assignments."""
    await operation.note(0.1)
    made = await actions.solve(operation, operation.runtime.clock())
    return f"/v1/review-rounds/{made.round_id}/assignments"


TASK = Task(actions.KIND, run)
