"""Working-day arithmetic on given days. Pure: the days come from the directory's dated table.

Make-up workdays (调休) count, statutory holidays and rest days do not (行政处罚法第85条). A year that is missing from the
table is an error, never a guess.
"""

from __future__ import annotations

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

from services.kit import errors

ONE_DAY = timedelta(days=1)


class MissingYear(errors.Conflict):
    code = "calendar.missing_year"
    zh, en = "工作日历缺少 {year} 年，请先导入。", "The working-day calendar has no year {year}; import it first."


def day_after(day: date) -> date:
    """The next day; MissingYear after the last day there is."""
    if day == date.max:
        raise MissingYear(year=day.year + 1)
    return day + ONE_DAY


class Calendar:
    """Which days are working days, for the whole years that are known. Counting takes the same time for a day and a decade."""

    def __init__(self, days: Mapping[date, bool]) -> None:
        self._days = days

    @cached_property
    def _working(self) -> list[date]:
        return sorted(day for day, working in self._days.items() if working)

    def is_working(self, day: date) -> bool:
        """Whether people work on this day; MissingYear when its year is not in the table."""
        try:
            return self._days[day]
        except KeyError:
            raise MissingYear(year=day.year) from None

    def add(self, start: date, working_days: int) -> date:
        """The day so many working days after the start; the start itself does not count (民法典第201条)."""
        if working_days < 1:
            return start
        place = bisect_right(self._working, start) + working_days - 1
        end = self._working[place] if place < len(self._working) else date.max
        self._demand(day_after(start), end)
        return end

    def next_working(self, day: date) -> date:
        """This day, or the first working day after it (民法典第203条)."""
        place = bisect_left(self._working, day)
        found = self._working[place] if place < len(self._working) else date.max
        self._demand(day, found)
        return found

    def between(self, start: date, end: date) -> int:
        """Working days after the start up to and including the end; 0 when the end is not later."""
        if end <= start:
            return 0
        self._demand(start + ONE_DAY, end)
        return bisect_right(self._working, end) - bisect_right(self._working, start)

    def _demand(self, first: date, last: date) -> None:
        """Each year from the first day to the last must be known; a table ends and begins with years, so their ends tell."""
        for year in range(first.year, last.year + 1):
            edge = first if year == first.year else date(year, 1, 1)
            if edge not in self._days:
                raise MissingYear(year=year)
        if last not in self._days:
            raise MissingYear(year=last.year)


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
