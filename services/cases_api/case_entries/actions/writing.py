"""The rows of files found in order: numbers, files, steps, history; each with its audit row and message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.cases_api.case_entries.actions.news import COPIED, News, steps_of
from services.cases_api.case_entries.queries import Surroundings
from services.cases_api.case_files.actions import parties, trail
from services.cases_api.case_files.queries import rows as file_rows
from services.cases_api.case_files.rules import states
from services.cases_api.case_files.rules.states import State
from services.cases_api.case_files.schemas.bodies import CaseFileIn
from services.cases_api.case_files.tables import CaseFile, CaseStep
from services.cases_api.case_numbers import actions as numbers
from services.cases_api.case_numbers import rules as number_rules
from services.cases_api.case_numbers.tables import CaseNumber
from services.cases_api.kinds import CaseKind
from services.kit import batches, ids
from services.kit.db import Session
from services.kit.personal import Vault
from services.kit.principal import Principal

Series = tuple[UUID, CaseKind, int]


async def write(
    session: Session,
    who: Principal,
    entries: Mapping[int, CaseFileIn],
    around: Surroundings,
    news: Mapping[int, News],
    vault: Vault,
    now: datetime,
) -> dict[int, batches.Done]:
    """Writes the entries accepted, by their place: new ones entered (201), known ones brought up to date (200)."""
    new = {place: entry for place, entry in entries.items() if place not in news}
    made = await enter(session, who, list(new.values()), around, vault, now)
    results: dict[int, batches.Done] = {place: (201, file.id) for place, file in zip(new, made, strict=True)}
    for place, entry in entries.items():
        if (file := around.earlier(entry)) is not None and place in news:
            if news[place]:
                await _update(session, who, file, entry, around.steps.get(file.id, []), news[place], vault, now)
            results[place] = (200, file.id)
    await session.flush()
    return results


async def _update(
    session: Session,
    who: Principal,
    file: CaseFile,
    entry: CaseFileIn,
    rows: Sequence[CaseStep],
    news: News,
    vault: Vault,
    now: datetime,
) -> None:
    """Brings an open or decided file up to date with what its system sends now."""
    for name, value in news.after.items():
        setattr(file, name, value)
    if news.party:
        parties.assign(file, entry.party, vault)
    if news.steps:
        for row in rows:
            await session.delete(row)
        session.add_all(steps_of(file, entry, now))
    start = State(file.state)
    moved = _carry_on(session, who, file, start, now)
    file.state = moved[-1].end if moved else start
    file_rows.touch(file, now)
    await session.flush()
    marks = {name: "…" for name in ("party", "steps") if getattr(news, name)}
    trail.tell(session, who, file, "changed", news.before, news.after | marks | {"state": file.state})


async def enter(
    session: Session,
    who: Principal,
    entries: Sequence[CaseFileIn],
    around: Surroundings,
    vault: Vault,
    now: datetime,
    texts: Sequence[str | None] | None = None,
) -> list[CaseFile]:
    """Writes files found in order: numbers first, since the files point at them, then all that hangs on the files."""
    given = await _numbers(session, who, entries, around, now, texts or [None] * len(entries))
    made = [_row(who, entry, number, vault, now) for entry, number in zip(entries, given, strict=True)]
    session.add_all(made)
    await session.flush()
    for entry, file in zip(entries, made, strict=True):
        session.add_all(steps_of(file, entry, now))
        session.add(trail.move_row(who, file, states.CREATED, None, State.OPEN, file.filed_on, now))
        _carry_on(session, who, file, State.OPEN, now)
    await session.flush()
    for file in made:
        facts = {"case_no": file.case_no, "kind": file.kind, "state": file.state, "external_id": file.external_id}
        trail.tell(session, who, file, "created", {}, facts | {name: getattr(file, name) for name in COPIED})
    return made


async def _numbers(
    session: Session,
    who: Principal,
    entries: Sequence[CaseFileIn],
    around: Surroundings,
    now: datetime,
    texts: Sequence[str | None],
) -> list[CaseNumber]:
    """A number for each entry: the reserved one, or the next of the series, taken series by series in one fixed order."""
    wanted: dict[Series, list[str | None]] = {}
    for entry, text in zip(entries, texts, strict=True):
        if entry.case_number_id is None:
            wanted.setdefault(_series(entry), []).append(text)
    taken: dict[Series, list[CaseNumber]] = {}
    for series, told in sorted(wanted.items(), key=lambda pair: pair[0]):
        unit_id, kind, year = series
        rows = await numbers.take(session, who, around.units[unit_id], kind, year, told, now, state=number_rules.State.USED)
        taken[series] = list(reversed(rows))
    given = [around.numbers[entry.case_number_id] if entry.case_number_id else taken[_series(entry)].pop() for entry in entries]
    for number in given:
        number.state = number_rules.State.USED
    return given


def _series(entry: CaseFileIn) -> Series:
    return (entry.unit_id, entry.kind, entry.filed_on.year)


def _row(who: Principal, entry: CaseFileIn, number: CaseNumber, vault: Vault, now: datetime) -> CaseFile:
    moved = list(states.forward(State.OPEN, entry))
    file = CaseFile(
        id=ids.new_id(),
        district_id=number.district_id,
        unit_id=number.unit_id,
        case_number_id=number.id,
        case_no=number.number,
        kind=entry.kind,
        state=moved[-1].end if moved else State.OPEN,
        external_system=entry.external_system,
        external_id=entry.external_id,
        created_by=who.account_id,
        created_at=now,
        updated_at=now,
        **{name: getattr(entry, name) for name in COPIED},
    )
    parties.assign(file, entry.party, vault)
    return file


def _carry_on(session: Session, who: Principal, file: CaseFile, start: State, now: datetime) -> list[states.Move]:
    """Writes the history of a file whose days carry it on from a state."""
    moved = list(states.forward(start, file))
    session.add_all(trail.move_row(who, file, move.verb, move.start, move.end, move.on, now) for move in moved)
    return moved
