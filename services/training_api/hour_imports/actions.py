"""Importing class hours: whom each row means, whether it may be entered, and entering it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Final
from uuid import UUID

from services.kit import audit, clock, errors, import_answers, outbox
from services.kit.imports import CHECKED, Run, Work
from services.training_api import access
from services.training_api.hour_entries.actions import OBJECT
from services.training_api.hour_entries.rules import Claim
from services.training_api.hour_imports import formats, queries, rules
from services.training_api.hour_postings.rules import LEADING
from services.training_api.hour_postings.schemas import PLATFORM

KIND: Final = "hour_import"
PATH: Final = "/v1/hour-imports"
# Between two slices progress is shown, and a wish to cancel is heard.
SLICE: Final = 10_000
POSTED, RECORDED = 0.86, 0.98
REPEATS: Final = (
    "import.repeated_in_file",
    "external_id:import.repeated_in_file",
    "import.recorded",
    "import.recorded_and_undone",
    "external_id:hours.duplicate_external_id",
)

Rows = list[tuple[int, UUID, Claim]]


async def check(run: Run) -> None:
    """Finds what is wrong with each row: its officer, its day, its hours, whether it is there already, and whether there
    is room for it beside the others of the file and those of the ledger."""
    await queries.look_up(run)
    await run.note(0.54)
    await queries.learn_terms(run, _district(run), by_member=not run.who.roles & LEADING)
    await queries.check_rows(run, clock.local_day(run.now), PLATFORM)
    await run.note(0.60)
    await queries.check_repeats(run, _district(run))
    await run.note(0.64)
    await _check_room(run)
    await queries.check_caps(run)


async def post(run: Run) -> None:
    """Enters the good rows, some as pending, each with its audit row and its message."""
    if (span := await queries.span(run)) is None:
        return
    await _by_slices(run, span, CHECKED, POSTED, queries.post)
    await queries.refuse_overtaken(run)
    event = audit.alike(run.session, run.who, f"{OBJECT}.entered", OBJECT)
    message = outbox.alike(run.session, f"{OBJECT}.entered", OBJECT, 2, access.HOURS_READ)
    await _by_slices(run, span, POSTED, RECORDED, partial(queries.record, event=event, message=message))


async def _by_slices(
    run: Run, span: tuple[int, int], begun: float, ended: float, act: Callable[[Run, int, int], Awaitable[None]]
) -> None:
    first, last = span
    for start in range(first, last + 1, SLICE):
        await act(run, start, start + SLICE - 1)
        await run.note((start - first + SLICE) / (last - first + 1), of=ended, after=begun)


def _district(run: Run) -> UUID:
    if run.who.district_id is None:
        raise errors.Forbidden
    return run.who.district_id


async def _check_room(run: Run) -> None:
    """Row by row, in the order of the file, for those officers alone of whom there is doubt."""
    await queries.find_doubtful(run)
    last = None
    while some := await queries.doubtful(run, last):
        last = some[-1]
        rows, standing = await queries.claims(run, some, new=True), await queries.claims(run, some, new=False)
        await queries.refuse(run, await asyncio.to_thread(_without_room, rows, standing))
        await run.note(0.66)


def _without_room(rows: Rows, standing: Rows) -> list[tuple[int, str]]:
    diaries: defaultdict[UUID, rules.Diary] = defaultdict(rules.Diary)
    for _, officer_id, claim in standing:
        diaries[officer_id].take(claim)
    return list(_refusals(rows, diaries))


def _refusals(rows: Rows, diaries: defaultdict[UUID, rules.Diary]) -> Iterable[tuple[int, str]]:
    for number, officer_id, claim in rows:
        reasons = diaries[officer_id].why_not(claim)
        if not reasons:
            diaries[officer_id].take(claim)
        yield from ((number, reason) for reason in reasons)


IMPORTS: Final = import_answers.of(KIND, PATH, rules.LAYOUT)
WORK: Final = Work(KIND, rules.LAYOUT, formats.COLUMNS, formats.line, check, post, REPEATS)
