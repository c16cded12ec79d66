"""Long work: stored with the request that asks for it, answered 202, run by a job, watched and cancelled by its creator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import text

from services.kit import audit, ids
from services.kit.db import Session
from services.kit.principal import Principal, Role, Scope
from services.kit.runtime import Runtime

INSERT = text(
    "INSERT INTO kit.operations (id, service, kind, state, created_by, created_at, input, payload)"
    " VALUES (:id, :service, :kind, 'queued', :created_by, :created_at, CAST(:input AS jsonb), :payload)"
)
# The functions of procrastinate carry their search_path, so a defer may run in any session, inside its transaction.
DEFER = text(
    "SELECT kit.procrastinate_defer_jobs_v1(ARRAY[ROW(CAST(:queue AS varchar), CAST(:task AS varchar), 0, NULL,"
    " CAST(:once AS varchar), CAST(:args AS jsonb), NULL)::kit.procrastinate_job_to_defer_v1])"
)
TAKE = text(
    "UPDATE kit.operations SET state = 'running', version = version + 1"
    " WHERE id = :id AND state IN ('queued', 'running') AND NOT cancel_asked"
    " RETURNING id, kind, created_by, input, payload"
)
NOTE = text("UPDATE kit.operations SET progress = :progress, version = version + 1 WHERE id = :id RETURNING cancel_asked")
END = text(
    "UPDATE kit.operations SET state = :state, progress = CASE WHEN :state = 'succeeded' THEN 1 ELSE progress END,"
    " result_url = :result_url, problem = CAST(:problem AS jsonb), finished_at = :now, payload = NULL, version = version + 1"
    " WHERE id = :id AND state IN ('queued', 'running')"
)


class Cancelled(Exception):
    """The creator asked to stop; raised inside the running work, which leaves nothing half-written."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a job is told about the work it runs; `who` is the caller as admitted when the work was asked for."""

    id: UUID
    kind: str
    created_by: UUID
    input: Mapping[str, Any]
    payload: bytes | None
    runtime: Runtime

    async def note(self, progress: float) -> None:
        """Shows progress (0 to 1); raises Cancelled when the creator asked to stop."""
        async with self.runtime.database.reading() as connection:
            row = (await connection.execute(NOTE, {"id": self.id, "progress": progress})).one()
        if row.cancel_asked:
            raise Cancelled

    async def succeed(self, session: Session, result_url: str) -> None:
        """Ends in the transaction that does the work: whoever kills the process in between finds both done or neither."""
        values = {"id": self.id, "state": "succeeded", "result_url": result_url, "now": self.runtime.clock(), "problem": None}
        await session.execute(END, values)


def told(who: Principal) -> dict[str, Any]:
    """The caller as admitted, for the input of an operation."""
    return {
        "account_id": str(who.account_id),
        "name": who.name,
        "roles": sorted(who.roles),
        "scopes": sorted(who.scopes),
        "unit_path": [str(unit) for unit in who.unit_path],
    }


def caller(said: Mapping[str, Any]) -> Principal:
    """The caller that was told so."""
    path = tuple(UUID(unit) for unit in said["unit_path"])
    roles, scopes = frozenset(map(Role, said["roles"])), frozenset(map(Scope, said["scopes"]))
    return Principal(UUID(said["account_id"]), said["name"], roles, path[-1] if path else None, path, scopes)


async def start(session: Session, who: Principal, kind: str, data: Mapping[str, Any], payload: bytes | None = None) -> UUID:
    """Stores the operation and its job in the request's transaction; the answer is `accepted(id)`."""
    known = audit.circumstances(session)
    operation_id = ids.new_id()
    await session.execute(
        INSERT,
        {
            "id": operation_id,
            "service": known.service,
            "kind": kind,
            "created_by": who.account_id,
            "created_at": known.now,
            "input": json.dumps(dict(data), default=str),
            "payload": payload,
        },
    )
    await defer(session, known.service, kind, operation_id)
    audit.record(session, who, "operation.started", "operation", operation_id, unit_id=who.unit_id, after={"kind": kind})
    return operation_id


async def defer(session: Session, service: str, kind: str, operation_id: UUID) -> None:
    """Queues the job of an operation; it becomes visible to the worker with the commit."""
    args = json.dumps({"operation_id": str(operation_id)})
    await session.execute(DEFER, {"queue": service, "task": f"{service}.{kind}", "once": str(operation_id), "args": args})


def accepted(operation_id: UUID) -> Response:
    """202 with the address where the work can be watched."""
    location = f"/v1/operations/{operation_id}"
    body = json.dumps({"id": str(operation_id), "state": "queued", "progress": 0})
    return Response(body, status_code=202, headers={"Location": location}, media_type="application/json")
