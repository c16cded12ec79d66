"""What administrators do with the calendar."""

from __future__ import annotations

from datetime import datetime

from services.directory_api import access
from services.directory_api.working_days import queries, rules
from services.directory_api.working_days.schemas import CalendarYearIn
from services.directory_api.working_days.tables import CalendarYear
from services.kit import audit, errors, ids, outbox, preconditions
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "calendar_year"


async def put(
    session: Session, who: Principal, year: int, version: int | None, wanted: CalendarYearIn, now: datetime
) -> CalendarYear:
    """Imports a year's notice as a whole. A year that is there is replaced with If-Match only.

    Raises BadNotice with every fault, PreconditionRequired, Stale.
    """
    holidays = {holiday.day: holiday.name for holiday in wanted.holidays}
    raise_if(rules.why_not_year(year, [holiday.day for holiday in wanted.holidays], wanted.make_up_days))
    row = await queries.row_for_update(session, year)
    if row is None:
        row = CalendarYear(id=ids.new_id(), year=year, source=wanted.source, created_at=now)
        session.add(row)
    else:
        _replace(row, version, wanted.source, now)
    await session.flush()
    await queries.replace_days(session, year, rules.year_days(year, holidays, wanted.make_up_days))
    audit.record(session, who, f"{OBJECT}.imported", OBJECT, row.id, after={"year": year} | wanted.model_dump(mode="json"))
    outbox.publish(session, f"{OBJECT}.imported", OBJECT, row.id, row.version, access.CALENDAR_READ, data={"year": year})
    return row


def _replace(row: CalendarYear, version: int | None, source: str, now: datetime) -> None:
    if version is None:
        raise errors.PreconditionRequired
    preconditions.expect(row.version, version)
    row.source, row.created_at = source, now
