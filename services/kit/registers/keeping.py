"""Records as they are written and told: one or many at once. What is written here was found sound before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.kit import audit, errors, fields, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.references import Unit
from services.kit.registers.queries import Store
from services.kit.registers.tables import LIVE, RecordColumns
from services.kit.trail import Trail


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to enter, found sound; `key` is the system and the id by which it is known elsewhere."""

    unit: Unit
    facts: fields.In
    key: tuple[str, str] | None


async def enter(session: Session, who: Principal, store: Store, entries: Sequence[Entry], now: datetime) -> None:
    """Enters many records at once, each with its audit row and its message."""
    rows = [made(who, store, entry, now) for entry in entries]
    session.add_all(rows)
    await session.flush()
    for each in rows:
        tell(session, who, store, each, "created", {}, each.facts)


def made(who: Principal, store: Store, entry: Entry, now: datetime) -> RecordColumns:
    """The row of an entry."""
    kind, facts = store.kind, entry.facts
    row = store.table()
    row.id, row.kind, row.state = ids.new_id(), kind.key, LIVE
    row.district_id, row.unit_id = entry.unit.district_id, entry.unit.id
    row.occurred_on, row.subject_id, row.facts = kind.day_of(facts), kind.subject_of(facts), written_of(facts)
    row.attachment_ids = []
    row.external_system, row.external_id = entry.key or (None, None)
    row.created_by, row.created_at, row.updated_at = who.account_id, now, now
    return row


async def rewrite_many(
    session: Session, who: Principal, store: Store, rows: Sequence[tuple[RecordColumns, fields.In]], now: datetime
) -> None:
    """Puts sound facts in the place of those the records have. Raises Stale where one was changed meanwhile."""
    if not rows:
        return
    if await store.rewrite(session, rows, now) != len(rows):
        raise errors.Stale
    for found, facts in rows:
        before, after = difference(found, written_of(facts))
        tell(session, who, store, found, "changed", before, after, version=found.version + 1)


def difference(found: RecordColumns, written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Old and new facts that differ; those taken away are null."""
    names = {**found.facts, **written}
    return audit.changes({name: found.facts.get(name) for name in names}, {name: written.get(name) for name in names})


def tell(
    session: Session, who: Principal, store: Store, found: RecordColumns, verb: str, before: Any, after: Any,
    reason: str | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """The audit row and the message of what was done with a record."""
    trail = Trail(store.kind.object_type, store.kind.grants.read)
    trail.tell(session, who, found, verb, before, after, reason, version=version)


def written_of(facts: fields.In) -> dict[str, Any]:
    """Facts as the table keeps them."""
    return facts.model_dump(mode="json", exclude_none=True)
