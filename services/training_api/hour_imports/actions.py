"""Importing class hours: whom each row means, whether it may be entered, and entering it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from services.kit import audit, clock, import_answers, outbox
from services.kit.imports import CHECKED, Run, Work
from services.training_api import access
from services.training_api.hour_entries.actions import OBJECT
from services.training_api.hour_entries.rules import Claim, Source
from services.training_api.hour_imports import formats, queries, rules
from services.training_api.hour_postings import queries as postings
from services.training_api.hour_postings.rules import LEADING, Standing
from services.training_api.hour_postings.schemas import PLATFORM
from services.training_api.hour_rules import queries as hour_rules
from services.training_api.hour_rules.rules import HourRule, NoRule
from services.training_api.hour_years import queries as years

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

Rows = Sequence[tuple[int, UUID, Claim]]


async def check(run: Run) -> None:
    """Finds what is wrong with each row: its officer, its day, its hours, whether it is there already, and whether there
    is room for it beside the others of the file and those of the ledger."""
    await queries.look_up(run)
    await run.note(0.54)
    days = await _settings(run)
    await queries.check_rows(run, clock.local_day(run.now), PLATFORM)
    await run.note(0.60)
    await queries.check_repeats(run, years.district_of(run.who))
    await run.note(0.64)
    await _check_room(run, days)


async def post(run: Run) -> None:
    """Enters the good rows, self-study as pending, each with its audit row and its message."""
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


async def _settings(run: Run) -> dict[date, HourRule]:
    """The ledger's settings on each day of the file. Until the import ends nobody closes a year or opens one."""
    district_id = years.district_of(run.who)
    closed, known = await years.closed(run.session, district_id), await hour_rules.settings(run.session, district_id)
    enters_late, is_staff = run.who.admitted(access.HOURS_ENTER_LATE.grants) is not None, not run.who.roles & LEADING
    days: dict[date, HourRule] = {}
    for day in await queries.days(run):
        with suppress(NoRule):
            days[day] = known.on(day)
    made = []
    for day, rule in days.items():
        late = day.year in closed
        for source in Source:
            waits = (late and not enters_late) or rule.is_pending(source, by_member=is_staff)
            made.append((day, source.value, rule.id, waits, late, rule.caps.get(source)))
    await queries.use_settings(run, made)
    return days


async def _check_room(run: Run, days: Mapping[date, HourRule]) -> None:
    """Row by row, in the order of the file, for those officers alone of whom there is doubt."""
    await queries.find_doubtful(run)
    capped = any(rule.caps for rule in days.values())
    last = None
    while some := await queries.doubtful(run, last):
        last = some[-1]
        rows = await queries.claims(run, some)
        claims: dict[UUID, list[Claim]] = {}
        for _, officer_id, claim in rows:
            claims.setdefault(officer_id, []).append(claim)
        standing = await postings.standing(run.session, claims, with_sources=capped)
        await queries.refuse(run, await asyncio.to_thread(_without_room, rows, standing, days))
        await run.note(0.66)


def _without_room(rows: Rows, standing: Mapping[UUID, Standing], days: Mapping[date, HourRule]) -> list[tuple[int, str]]:
    diaries = {officer_id: rules.Diary.of(found) for officer_id, found in standing.items()}
    judged = (
        (number, diaries.setdefault(officer_id, rules.Diary(Standing())).why_not(claim, days[claim.occurred_on]))
        for number, officer_id, claim in rows
    )
    return [(number, reason) for number, reason in judged if reason is not None]


IMPORTS: Final = import_answers.of(KIND, PATH, rules.LAYOUT)
WORK: Final = Work(KIND, rules.LAYOUT, formats.COLUMNS, formats.line, check, post, REPEATS)
