"""Sealing behind the writers, and signing when a day is over."""

from __future__ import annotations

from services.kit.runtime import Runtime
from services.training_api.ledger import actions, queries

SEAL_SECONDS = 0.25
SIGN_SECONDS = 60.0
MOST = 10_000


async def seal(runtime: Runtime) -> None:
    """Chains committed entries and decisions; an advisory lock lets one process at a time do it."""
    async with runtime.database.reading() as read:
        while await queries.seal(read, MOST, runtime.clock()) == MOST:
            pass


async def sign_heads(runtime: Runtime) -> None:
    """Signs the heads of yesterday, once."""
    await actions.sign_heads(runtime.database, runtime.extras["ledger_seal"], runtime.clock())


STEPS = ((seal, SEAL_SECONDS), (sign_heads, SIGN_SECONDS))
