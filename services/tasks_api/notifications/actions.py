"""Sending messages, and reading them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from services.kit import audit, errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api.notifications import queries
from services.tasks_api.notifications.rules import Message
from services.tasks_api.notifications.schemas import ReadIn


async def send(session: Session, messages: Iterable[Message], now: datetime) -> None:
    """Puts messages into the inboxes; the act they tell of has its own audit row and feed entry."""
    rows = [
        {
            "id": ids.new_id(),
            "district_id": message.district_id,
            "unit_id": message.unit_id,
            "roles": [role.value for role in message.roles],
            "kind": message.kind.value,
            "title": message.title,
            "text": message.text,
            "object_type": message.object_type,
            "object_id": message.object_id,
            "data": dict(message.data),
            "recorded_at": now,
        }
        for message in messages
    ]
    await queries.add(session, rows)


async def mark_read(session: Session, who: Principal, wanted: ReadIn, now: datetime) -> int:
    """Marks messages of the caller's own inbox as read; those of others are passed over. Raises BadInput (nothing named)."""
    if not wanted.ids and wanted.until is None:
        raise errors.BadInput(errors.Fault("/body/ids", "missing"))
    marked = await queries.mark_read(session, who, wanted.ids, wanted.until, now)
    if marked:
        audit.record(session, who, "notifications.read", "account", who.account_id, who.district_id, after={"marked": marked})
    else:
        audit.nothing_changed(session)
    return marked
