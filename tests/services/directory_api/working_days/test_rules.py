"""From the notices to the days, compared day by day with an independent calendar; and counting on them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.directory_api.working_days import rules
from services.directory_api.working_days.rules import DayKind
from services.kit import calendar

NOTICES = Path(__file__).parents[4] / "admin" / "reference" / "calendar.yaml"
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def notices() -> dict[int, Any]:
    return {year["year"]: year for year in yaml.safe_load(NOTICES.read_text(encoding="utf-8"))["years"]}


def days_of(notice: Any) -> Iterator[rules.YearDay]:
    holidays = {date.fromisoformat(day): each["name"] for each in notice["holidays"] for day in each["days"]}
    return rules.year_days(notice["year"], holidays, map(date.fromisoformat, notice["make_up_days"]))


DAYS = {day.day: day for notice in notices().values() for day in days_of(notice)}
KNOWN = calendar.Calendar({day: found.working for day, found in DAYS.items()})


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_each_day_of_the_shipped_years_is_what_another_calendar_says(year: int) -> None:
    shown = {day: found.working for day, found in DAYS.items() if day.year == year}
    every = [date(year, 1, 1) + timedelta(days=number) for number in range(366 if year % 4 == 0 else 365)]
    assert shown == {day: chinese_calendar.is_workday(day) for day in every}


def test_each_shipped_notice_can_stand() -> None:
    for year, notice in notices().items():
        off = [date.fromisoformat(day) for each in notice["holidays"] for day in each["days"]]
        assert rules.faults_of(year, off, map(date.fromisoformat, notice["make_up_days"])) == []


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 2, 29), DayKind.WEEKDAY),
        (date(2024, 2, 10), DayKind.HOLIDAY),
        (date(2024, 2, 18), DayKind.MAKE_UP),
        (date(2024, 3, 2), DayKind.WEEKEND),
        (date(2025, 10, 6), DayKind.HOLIDAY),
    ],
)
def test_a_day_tells_why_it_is_worked(day: date, kind: DayKind) -> None:
    assert DAYS[day].kind is kind


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2024, 2, 9), 1, date(2024, 2, 18)),  # Spring Festival: the make-up Sunday is the next day of work
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 9, 30), 5, date(2024, 10, 12)),  # a made-up Saturday counts
        (date(2024, 12, 31), 1, date(2025, 1, 2)),
        (date(2025, 9, 30), 2, date(2025, 10, 10)),
        (date(2024, 3, 1), 0, date(2024, 3, 1)),
        (date(2024, 3, 2), 1, date(2024, 3, 4)),
    ],
)
def test_working_days_are_added_across_holidays_and_make_up_days(start: date, count: int, end: date) -> None:
    assert KNOWN.add(start, count) == end


@given(st.dates(FIRST, date(2026, 6, 30)), st.integers(1, 100))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = KNOWN.add(start, count)
    assert KNOWN.is_working(end)
    assert KNOWN.between(start, end) == count
    assert KNOWN.between(start, end - timedelta(days=1)) == count - 1


@given(st.dates(FIRST, LAST), st.dates(FIRST, LAST))
def test_counting_is_what_walking_finds(start: date, end: date) -> None:
    walked = sum(chinese_calendar.is_workday(start + timedelta(days=step)) for step in range(1, (end - start).days + 1))
    assert KNOWN.between(start, end) == walked


def test_a_year_that_is_missing_is_an_error_and_never_a_guess() -> None:
    for ask in (
        lambda: KNOWN.is_working(date(2027, 1, 4)),
        lambda: KNOWN.add(date(2026, 12, 30), 3),
        lambda: KNOWN.between(date(2023, 12, 28), date(2024, 1, 2)),
        lambda: KNOWN.next_working(date(2023, 5, 1)),
    ):
        with pytest.raises(calendar.MissingYear):
            ask()


@pytest.mark.parametrize(
    ("holidays", "make_up", "faults"),
    [
        ([date(2025, 1, 1)], [date(2025, 1, 26)], []),
        ([date(2026, 1, 1)], [], [("/body/holidays/0/day", "not_allowed")]),
        ([date(2025, 1, 1), date(2025, 1, 1)], [], [("/body/holidays/1/day", "repeated")]),
        ([], [date(2025, 1, 27)], [("/body/make_up_days/0", "not_allowed")]),
        ([], [date(2024, 1, 28)], [("/body/make_up_days/0", "not_allowed")]),
        ([date(2025, 1, 26)], [date(2025, 1, 26)], [("/body/make_up_days/0", "not_allowed")]),
        ([], [date(2025, 1, 26), date(2025, 1, 26)], [("/body/make_up_days/1", "repeated")]),
    ],
    ids=["sound", "other year", "twice off", "weekday made up", "made up in another year", "off and made up", "twice made up"],
)
def test_a_bent_notice_is_refused_by_place(holidays: list[date], make_up: list[date], faults: list[tuple[str, str]]) -> None:
    assert [(fault.pointer, fault.code) for fault in rules.faults_of(2025, holidays, make_up)] == faults
