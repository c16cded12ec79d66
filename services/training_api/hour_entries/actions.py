"""Writing rows of the ledger with what is told of them. Who may write what is decided by those who call this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.hour_entries.tables import HourEntry

OBJECT = "hour_entry"
TRAIL: Final = Trail(OBJECT, access.HOURS_READ)
# The version of an entry that was just written (rules.EntryFacts.version).
FIRST_VERSION = 2


async def add(session: Session, who: Principal, entries: Sequence[HourEntry], verb: str, *, reason: str | None = None) -> None:
    """Adds entries (`entered`, `reversed`), each with its audit row and its message."""
    session.add_all(entries)
    await session.flush()
    for entry in entries:
        tell(session, who, entry, verb, FIRST_VERSION, _facts(entry), reason=reason)


def tell(
    session: Session,
    who: Principal,
    entry: HourEntry,
    verb: str,
    version: int,
    after: dict[str, Any],
    *,
    reason: str | None = None,
) -> None:
    """Audit row and message of something done with an entry."""
    TRAIL.tell(session, who, entry, verb, after=after, reason=reason, version=version)


def _facts(entry: HourEntry) -> dict[str, Any]:
    facts = {
        "officer_id": entry.officer_id,
        "category": entry.category,
        "hundredths": entry.hundredths,
        "occurred_on": entry.occurred_on,
        "state": entry.entered_as,
        "reverses_id": entry.reverses_id,
        "class_id": entry.class_id,
    }
    return {name: value for name, value in facts.items() if value is not None}
