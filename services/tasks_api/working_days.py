"""The working-day calendar of the directory, as SQL inside statements of this service, and as a whole for jobs."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, case, cast, func, select

from services.kit.calendar import Calendar
from services.kit.db import Reader, Session
from services.kit.references import working_days

# Far enough to reach the next working days across the longest holidays.
REACH_DAYS = 40


def working_days_after(start: SQLColumnExpression[Any], end: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """Working days after the start up to and including the end; null when the calendar lacks one of these days."""
    complete = func.count() == end - start
    counted = func.count().filter(working_days.c.working)
    return select(case((complete, counted))).where(working_days.c.day > start, working_days.c.day <= end).scalar_subquery()


def soon_before(today: ColumnElement[date], working: ColumnElement[int]) -> ColumnElement[date]:
    """The first day that is more than so many working days away; computed once per statement. Today when there is no number.

    Where the calendar does not reach that far only calendar days are certain: so many days ahead are never more working
    days than that.
    """
    day = working_days.c.day
    nth = func.sum(cast(working_days.c.working, Integer)).over(order_by=day)
    ahead = (
        select(day, nth.label("nth"), func.row_number().over(order_by=day).label("place"))
        .where(day > today, day <= today + REACH_DAYS)
        .subquery("ahead")
    )
    without_gap = ahead.c.place == ahead.c.day - today
    reached = select(func.min(ahead.c.day)).where(ahead.c.nth == working + 1, without_gap).scalar_subquery()
    return func.coalesce(reached, today + (working + 1), today)


async def calendar(connection: Reader | Session) -> Calendar:
    """Every day the calendar knows."""
    rows = await connection.execute(select(working_days.c.day, working_days.c.working))
    return Calendar({row.day: row.working for row in rows})


async def count_after(session: Session, start: date, end: date) -> int | None:
    """Working days after the start up to and including the end; None when the calendar lacks one of these days."""
    days = select(func.count().label("known"), func.count().filter(working_days.c.working).label("counted"))
    row = (await session.execute(days.where(working_days.c.day > start, working_days.c.day <= end))).one()
    return row.counted if row.known == max((end - start).days, 0) else None
