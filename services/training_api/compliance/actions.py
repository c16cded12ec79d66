"""Comparing the running sums of any number of officers part by part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from services.kit import deadlines
from services.kit.db import Database, Reader
from services.training_api.compliance import queries
from services.training_api.compliance.rules import SumsChecked
from services.training_api.compliance.schemas import SumsVerificationOut

# Officers whose entries one statement sums up: well within a second on a small machine.
OFFICERS = 2_000
PART_SECONDS = 15.0


async def check_part(read: Reader, district_id: UUID | None, behind: UUID | None) -> SumsChecked:
    """The next officers."""
    return await queries.astray(read, district_id, behind, OFFICERS)


async def check_rest(database: Database, district_id: UUID | None, known: SumsChecked) -> AsyncIterator[bytes]:
    """The answer of a check that goes on, preceded by a blank for each part, so that nobody takes it for dead."""
    while known.goes_on_behind is not None:
        yield b" "
        async with deadlines.within(PART_SECONDS), database.reading() as read:
            known = known.and_then(await check_part(read, district_id, known.goes_on_behind))
    yield told(known)


def told(known: SumsChecked) -> bytes:
    """The answer."""
    found = SumsVerificationOut(checked=known.checked, ok=known.first_bad is None, first_bad=known.first_bad)
    return found.model_dump_json().encode()
