"""How long work on the database may take: the connections in use are noted, and dropped when its time is up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

import asyncpg

# Connections taken by the request at hand, so that its deadline can drop them.
HELD: ContextVar[list[asyncpg.Connection] | None] = ContextVar("held_connections", default=None)


def hold(driver: asyncpg.Connection) -> None:
    """Notes that the request at hand uses this connection."""
    held = HELD.get()
    if held is not None:
        held.append(driver)


@contextmanager
def holding(driver: asyncpg.Connection) -> Iterator[None]:
    """Notes a connection while it is used; given back, it serves somebody else and is no longer ours to drop."""
    held = HELD.get()
    hold(driver)
    try:
        yield
    finally:
        if held is not None:
            held.remove(driver)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Ends work on the database after so many seconds with `db_faults.DatabaseUnavailable`.

    The connections in use are dropped hard, because a polite close waits for the stalled server; the waiting
    statement then fails by itself. Work that holds no connection is cancelled a little later.
    """
    held: list[asyncpg.Connection] = []
    token = HELD.set(held)
    timer = asyncio.get_running_loop().call_later(seconds, _drop, held)
    try:
        async with asyncio.timeout(seconds + 0.3):
            yield
    finally:
        timer.cancel()
        HELD.reset(token)


def _drop(held: list[asyncpg.Connection]) -> None:
    for driver in held:
        driver.terminate()
