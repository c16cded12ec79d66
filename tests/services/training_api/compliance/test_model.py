"""Figures against an independent model: random service, postings, decisions, reversals, exemptions, corrections, leap years.

Histories are written straight into the tables, each into a district of its own, and asked for as of several moments. The
model counts day by day, with sets of days, where the database reckons with ranges.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.kit import clock, ids
from tests.factories.training import World

DAY = timedelta(days=1)
CATEGORIES = ("public_law", "business", "skills", "political")
COUNTED = CATEGORIES[:3]
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.integers(0, 500).map(lambda days: FIRST + timedelta(days=days, hours=3))
days = st.dates(date(2023, 10, 1), date(2025, 3, 31))
# Edges of months and years, and the leap day, come more often than chance has it.
edges = st.sampled_from([date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(2024, 12, 31),
                         date(2025, 1, 1)])  # fmt: skip
some_day = st.one_of(days, edges)


@dataclass
class Spell:
    """Service, known from a moment on until another one."""

    unit: int
    kind: str
    from_on: date
    to_on: date | None
    recorded_at: datetime
    superseded_at: datetime | None = None


@dataclass
class Exempt:
    """An exemption as approved, known from a moment on until another one."""

    waives: str
    from_on: date
    to_on: date | None
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass
class Entry:
    """Hours entered, perhaps decided, perhaps reversed."""

    category: str
    hundredths: int
    occurred_on: date
    created_at: datetime
    decision: tuple[str, datetime] | None = None
    reversal: tuple[date, datetime] | None = None
    pending: bool = False
    id: UUID = field(default_factory=ids.new_id)


@dataclass
class Person:
    """An officer's whole history."""

    spells: list[Spell]
    exempt: list[Exempt]
    entries: list[Entry]
    id: UUID = field(default_factory=ids.new_id)


@st.composite
def people(draw: st.DrawFn) -> Person:
    cuts = sorted(draw(st.lists(some_day, min_size=1, max_size=3, unique=True)))
    spells = []
    for place, begin in enumerate(cuts):
        last = place == len(cuts) - 1
        latest = (cuts[place + 1] - DAY) if not last else date(2026, 1, 1)
        ends = draw(st.booleans()) or not last
        end = draw(st.dates(begin, latest)) if ends else None
        kind = draw(st.sampled_from(["officer", "officer", "officer", "auxiliary"]))
        spells.append(Spell(draw(st.integers(0, 1)), kind, begin, end, draw(moments)))
    if draw(st.booleans()):
        # A correction: the last spell was known otherwise before.
        corrected = spells[-1]
        known_until = corrected.recorded_at
        wrong = Spell(1 - corrected.unit, corrected.kind, corrected.from_on, None, FIRST - DAY, known_until)
        spells.append(wrong)
    exempt = []
    for _ in range(draw(st.integers(0, 2))):
        begin = draw(some_day)
        end = draw(st.one_of(st.none(), st.dates(begin, date(2025, 12, 31))))
        recorded = draw(moments)
        lasting = draw(st.one_of(st.none(), st.integers(1, 200)))
        gone = recorded + timedelta(days=lasting) if lasting is not None else None
        exempt.append(Exempt(draw(st.sampled_from(["months", "months", "year"])), begin, end, recorded, gone))
    return Person(spells, exempt, draw(st.lists(entries(), max_size=8)))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    made = draw(moments)
    entry = Entry(draw(st.sampled_from(CATEGORIES)), draw(st.integers(1, 2400)), draw(some_day), made)
    if draw(st.booleans()):
        entry.pending = True
        if draw(st.booleans()):
            decided = made + timedelta(days=draw(st.integers(0, 90)))
            entry.decision = (draw(st.sampled_from(["posted", "refused"])), decided)
    stands_at = entry.decision[1] if entry.decision else made
    posted = not entry.pending or (entry.decision is not None and entry.decision[0] == "posted")
    if posted and draw(st.booleans()):
        on = draw(st.sampled_from([entry.occurred_on, max(entry.occurred_on, date(2025, 1, 1))]))
        entry.reversal = (on, stands_at + timedelta(days=draw(st.integers(0, 60))))
    return entry


def known(row: Spell | Exempt, at: datetime) -> bool:
    return row.recorded_at <= at and (row.superseded_at is None or row.superseded_at > at)


def span(first: date, last: date | None, year: int) -> set[date]:
    """Days from the first to the last that lie in the year."""
    begin, end = max(first, date(year, 1, 1)), min(last or date.max, date(year, 12, 31))
    return {begin + place * DAY for place in range((end - begin).days + 1)} if begin <= end else set()


