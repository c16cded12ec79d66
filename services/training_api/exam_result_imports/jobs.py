"""Entering exam results from files in the background."""

from __future__ import annotations

from services.kit import imports
from services.kit.jobs import Task
from services.kit.operations import Operation
from services.training_api.exam_result_imports import actions


async def run(operation: Operation) -> str | None:
    """Runs the import; answers its address."""
    await imports.run(operation, actions.WORK)
    return f"{actions.PATH}/{operation.id}"


TASK = Task(actions.KIND, run)
