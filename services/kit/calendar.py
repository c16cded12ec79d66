"""Working-day arithmetic on given days. Pure: the days come from the directory's dated table.

Make-up workdays (调休) count, statutory holidays and rest days do not (行政处罚法第85条). A year that is missing from the
table is an error, never a guess.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

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
    """Which days are working days, for the whole years that are known."""

    def __init__(self, days: Mapping[date, bool]) -> None:
        self._days = days

    def is_working(self, day: date) -> bool:
        """Whether people work on this day; MissingYear when its year is not in the table."""
        try:
            return self._days[day]
        except KeyError:
            raise MissingYear(year=day.year) from None

    def add(self, start: date, working_days: int) -> date:
        """The day so many working days after the start; the start itself does not count (民法典第201条)."""
        day = start
        for _ in range(working_days):
            day = self.next_working(day_after(day))
        return day

    def next_working(self, day: date) -> date:
        """This day, or the first working day after it (民法典第203条)."""
        while not self.is_working(day):
            day = day_after(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after the start up to and including the end; 0 when the end is not later."""
        count, day = 0, start
        while day < end:
            day += ONE_DAY
            count += self.is_working(day)
        return count


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
