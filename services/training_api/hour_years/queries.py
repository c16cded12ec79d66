"""Reads of years of the ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Text, and_, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by

from services.kit import answers, db, errors
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.hour_entries.tables import HourEntry
from services.training_api.hour_years import rules
from services.training_api.hour_years.rules import State, Verb
from services.training_api.hour_years.tables import HourYearMove

CLOSED = "SELECT training.closed_years($1)"
LOCK = "SELECT training.lock_years($1)"


def district_of(who: Principal) -> UUID:
    """The district whose years are meant; NotFound for a caller of none."""
    if who.district_id is None:
        raise errors.NotFound
    return who.district_id


async def closed(session: Session, district_id: UUID) -> frozenset[int]:
    """Years that are closed. Until the transaction ends nobody closes or opens one."""
    rows = await db.fetch(session, CLOSED, [district_id])
    return frozenset(rows[0][0])


async def lock(session: Session, district_id: UUID) -> None:
    """Waits until nobody is entering hours in the district, and keeps everybody out until the transaction ends."""
    await db.fetch(session, LOCK, [district_id])


async def state(session: Session, district_id: UUID, year: int) -> tuple[State, int]:
    """How a year stands, and how often it was moved."""
    mine = (HourYearMove.district_id == district_id, HourYearMove.year == year)
    statement = select(HourYearMove.state, HourYearMove.place).where(*mine).order_by(HourYearMove.place.desc()).limit(1)
    found = (await session.execute(statement)).one_or_none()
    return (State(found[0]), found[1]) if found else (State.OPEN, 0)


async def one(connection: Reader | Session, who: Principal, year: int, this_year: int) -> answers.One:
    """A year as this caller sees it; every year of the calendar is there."""
    body, version = _body(who, literal(year, Integer), this_year)
    return await answers.read_one(connection, select(body, version))


async def listed(read: Reader, who: Principal, this_year: int) -> list[str]:
    """Years from the first with hours, of whatever district, to this one, as JSON texts; the latest first."""
    first = func.coalesce(
        cast(func.extract("year", select(func.min(HourEntry.occurred_on)).scalar_subquery()), Integer), this_year
    )
    years = func.generate_series(func.least(first, this_year), this_year).table_valued("year").render_derived(name="years")
    year = cast(years.c.year, Integer)
    body, _ = _body(who, year, this_year)
    statement = select(cast(body, Text)).select_from(years).order_by(year.desc())
    return list((await read.execute(statement)).scalars())


def _body(who: Principal, year: ColumnElement[int], this_year: int) -> tuple[ColumnElement[Any], ColumnElement[int]]:
    district_id = district_of(who)
    mine = (HourYearMove.district_id == district_id, HourYearMove.year == year)
    version = select(func.count()).where(*mine).scalar_subquery() + 1
    last = select(HourYearMove.state).where(*mine).order_by(HourYearMove.place.desc()).limit(1).scalar_subquery()
    shown = func.coalesce(last, literal(State.OPEN.value, Text))
    body = answers.json_object(
        {
            "year": year,
            "state": shown,
            "pending": func.training.pending_hours(district_id, year),
            "moves": _moves(mine),
            "allowed_actions": answers.allowed_actions(_allowed(who, shown, year, this_year)),
            "version": version,
        }
    )
    return body, version


def _allowed(
    who: Principal, shown: ColumnElement[str], year: ColumnElement[int], this_year: int
) -> dict[str, ColumnElement[bool]]:
    """As in rules.why_not_move."""
    may = literal(who.admitted(access.HOUR_YEARS_MOVE.grants) is not None)
    over = {Verb.CLOSE: year < this_year, Verb.REOPEN: true()}
    return {verb.value: and_(may, shown.in_([state.value for state in moves]), over[verb]) for verb, moves in rules.MOVES.items()}


def _moves(mine: tuple[ColumnElement[bool], ...]) -> ColumnElement[Any]:
    move = answers.json_object(
        {
            "state": HourYearMove.state,
            "reason": HourYearMove.reason,
            "moved_by": HourYearMove.moved_by,
            "moved_at": answers.moment(HourYearMove.moved_at),
        }
    )
    in_order = aggregate_order_by(move, HourYearMove.place)
    return select(func.coalesce(func.json_agg(in_order), cast(literal("[]", Text), JSON))).where(*mine).scalar_subquery()
