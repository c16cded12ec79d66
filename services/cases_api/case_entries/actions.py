"""How case files come in: created one by one, or entered and brought up to date in batches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_entries import queries, rules
from services.cases_api.case_entries.queries import Surroundings
from services.cases_api.case_entries.schemas import CaseFileBatchIn
from services.cases_api.case_files import actions as files
from services.cases_api.case_files.queries import rows as file_rows
from services.cases_api.case_files.rules import contents, states
from services.cases_api.case_files.rules.states import State
from services.cases_api.case_files.schemas import CaseFileIn
from services.cases_api.case_files.tables import CaseFile, CaseStep
from services.cases_api.case_numbers import actions as numbers
from services.cases_api.case_numbers import rules as number_rules
from services.cases_api.case_numbers.tables import CaseNumber
from services.cases_api.kinds import CaseKind
from services.kit import audit, batches, clock, db, errors, ids, rights
from services.kit.db import Session
from services.kit.errors import DomainError, Fault, raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal

COPIED: Final = (
    "procedure", "item", "item_code", "legal_bases", "officers", "joint_basis", "decision", "amount_fen", "filed_on",
    "decided_on", "closed_on", "archived_on", "sector", "act_ended_on", "discovered_on", "grave_harm", "offline_reason",
    "obstacle_ended_on", "keyed_in_on",
)  # fmt: skip
# Stands for a good item of an atomic batch that is refused whole; such an answer tells of the refusals alone.
SPARED: Final[batches.Done] = (200, UUID(int=0))
Series = tuple[UUID, CaseKind, int]


@dataclass(frozen=True, slots=True)
class News:
    """What a repeated import brings: columns old and new, whether the party or the steps differ."""

    before: dict[str, Any]
    after: dict[str, Any]
    party: bool
    steps: bool

    def __bool__(self) -> bool:
        return bool(self.after) or self.party or self.steps


async def create(session: Session, who: Principal, wanted: CaseFileIn, vault: Vault, now: datetime) -> CaseFile:
    """Enters one file; its number is the reserved one named, or the next of its series.

    Raises BadInput with every fault, Duplicate when the external id is known already.
    """
    around = await queries.surroundings(session, [wanted])
    raise_if(_refusal(who, wanted, around, now))
    if around.earlier(wanted) is not None:
        raise db.Duplicate
    (made,) = await _enter(session, who, [wanted], around, vault, now)
    return made


async def batch(
    session: Session, who: Principal, wanted: CaseFileBatchIn, vault: Vault, now: datetime, language: str
) -> batches.Outcomes:
    """Enters or brings up to date each file; a repeated import without news changes nothing, whatever the file's state.

    Statements do not grow with the batch: all items are judged first, then written together.
    """
    around = await queries.surroundings(session, wanted.items)
    news = {
        place: _news(file, entry, around.steps.get(file.id, []), vault)
        for place, entry in enumerate(wanted.items)
        if (file := around.earlier(entry)) is not None
    }
    results: dict[int, batches.Done | DomainError] = dict(_refusals(who, wanted.items, around, news, now))
    if not (wanted.atomic and results):
        accepted = {place: entry for place, entry in enumerate(wanted.items) if place not in results}
        results |= await _write(session, who, accepted, around, news, vault, now)
    if not audit.is_told(session):
        audit.nothing_changed(session)
    told = [results.get(place, SPARED) for place in range(len(wanted.items))]
    return batches.told(session, told, atomic=wanted.atomic, language=language)


async def refusals(session: Session, who: Principal, wanted: Sequence[CaseFileIn], now: datetime) -> dict[int, DomainError]:
    """Why each of these new files could not be entered, by its place."""
    around = await queries.surroundings(session, wanted)
    judged = ((place, _refusal(who, entry, around, now)) for place, entry in enumerate(wanted))
    return {place: refusal for place, refusal in judged if refusal is not None}


async def enter(
    session: Session, who: Principal, wanted: Sequence[CaseFileIn], given: Sequence[str | None], vault: Vault, now: datetime
) -> list[CaseFile]:
    """Enters new files found in order; a number `given` is the one the file has had since it was filed."""
    around = await queries.surroundings(session, wanted)
    return await _enter(session, who, wanted, around, vault, now, given)


def _refusals(
    who: Principal, entries: Sequence[CaseFileIn], around: Surroundings, news: Mapping[int, News], now: datetime
) -> dict[int, DomainError]:
    found: dict[int, DomainError] = {}
    seen = set[object]()
    for place, entry in enumerate(entries):
        marks = {"external_id": around.key(entry), "case_number_id": entry.case_number_id}
        twice = [Fault(f"/body/{name}", "repeated") for name, mark in marks.items() if mark is not None and mark in seen]
        refusal = errors.BadInput(*twice) if twice else _refusal(who, entry, around, now, news.get(place))
        if refusal is not None:
            found[place] = refusal
        seen |= set(marks.values())
    return found


def _refusal(
    who: Principal, entry: CaseFileIn, around: Surroundings, now: datetime, news: News | None = None
) -> DomainError | None:
    """Why an entry cannot be written; `news` is given when an earlier import of it is known."""
    unit, file = around.units.get(entry.unit_id), around.earlier(entry)
    covered = unit is not None and rights.covers(who, unit.path)
    if file is not None and news is not None and covered:
        if (refusal := rules.why_not_same(file, entry)) is not None or not news:
            return refusal
        if (refusal := states.why_not_change(file) or states.why_not_go_on(file, entry)) is not None:
            return refusal
    closer = who.admitted(access.CASE_FILES_CLOSE.grants)
    known = rules.Around(
        district_id=unit.district_id if unit is not None and covered else None,
        officers=around.officers,
        number=around.numbers.get(entry.case_number_id) if entry.case_number_id else None,
        today=clock.local_day(now),
        may_close=unit is not None and closer is not None and rights.covers(closer, unit.path),
        repeats=news is not None,
        ask_officers=news is None or "officers" in news.after or news.steps,
    )
    faults = list(rules.faults(entry, around=known))
    return errors.BadInput(*faults) if faults else None


def _news(file: CaseFile, entry: CaseFileIn, rows: Sequence[CaseStep], vault: Vault) -> News:
    before, after = audit.changes({name: getattr(file, name) for name in COPIED}, {name: getattr(entry, name) for name in COPIED})
    kept = [_content(row.step, row.happened_on, row.note, row.fields) for row in rows]
    sent = [_content(row.step, row.happened_on, row.note, row.fields) for row in _steps(file, entry, file.created_at)]
    return News(before, after, not files.is_same_party(file, entry.party, vault), sorted(kept) != sorted(sent))


def _content(step: str, on: date, note: str | None, fields: Mapping[str, Any]) -> tuple[str, ...]:
    return (step, on.isoformat(), note or "", json.dumps(fields, sort_keys=True))


async def _write(
    session: Session,
    who: Principal,
    entries: Mapping[int, CaseFileIn],
    around: Surroundings,
    news: Mapping[int, News],
    vault: Vault,
    now: datetime,
) -> dict[int, batches.Done]:
    new = {place: entry for place, entry in entries.items() if place not in news}
    made = await _enter(session, who, list(new.values()), around, vault, now)
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
        files.assign_party(file, entry.party, vault)
    if news.steps:
        for row in rows:
            await session.delete(row)
        session.add_all(_steps(file, entry, now))
    start = State(file.state)
    moved = _carry_on(session, who, file, start, now)
    file.state = moved[-1].end if moved else start
    file_rows.touch(file, now)
    await session.flush()
    marks = {name: "…" for name in ("party", "steps") if getattr(news, name)}
    files.tell(session, who, file, "changed", news.before, news.after | marks | {"state": file.state})


async def _enter(
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
        session.add_all(_steps(file, entry, now))
        session.add(files.move_row(who, file, states.CREATED, None, State.OPEN, file.filed_on, now))
        _carry_on(session, who, file, State.OPEN, now)
    await session.flush()
    for file in made:
        facts = {"case_no": file.case_no, "kind": file.kind, "state": file.state, "external_id": file.external_id}
        files.tell(session, who, file, "created", {}, facts | {name: getattr(file, name) for name in COPIED})
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
    files.assign_party(file, entry.party, vault)
    return file


def _steps(file: CaseFile, entry: CaseFileIn, now: datetime) -> list[CaseStep]:
    """The steps sent, and those that follow from the file's own days."""
    rows = [file_rows.step_row(file.id, step.step, step.on, now, step.note, step.facts()) for step in entry.steps]
    sent = {step.step for step in entry.steps}
    kept = contents.kept_days(entry).items()
    return rows + [file_rows.step_row(file.id, step, on, now) for step, on in kept if step not in sent]


def _carry_on(session: Session, who: Principal, file: CaseFile, start: State, now: datetime) -> list[states.Move]:
    """Writes the history of a file whose days carry it on from a state."""
    moved = list(states.forward(start, file))
    session.add_all(files.move_row(who, file, move.verb, move.start, move.end, move.on, now) for move in moved)
    return moved
