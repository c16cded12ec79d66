"""Checking a chain of any length, part by part."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import UUID

from services.kit import db
from services.kit.db import Database, Reader
from services.training_api.ledger import queries, rules

# Links recomputed by one statement: well within a second on a small machine.
PART = 20_000
PART_SECONDS = 15.0


async def check_part(read: Reader, district_id: UUID, known: rules.Checked) -> rules.Checked:
    """The next part of a check; behind the last link also the rows outside the chain."""
    checked = await queries.check_links(read, district_id, known, PART)
    return await queries.check_outside(read, district_id, checked) if checked.is_over else checked


async def check_rest(database: Database, district_id: UUID, known: rules.Checked) -> AsyncIterator[bytes]:
    """The answer of a check that goes on, preceded by a blank for each part, so that nobody takes it for dead."""
    while not known.is_over:
        yield b" "
        async with db.deadline(PART_SECONDS), database.reading() as read:
            known = await check_part(read, district_id, known)
    yield json.dumps(known.told()).encode()
