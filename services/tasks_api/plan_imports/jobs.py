"""Reading a plan document as an operation, for callers who prefer not to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.kit import audit
from services.kit.jobs import Task
from services.kit.operations import Operation
from services.kit.principal import Principal, Role, Scope
from services.tasks_api.plan_imports import actions


async def run(operation: Operation) -> str | None:
    """Reads the document and drafts the plan in one transaction; answers the plan's address."""
    await operation.note(0.1)
    said = operation.input
    given = actions.Given(said["file_name"], operation.payload or b"", _day(said["period_start"]), _day(said["period_end"]))
    runtime = operation.runtime
    async with runtime.database.transaction() as session:
        now = runtime.clock()
        who = _caller(said)
        session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", who=who)
        drafted = await actions.read_document(session, who, given, now)
        await operation.note(0.9)
        return f"/v1/plans/{drafted.plan.id}"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _caller(said: Mapping[str, Any]) -> Principal:
    path = tuple(UUID(unit) for unit in said["unit_path"])
    roles = frozenset(Role(role) for role in said["roles"])
    scopes = frozenset(Scope(scope) for scope in said["scopes"])
    return Principal(UUID(said["account_id"]), said["name"], roles, path[-1] if path else None, path, scopes)


TASK = Task(actions.KIND, run)
