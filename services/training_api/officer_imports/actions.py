"""Importing officers: each row judged by the rules of an entry, the good ones written like entries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from services.kit import audit, errors, import_answers, references
from services.kit.imports import CHECKED, READ, Run, Work
from services.training_api.officer_entries import actions as entries
from services.training_api.officer_entries.actions import Claimed, Desk, Entry
from services.training_api.officer_imports import formats, queries, rules
from services.training_api.officer_imports.queries import Staged
from services.training_api.officer_imports.rules import LAYOUT, Row
from services.training_api.officers.rules import SamePerson
from services.training_api.officers.schemas import OfficerIn
from services.training_api.officers.tables import Officer

KIND: Final = "officer_import"
PATH: Final = "/v1/officer-imports"
REPEATS: Final = ("import.repeated_in_file", rules.RECORDED)


async def check(run: Run) -> None:
    """Finds what is wrong with each row: unit, number, day, and whether the person or the external id is there already."""
    await queries.index(run)
    await queries.refuse_repeated_in_file(run)
    units, claimed, last = await _units(run), Claimed(), 0
    while some := await queries.rows(run, last, good=False):
        last = some[-1].number
        await queries.refuse(run, await _reasons(run, some, units, claimed))
        await run.note(min(last / rules.MOST_ROWS, 0.95), of=CHECKED, after=READ)


async def post(run: Run) -> None:
    """Writes the good rows, slice by slice in one transaction, each with its audit row and its message."""
    units, last = await _units(run), 0
    while some := await queries.rows(run, last, good=True):
        last = some[-1].number
        items = [formats.entry(row, units) for row in await _opened(run, some)]
        desk = await entries.desk_for(run.session, run.who, run.vault, items, run.now)
        await entries.write(run.session, desk, dict(enumerate(_judged(desk, item) for item in items)))
        # What is written need not be held until the end.
        await run.session.flush()
        run.session.expunge_all()
        await run.note(min(last / rules.MOST_ROWS, 0.95), of=0.98, after=CHECKED)
    if not audit.is_told(run.session):
        audit.nothing_changed(run.session)


def _judged(desk: Desk, item: OfficerIn) -> Entry:
    """An item that was found good before, under a lock held since then. Raises what it has become, should that be wrong."""
    found = entries.judged(desk, item)
    if isinstance(found, errors.DomainError):
        raise found
    return found


async def _units(run: Run) -> dict[str, UUID]:
    """The district's units by their codes."""
    assert run.who.district_id is not None
    return {unit.code: unit.id for unit in await references.units_of(run.session, run.who.district_id)}


async def _opened(run: Run, some: Sequence[Staged]) -> list[Row]:
    return await asyncio.to_thread(lambda: [formats.opened(run.vault, run.id, each.content) for each in some])


async def _reasons(run: Run, some: Sequence[Staged], units: Mapping[str, UUID], claimed: Claimed) -> list[tuple[int, str]]:
    """Every reason against these rows beside those of their cells. Rows refused already claim no number."""
    items = [formats.entry(row, units) for row in await _opened(run, some)]
    desk = await entries.desk_for(run.session, run.who, run.vault, items, run.now, claimed)
    known = await queries.seen(run, set(desk.known.holders.values()) - {rules.NOBODY})
    told: list[tuple[int, str]] = []
    for staged, item in zip(some, items, strict=True):
        if staged.refused:
            found = rules.reasons(errors.BadInput(*entries.faults_of(desk, item))) if staged.reasons else []
        else:
            found = _of(desk, item, entries.judged(desk, item), known)
        told += [(staged.number, reason) for reason in rules.beside(found, staged.reasons)]
    return told


def _of(desk: Desk, item: OfficerIn, found: Entry | errors.DomainError, known: Mapping[UUID, Officer]) -> list[str]:
    if not isinstance(found, errors.DomainError):
        return []
    if isinstance(found, SamePerson):
        holder = entries.holder_of(desk, item)
        if holder == rules.NOBODY:
            return [rules.TWICE]
        if holder is not None and holder in known and _is_recorded(item, known[holder]):
            return [rules.RECORDED]
    return rules.reasons(found)


def _is_recorded(item: OfficerIn, officer: Officer) -> bool:
    """Whether all that the row says stands there already."""
    said = item.model_dump(exclude={"id_number", "external_system", "external_id"})
    return item.external_id is None and all(_same(value, getattr(officer, name)) for name, value in said.items())


def _same(said: object, known: object) -> bool:
    return list(said) == known if isinstance(said, tuple) else said == known


IMPORTS: Final = import_answers.of(KIND, PATH, LAYOUT)
WORK: Final = Work(KIND, LAYOUT, formats.COLUMNS, formats.line, check, post, REPEATS, rules.MOST_ROWS)
