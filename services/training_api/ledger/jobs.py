"""Sealing behind the writers."""

from __future__ import annotations

from services.kit.runtime import Runtime
from services.training_api.ledger import queries

EVERY_SECONDS = 0.25
MOST = 10_000


async def seal(runtime: Runtime) -> None:
    """Chains committed entries and decisions; an advisory lock lets one process at a time do it."""
    async with runtime.database.reading() as read:
        while await queries.seal(read, MOST, runtime.clock()) == MOST:
            pass
