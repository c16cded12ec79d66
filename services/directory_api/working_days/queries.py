"""Reads of the working-day calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import delete, extract, func, insert, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.directory_api.working_days.rules import YearDay
from services.directory_api.working_days.tables import CalendarYear, WorkingDay
from services.kit import answers, calendar, errors
from services.kit.db import Reader, Session

DAY = answers.json_object(
    {"day": WorkingDay.day, "working": WorkingDay.working, "kind": WorkingDay.kind, "name": WorkingDay.name}
)
IN_YEAR = extract("year", WorkingDay.day) == CalendarYear.year
DAYS = (
    select(func.coalesce(func.json_agg(aggregate_order_by(DAY, WorkingDay.day)), literal_column("'[]'::json")))
    .where(IN_YEAR)
    .correlate(CalendarYear)
    .scalar_subquery()
)
COUNT = select(func.count()).where(IN_YEAR, WorkingDay.working).correlate(CalendarYear).scalar_subquery()
BODY = answers.json_object(
    {
        "year": CalendarYear.year,
        "source": CalendarYear.source,
        "working_days": COUNT,
        "items": DAYS,
        "version": CalendarYear.version,
        "created_at": answers.moment(CalendarYear.created_at),
    }
)


async def one(connection: Reader | Session, year: int) -> answers.One:
    """A year with its days, the same for everyone who may read it; MissingYear when it was never imported."""
    try:
        return await answers.read_one(connection, select(BODY, CalendarYear.version).where(CalendarYear.year == year))
    except errors.NotFound:
        raise calendar.MissingYear(year=year) from None


async def row_for_update(session: Session, year: int) -> CalendarYear | None:
    """The year's row, locked."""
    return (await session.execute(select(CalendarYear).where(CalendarYear.year == year).with_for_update())).scalar_one_or_none()


async def replace_days(session: Session, year: int, days: Iterable[YearDay]) -> None:
    """Puts these days in place of the year's."""
    await session.execute(delete(WorkingDay).where(extract("year", WorkingDay.day) == year))
    rows = [{"day": day.day, "working": day.working, "kind": day.kind.value, "name": day.name} for day in days]
    await session.execute(insert(WorkingDay), rows)


async def calendar_between(read: Reader, start: date, end: date) -> calendar.Calendar:
    """The known days from start to end."""
    found = select(WorkingDay.day, WorkingDay.working).where(WorkingDay.day.between(start, end))
    return calendar.Calendar({row.day: row.working for row in await read.execute(found)})


async def calendar_after(read: Reader, start: date, working_days: int) -> calendar.Calendar:
    """Enough days after the start to count so many working days: seven days hold at least three."""
    ahead = min(timedelta(days=working_days * 3 + 30), date.max - start)
    return await calendar_between(read, start, start + ahead)
