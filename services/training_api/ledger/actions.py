"""Checking a chain of any length part by part, signing its heads, and writing it out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from uuid import UUID

from services.kit import clock, deadlines
from services.kit.db import Database, Reader
from services.kit.signatures import Seal
from services.training_api.ledger import queries, rules

# Links recomputed by one statement: well within a second on a small machine.
PART = 20_000
# Entries looked for in the chain by one statement.
ENTRIES = 50_000
PART_SECONDS = 15.0
# Links of an export held in memory at a time.
PAGE = 2_000


async def check_part(read: Reader, seal: Seal, district_id: UUID, known: rules.Checked) -> rules.Checked:
    """The next parts of a check, as far as they are short: links, behind them rows outside the chain, then the signed heads."""
    if not known.has_links:
        known = await queries.check_links(read, district_id, known, PART)
    if known.has_links and not known.has_entries:
        known = await queries.check_outside(read, district_id, known, ENTRIES)
    if known.has_links and known.has_entries:
        known = known.with_heads(await _fault_of_heads(read, seal, district_id))
    return known


async def _fault_of_heads(read: Reader, seal: Seal, district_id: UUID) -> rules.Fault | None:
    heads = await queries.signed_heads(read, district_id)

    def first_bad() -> rules.Fault | None:
        for head, signature, entry_id, agrees in heads:
            if not agrees or seal.opened(signature) != head.told():
                return rules.Fault(rules.REWRITTEN, entry_id, head.sequence)
        return None

    # A signature a day, for years: not on the event loop.
    return await asyncio.to_thread(first_bad)


async def check_rest(database: Database, seal: Seal, district_id: UUID, known: rules.Checked) -> AsyncIterator[bytes]:
    """The answer of a check that goes on, preceded by a blank for each part, so that nobody takes it for dead."""
    while not known.is_over:
        yield b" "
        async with deadlines.within(PART_SECONDS), database.reading() as read:
            known = await check_part(read, seal, district_id, known)
    yield json.dumps(known.told()).encode()


async def head(read: Reader, seal: Seal, district_id: UUID, now: datetime) -> str:
    """The newest link of the chain, signed, as JSON text."""
    return (await queries.newest(read, district_id, now)).signed(seal)


async def sign_heads(database: Database, seal: Seal, now: datetime) -> None:
    """Signs and keeps the heads of the day before, for each district whose chain has one to sign."""
    today = clock.local_day(now)
    midnight = datetime.combine(today, time(), clock.SHANGHAI)
    async with database.reading() as read:
        heads = await queries.unsigned(read, today - timedelta(days=1), midnight, now)
    for each in heads:
        async with database.transaction() as session:
            await queries.keep_head(session, each, seal.sign(each.told()))


async def export(database: Database, district_id: UUID) -> AsyncIterator[bytes]:
    """The chain in its order, one JSON object a line: what the hashes cover, and the hashes."""
    reached: int | None = -(2**62)
    while reached is not None:
        async with deadlines.within(PART_SECONDS), database.reading() as read:
            lines, reached = await queries.lines(read, district_id, reached, PAGE)
        if lines:
            yield lines.encode()
