"""Reads of operations: each caller sees the own ones only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from services.directory_api.operations.tables import operations
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": operations.c.id,
        "kind": operations.c.kind,
        "state": operations.c.state,
        "progress": operations.c.progress,
        "cancel_asked": operations.c.cancel_asked,
        "result_url": operations.c.result_url,
        "problem": operations.c.problem,
        "created_at": answers.moment(operations.c.created_at),
        "finished_at": answers.moment(operations.c.finished_at),
        "version": operations.c.version,
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of operations."""
    return visibility.within(who, own=operations.c.created_by == visibility.me(who))


OPERATIONS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-created_at": pagination.Order((operations.c.created_at, operations.c.id))},
    filters={"state": reads.equals(operations.c.state)},
)
OPERATION = reads.Single(body=BODY, version=operations.c.version, key=operations.c.id, visible_to=visible_to)


async def state_for_update(session: Session, who: Principal, operation_id: UUID, version: int) -> str:
    """The state, its row locked; NotFound, Stale."""
    found = select(operations.c.state, operations.c.version).where(operations.c.id == operation_id, visible_to(who))
    row: Any = (await session.execute(found.with_for_update())).one_or_none()
    if row is None:
        raise errors.NotFound
    preconditions.expect(row.version, version)
    return str(row.state)


async def ask_to_cancel(session: Session, operation_id: UUID) -> None:
    """Leaves the wish for the worker to find; work that has not begun ends before it does."""
    changed = update(operations).where(operations.c.id == operation_id)
    await session.execute(changed.values(cancel_asked=True, version=operations.c.version + 1))
