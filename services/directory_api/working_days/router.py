"""Routes of the working-day calendar."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.directory_api import access
from services.directory_api.working_days import actions, queries
from services.directory_api.working_days.schemas import (
    AddOut,
    AddQuery,
    CalendarYearIn,
    CalendarYearOut,
    CheckOut,
    CheckQuery,
    YearQuery,
)
from services.kit import answers, routing
from services.kit.preconditions import IfMatchOrNew
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/working-days", "working-days")


@router.get("", response_model=CalendarYearOut, summary="一年的工作日历")
async def year(request: Request, wanted: Annotated[YearQuery, Query()], who: access.MayReadCalendar, read: ReadDep) -> Response:
    """All days of a year. A year that was never imported is 409 `calendar.missing_year`, never a guess."""
    return answers.one(request, await queries.one(read, wanted.year))


@router.get("/check", response_model=CheckOut, summary="是否工作日")
async def check(wanted: Annotated[CheckQuery, Query()], who: access.MayReadCalendar, read: ReadDep) -> CheckOut:
    """Whether people work on a day, make-up workdays included."""
    days = await queries.calendar_between(read, wanted.on, wanted.on)
    return CheckOut(on=wanted.on, working=days.is_working(wanted.on))


@router.get("/add", response_model=AddOut, summary="推算工作日")
async def add(wanted: Annotated[AddQuery, Query()], who: access.MayReadCalendar, read: ReadDep) -> AddOut:
    """The day so many working days after `from`; the first day does not count."""
    days = await queries.calendar_after(read, wanted.start, wanted.days)
    return AddOut(on=days.add(wanted.start, wanted.days))


@router.put("/{year}", response_model=CalendarYearOut, summary="导入一年的工作日历")
async def put(
    request: Request,
    year: Annotated[int, Path(ge=2000, le=2100, json_schema_extra={"format": "int32"})],
    wanted: CalendarYearIn,
    who: access.MayWriteCalendar,
    version: IfMatchOrNew,
    session: SessionDep,
    now: Now,
) -> Response:
    """Imports the holidays and make-up workdays of a year. Replacing a year needs If-Match."""
    await actions.put(session, who, year, version, wanted, now)
    return answers.one(request, await queries.one(session, year))
