"""Work behind the writers: numbers the outbox into the feed, seals the audit chain, rereads sign-outs, drops what is old.

Every service runs it; advisory locks in the database let one at a time do each job, so a service that is down stops none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from sqlalchemy import text

from services.kit import auth, idempotency, imports, logs
from services.kit.runtime import Runtime

log = logs.logger(__name__)

KEY_LIFE = timedelta(days=7)
REVOCATIONS = text(
    "SELECT subject, jti, ceil(extract(epoch FROM not_before))::bigint AS issued_before"
    " FROM kit.revocations WHERE expires_at > :now"
)

Step = Callable[[Runtime], Awaitable[None]]


async def seal(runtime: Runtime) -> None:
    """Gives committed messages their place in the feed and closes the audit chain."""
    async with runtime.database.reading() as connection:
        await connection.execute(text("SELECT kit.number_outbox(), kit.seal_audit()"))


async def reread_revocations(runtime: Runtime) -> None:
    """Loads sign-outs and barred accounts, so that they bite within seconds on every process."""
    async with runtime.database.reading() as connection:
        rows = (await connection.execute(REVOCATIONS, {"now": runtime.clock()})).all()
    runtime.verifier.revocations.replace(
        auth.Ended(row.jti) if row.jti is not None else auth.Barred(row.subject, row.issued_before) for row in rows
    )


async def forget_old_keys(runtime: Runtime) -> None:
    """Deletes idempotency keys older than seven days."""
    async with runtime.database.reading() as connection:
        await connection.execute(idempotency.FORGET, {"limit": runtime.clock() - KEY_LIFE})


STEPS: Sequence[tuple[Step, float]] = (
    (seal, 0.25),
    (reread_revocations, 2.0),
    (forget_old_keys, 3600.0),
    (imports.forget, 3600.0),
)


async def repeat(runtime: Runtime, step: Step, seconds: float) -> None:
    """Runs a step for ever; a failure (the database is away) is logged and tried again."""
    while True:
        try:
            # Not wait_for: before Python 3.12 it loses a cancellation that meets a step just done, and the stop hangs.
            async with asyncio.timeout(10):
                await step(runtime)
        except Exception as error:
            log.warning("relay.failed", step=step.__name__, error=type(error).__name__)
            await asyncio.sleep(1)
        await asyncio.sleep(seconds)
