"""The scoreboard: made by one statement, compiled once per shape, and kept by the process while nothing has happened."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select

from services.kit import clock, db, errors, reads
from services.kit.db import Reader
from services.kit.principal import Principal
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.obligations import queries as obligations
from services.tasks_api.obligations import rules as obligation_rules
from services.tasks_api.obligations.queries import Mark
from services.tasks_api.scoreboard.queries.statement import COUNTED, statement
from services.tasks_api.scoreboard.rules import Source, differences
from services.tasks_api.scoreboard.schemas import ChangesQuery, ScoreboardQuery

_SHAPES: Final[dict[Any, reads.Compiled]] = {}
MOST_KEPT: Final = 32
STANDING: Final = """
    SELECT asked.year, kept.recorded_at, kept.changes = kit.count_changes($1, kept.changes_since)
    FROM (
        SELECT coalesce($3, extract(year FROM least($4, (SELECT period_end FROM tasks.plans WHERE id = $2)))::integer) AS year
    ) asked
    LEFT JOIN tasks.obligation_recordings kept ON kept.district_id = $1 AND kept.year = asked.year
"""


class Part(NamedTuple):
    """The units under a task as JSON, and how many of their assignments stand in each state."""

    units: bytes
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Made:
    """A board, when it was made, what had happened in the district by then, and its parts by the stamps of what they tell."""

    body: bytes
    made_at: datetime
    mark: Mark
    parts: Mapping[str, Part]


# Boards made by this process, the last ones asked for. A board is some hundred kilobytes; most people ask for the same few.
_MADE: Final[OrderedDict[Any, Made]] = OrderedDict()


async def board(read: Reader, who: Principal, wanted: ScoreboardQuery, today: assignments.Today, now: datetime) -> bytes:
    """The scoreboard as JSON; NotFound when the plan is not of the caller's district."""
    if wanted.as_of is not None:
        standing = await _standing(read, who, wanted, today.day)
        return (await _made(read, who, wanted, today, standing.year, Source.THEN, wanted.as_of, {}))[0]
    key = (reads.shape_of(who), who.district_id, who.unit_id, wanted.plan_id, wanted.year)
    found = _MADE.get(key)
    if (
        found is None
        or not obligation_rules.is_fresh(found.made_at, now)
        or not await obligations.is_unchanged(read, who, found.mark)
    ):
        found = await _anew(read, who, wanted, today, now, {} if found is None else found.parts)
    _MADE[key] = found
    _MADE.move_to_end(key)
    while len(_MADE) > MOST_KEPT:
        _MADE.popitem(last=False)
    return found.body


async def _anew(
    read: Reader, who: Principal, wanted: ScoreboardQuery, today: assignments.Today, now: datetime, known: Mapping[str, Part]
) -> Made:
    """The board as things stand; what happens while it is made makes it old, not wrong. Known parts are used again."""
    mark = await obligations.changes_mark(read, who)
    kept = await _standing(read, who, wanted, today.day)
    source, moment = Source.MEASURED, now
    if kept.recorded_at is not None and kept.unchanged and obligation_rules.is_fresh(kept.recorded_at, now):
        source, moment = Source.RECORDED, kept.recorded_at
    body, parts = await _made(read, who, wanted, today, kept.year, source, moment, known)
    return Made(body, now, mark, parts)


async def _made(
    read: Reader,
    who: Principal,
    wanted: ScoreboardQuery,
    today: assignments.Today,
    year: int,
    source: Source,
    moment: datetime,
    known: Mapping[str, Part],
) -> tuple[bytes, Mapping[str, Part]]:
    """The board with what is measured now, or recorded by the moment; and its parts."""
    owed = await obligations.asked(read, who.district_id, year, wanted.as_of, moment)
    places = today.places | owed.places | reads.values_of(who) | {"plan_id": wanted.plan_id, "year": wanted.year}
    places |= {"then": wanted.as_of, "recorded_at": None if source is Source.MEASURED else moment, "known": list(known)}
    compiled = _compiled(who, source, lambda person: statement(person, source))
    rows = await db.fetch(read, compiled.sql, compiled.arguments(places))
    if not rows:
        raise errors.NotFound
    return _put_together(rows, known)


def _put_together(rows: Sequence[Any], known: Mapping[str, Part]) -> tuple[bytes, Mapping[str, Part]]:
    """The board of its rows, and its parts by their stamps. The database neither sorts nor sums the rows: it would copy all their
    text for it."""
    parts, tasks, sums = dict[str, Part](), list[bytes](), Counter(dict.fromkeys(COUNTED, 0))
    for row in sorted((row for row in rows if row["told"] is not None), key=lambda row: row["place"]):
        part = known.get(row["stamp"]) or Part(row["units"] or b"", {name: row[name] for name in COUNTED})
        if row["stamp"] is not None:
            parts[row["stamp"]] = part
        sums.update(part.counts)
        tasks.append(_with(row["told"], part.counts) + b',"units":[' + part.units + b"]}")
    return _with(rows[0]["head"], sums) + b',"tasks":[' + b",".join(tasks) + b"]}", parts


def _with(told: str, counts: Mapping[str, int]) -> bytes:
    """An object with its counts, still without its last brace."""
    return f'{told[:-1]},"counts":{json.dumps(counts, separators=(",", ":"))}'.encode()


class Standing(NamedTuple):
    """The year whose obligations stand on the board (the one asked for, or this one while the plan lasts and its last one
    afterwards), when they were last recorded, and whether nothing has happened since."""

    year: int
    recorded_at: datetime | None
    unchanged: bool


async def _standing(read: Reader, who: Principal, wanted: ScoreboardQuery, today: date) -> Standing:
    rows = await db.fetch(read, STANDING, [who.district_id, wanted.plan_id, wanted.year, today])
    return Standing(*rows[0])


def _compiled(who: Principal, what: str, build: Callable[[Principal], Select[Any]]) -> reads.Compiled:
    shape = (reads.shape_of(who), what)
    if (found := _SHAPES.get(shape)) is None:
        found = _SHAPES[shape] = reads.checked(build, who)
    return found


async def changes(read: Reader, who: Principal, wanted: ChangesQuery, now: datetime) -> dict[str, Any]:
    """What differs between the boards of two moments, as the caller sees both; NotFound for a plan of another district."""
    boards = []
    for moment in (wanted.from_, wanted.to):
        asked = ScoreboardQuery(plan_id=wanted.plan_id, year=wanted.year, as_of=moment)
        today = assignments.Today(clock.local_day(moment or now), who.district_id)
        boards.append(await board(read, who, asked, today, now))
    return await asyncio.to_thread(_differences, *boards)


def _differences(before: bytes, after: bytes) -> dict[str, Any]:
    return differences(json.loads(before), json.loads(after))
