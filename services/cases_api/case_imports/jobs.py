"""Importing past files in the background."""

from __future__ import annotations

from services.cases_api.case_imports import actions
from services.kit import imports
from services.kit.jobs import Task
from services.kit.operations import Operation


async def run(operation: Operation) -> str | None:
    """Runs the import; answers its address."""
    await imports.run(operation, actions.WORK)
    return f"{actions.PATH}/{operation.id}"


TASK = Task(actions.KIND, run)