def free_days(person: Person, year: int, at: datetime) -> set[date]:
    free: set[date] = set()
    for each in person.exempt:
        if known(each, at):
            begin, end = each.from_on, each.to_on
            if each.waives == "year":
                begin, end = date(begin.year, 1, 1), date(end.year, 12, 31) if end else None
            free |= span(begin, end, year)
    return free


def hours(person: Person, year: int, at: datetime) -> dict[str, int]:
    """Hundredths by category as they stood."""
    found = dict.fromkeys(CATEGORIES, 0)
    for entry in person.entries:
        posted_at = entry.created_at
        if entry.pending:
            if entry.decision is None or entry.decision[0] == "refused":
                continue
            posted_at = max(posted_at, entry.decision[1])
        if posted_at <= at and entry.occurred_on.year == year:
            found[entry.category] += entry.hundredths
        if entry.reversal is not None and entry.reversal[1] <= at and entry.reversal[0].year == year:
            found[entry.category] -= entry.hundredths
    return found


def expected(person: Person, year: int, at: datetime) -> dict[str, Any] | None:
    """What the figures must be; None for whoever did not serve as an officer."""
    spells = [each for each in person.spells if known(each, at) and each.kind == "officer"]
    served: set[date] = set()
    for each in spells:
        served |= span(each.from_on, each.to_on, year)
    if not served:
        return None
    free = free_days(person, year, at)
    months = {day.month for day in served}
    waived = {month for month in months if {day for day in served if day.month == month} <= free}
    owed = -(-6000 * (len(months) - len(waived)) // 12)
    last = max((each for each in spells if span(each.from_on, each.to_on, year)), key=lambda each: each.from_on)
    by_category = hours(person, year, at)
    valid = sum(by_category[name] for name in COUNTED)
    pace, passed = len(served - free), len({day for day in served - free if day <= clock.local_day(at)})
    forecast = valid * pace // passed if passed and valid >= 0 else valid
    if passed and valid < 0:
        forecast = -(-valid * pace // passed)
    return {
        "unit": last.unit, "required": owed, "valid": valid, "served": len(months), "exempt": len(waived),
        "forecast": forecast, **by_category,
    }  # fmt: skip


class Tables:
    """Writes histories into a district made for them, and reads the figures back."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.district = ids.new_id()
        self.places = [ids.new_id(), ids.new_id()]
        for unit in (self.district, *self.places):
            path = [self.district] if unit == self.district else [self.district, unit]
            self.connection.execute(
                "INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement,"
                " granting, vertical, assumed, version, created_at)"
                " VALUES (%s, %s, %s, %s, %s, '示例', '示例', 'town', true, false, false, false, 1, now())",
                [unit, self.district, path[-2] if len(path) > 1 else None, path, unit.hex],
            )
        self.rotation, self.turns = self._make_rotation(), itertools.count(1)

    def write(self, person: Person) -> None:
        run = self.connection.execute
        run(
            "INSERT INTO training.officers (id, district_id, unit_id, name, id_type, id_number, id_index, id_number_masked, kind,"
            " posts, hired_on, version, created_at) VALUES (%s, %s, %s, '示例', 'other', '', %s, '*', 'officer', '{}',"
            " '2020-01-01', 1, now())",
            [person.id, self.district, self.places[0], person.id.bytes],
        )
        for spell in person.spells:
            run(
                "INSERT INTO training.officer_units VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [ids.new_id(), person.id, self.district, self.places[spell.unit], spell.kind, spell.from_on, spell.to_on,
                 spell.recorded_at, spell.superseded_at],
            )  # fmt: skip
        for each in person.exempt:
            exemption = ids.new_id()
            run(
                "INSERT INTO training.exemptions (id, district_id, officer_id, reason, waives, from_on, to_on, attachment_ids,"
                " state, proposed_by, created_at, version) VALUES (%s, %s, %s, 'seconded', %s, %s, %s, '{}', 'approved', %s,"
                " now(), 1)",
                [exemption, self.district, person.id, each.waives, each.from_on, each.to_on, person.id],
            )
            run(
                "INSERT INTO training.exempt_spells (id, exemption_id, officer_id, reason, waives, from_on, to_on, recorded_at,"
                " superseded_at) VALUES (%s, %s, %s, 'seconded', %s, %s, %s, %s, %s)",
                [ids.new_id(), exemption, person.id, each.waives, each.from_on, each.to_on, each.recorded_at, each.superseded_at],
            )
        for entry in person.entries:
            self._enter(person, entry)

    def _enter(self, person: Person, entry: Entry) -> None:
        row = (
            "INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days,"
            " source, entered_as, reverses_id, entered_by, created_at, class_id, class_turn)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 1, 'class', %s, %s, %s, %s, %s, %s)"
        )
        head = (self.district, self.places[0], person.id, entry.category)
        state = "pending" if entry.pending else "posted"
        tail = (person.id, entry.created_at)
        # Hours of the first category come from a full rotation.
        course = (self.rotation, next(self.turns)) if entry.category == "public_law" else (None, None)
        self.connection.execute(row, [entry.id, *head, entry.hundredths, entry.occurred_on, state, None, *tail, *course])
        if entry.decision is not None:
            self.connection.execute(
                "INSERT INTO training.hour_decisions (entry_id, decision, decided_by, decided_at) VALUES (%s, %s, %s, %s)",
                [entry.id, entry.decision[0], person.id, entry.decision[1]],
            )
        if entry.reversal is not None:
            on, at = entry.reversal
            undone = [ids.new_id(), *head, -entry.hundredths, on, "posted", entry.id, person.id, at, course[0], None]
            self.connection.execute(row, undone)

    def _make_rotation(self) -> UUID:
        course = ids.new_id()
        self.connection.execute(
            "INSERT INTO training.classes (id, district_id, unit_id, title, kind, category, online, starts_at, ends_at,"
            " hundredths, stated, state, version, created_at)"
            " VALUES (%s, %s, %s, '示例', 'rotation', 'public_law', false, %s, %s, 100, true, 'held', 1, %s)",
            [course, self.district, self.places[0], FIRST, FIRST + timedelta(days=1), FIRST],
        )
        return course

    def figures(self, year: int, at: datetime | None, today: date) -> dict[UUID, dict[str, Any]]:
        columns = ("required", "valid", "served", "exempt", "forecast", *CATEGORIES)
        query = f"SELECT officer_id, unit_id, {', '.join(columns)} FROM training.officer_year(%s, %s, %s) WHERE district_id = %s"
        rows = self.connection.execute(query, [year, at, today, self.district]).fetchall()
        return {row[0]: {"unit": self.places.index(row[1]), **dict(zip(columns, row[2:], strict=True))} for row in rows}

    def units(self, year: int, at: datetime | None, today: date) -> dict[int, tuple[int, ...]]:
        columns = "officers, met, forecast_short, required, valid, missing"
        query = f"SELECT unit_id, {columns} FROM training.unit_year(%s, %s, %s) WHERE district_id = %s"
        rows = self.connection.execute(query, [year, at, today, self.district]).fetchall()
        return {self.places.index(row[0]): tuple(map(int, row[1:])) for row in rows}

    def rotations(self, year: int, at: datetime | None, today: date) -> list[tuple[Any, ...]]:
        query = "SELECT unit_id, officers, covered FROM training.rotation_units(%s, %s, %s) WHERE district_id = %s ORDER BY 1"
        return self.connection.execute(query, [year, at, today, self.district]).fetchall()


@pytest.fixture(scope="module")
def connection(world: World) -> Iterator[psycopg.Connection]:
    """Every right there is, without references and walls of the ledger: the model, not the application, is asked here."""
    with world.superuser() as opened:
        yield opened


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(people(), min_size=1, max_size=4), moments, st.sampled_from([2023, 2024, 2024, 2025]))
def test_figures_equal_those_counted_day_by_day(
    connection: psycopg.Connection, persons: list[Person], at: datetime, year: int
) -> None:
    tables = Tables(connection)
    for person in persons:
        tables.write(person)
    for moment in (at, FIRST + timedelta(days=900)):
        wanted = {person.id: found for person in persons if (found := expected(person, year, moment)) is not None}
        assert tables.figures(year, moment, clock.local_day(moment)) == wanted
    # Once all is recorded, the running sums tell the same as the entries.
    later = FIRST + timedelta(days=900)
    assert tables.figures(year, None, clock.local_day(later)) == tables.figures(year, later, clock.local_day(later))
    assert connection.execute("SELECT first_bad FROM training.astray_hours(%s)", [tables.district]).fetchone() == (None,)
    # Units are rolled up by another way when it is for now: it comes to the same, officer by officer of the model.
    rows = list(tables.figures(year, later, clock.local_day(later)).values())
    for known in (None, later):
        assert tables.units(year, known, clock.local_day(later)) == rolled_up(rows)
    # The same for rotations, on a day in the year as well.
    for today in (clock.local_day(at), clock.local_day(later)):
        assert tables.rotations(year, None, today) == tables.rotations(year, later, today)


def rolled_up(rows: list[dict[str, Any]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        required, valid, forecast = row["required"], row["valid"], row["forecast"]
        figures = (1, int(valid >= required), int(forecast < required), required, valid, max(required - valid, 0))
        before = found.get(row["unit"], (0,) * len(figures))
        found[row["unit"]] = tuple(one + other for one, other in zip(before, figures, strict=True))
    return found
