"""From a year's notice to its days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from services.kit import errors

SATURDAY: Final = 5
MOST_DAYS_AHEAD: Final = 1000


class DayKind(StrEnum):
    """Why a day is worked or not: an ordinary weekday, a weekend, a holiday (节假日), a make-up workday (调休上班)."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


@dataclass(frozen=True, slots=True)
class YearDay:
    """One day of a calendar year."""

    day: date
    kind: DayKind
    name: str | None = None

    @property
    def working(self) -> bool:
        return self.kind in {DayKind.WEEKDAY, DayKind.MAKE_UP}


class BadNotice(errors.BadInput):
    code = "working_days.bad_notice"
    zh, en = "日历内容有误，见 errors 各项。", "The calendar is not valid; see errors."


def year_days(year: int, holidays: Mapping[date, str], make_up: Iterable[date]) -> Iterator[YearDay]:
    """All days of a year: holidays are off, make-up days are worked, weekends are off, the rest is worked."""
    worked = set(make_up)
    day = date(year, 1, 1)
    while day.year == year:
        yield _kind_of(day, holidays, worked)
        day += timedelta(days=1)


def _kind_of(day: date, holidays: Mapping[date, str], worked: set[date]) -> YearDay:
    if day in holidays:
        return YearDay(day, DayKind.HOLIDAY, holidays[day])
    if day.weekday() >= SATURDAY:
        return YearDay(day, DayKind.MAKE_UP if day in worked else DayKind.WEEKEND)
    return YearDay(day, DayKind.WEEKDAY)


def faults_of(year: int, holidays: Iterable[date], make_up: Iterable[date]) -> list[errors.Fault]:
    """Days of another year, make-up days that are no weekend or are holidays too, days named twice."""
    off, made_up = list(holidays), list(make_up)
    faults = [errors.Fault(f"/body/holidays/{place}/day", "not_allowed") for place, day in enumerate(off) if day.year != year]
    faults += [errors.Fault(f"/body/holidays/{place}/day", "repeated") for place, day in enumerate(off) if day in off[:place]]
    for place, day in enumerate(made_up):
        if day in made_up[:place]:
            faults.append(errors.Fault(f"/body/make_up_days/{place}", "repeated"))
        elif day.year != year or day.weekday() < SATURDAY or day in off:
            faults.append(errors.Fault(f"/body/make_up_days/{place}", "not_allowed"))
    return faults


def why_not_year(year: int, holidays: Iterable[date], make_up: Iterable[date]) -> errors.DomainError | None:
    """Whether a notice can stand."""
    faults = faults_of(year, holidays, make_up)
    return BadNotice(*faults) if faults else None
