"""Freezing and drawing in the background, where the frame is very large."""

from __future__ import annotations

from services.cases_api.round_draws import actions
from services.kit.jobs import Task
from services.kit.operations import Operation


async def run(operation: Operation) -> str | None:
    """Freezes or draws; answers the address of the round."""
    await operation.note(0.1)
    return f"/v1/review-rounds/{await actions.perform(operation, operation.runtime.clock())}"


TASK = Task(actions.KIND, run)
