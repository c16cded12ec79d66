"""Working-day arithmetic against the plainest way of counting, one day after the other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.calendar import ONE_DAY, Calendar, MissingYear

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
# Weekends, a week of holidays, and a Saturday that is worked.
WORKING = {
    day: (day.weekday() < 5 and not date(2025, 10, 1) <= day <= date(2025, 10, 8)) or day == date(2025, 10, 11)
    for day in (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1))
}
CALENDAR = Calendar(WORKING)
GAP = Calendar({date(year, 1, 1) + timedelta(n): True for year in (2023, 2025) for n in range(365)})
days = st.dates(FIRST, date(2025, 6, 30))


@given(start=days, end=days)
def test_between_counts_the_working_days_behind_the_start(start: date, end: date) -> None:
    counted = sum(WORKING[start + timedelta(n)] for n in range(1, (end - start).days + 1))
    assert CALENDAR.between(start, end) == counted


@given(start=days, count=st.integers(1, 100))
def test_add_ends_on_the_working_day_counted_to(start: date, count: int) -> None:
    end = CALENDAR.add(start, count)
    assert WORKING[end]
    assert CALENDAR.between(start, end) == count
    assert CALENDAR.add(start, 0) == start


@given(day=days)
def test_a_rest_day_gives_way_to_the_next_working_day(day: date) -> None:
    found = day
    while not WORKING[found]:
        found += ONE_DAY
    assert CALENDAR.next_working(day) == found


def test_holidays_and_make_up_days_count_as_they_were_announced() -> None:
    assert CALENDAR.add(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert CALENDAR.between(date(2025, 9, 30), date(2025, 10, 11)) == 3


@pytest.mark.parametrize(
    ("what", "year"),
    [
        (lambda calendar: calendar.add(date(2025, 12, 31), 1), 2026),
        (lambda calendar: calendar.add(date(2023, 12, 29), 5), 2023),
        (lambda calendar: calendar.between(date(2025, 12, 31), date(2026, 1, 1)), 2026),
        (lambda calendar: calendar.between(date(2023, 12, 30), date(2024, 5, 1)), 2023),
        (lambda calendar: calendar.next_working(date(2026, 1, 1)), 2026),
        (lambda calendar: calendar.is_working(date(2023, 1, 1)), 2023),
        (lambda calendar: Calendar({}).add(date(2025, 1, 1), 3), 2025),
        # A year is missing in between.
        (lambda _: GAP.between(date(2023, 12, 30), date(2025, 1, 2)), 2024),
    ],
)
def test_a_missing_year_is_an_error_and_never_a_guess(what: object, year: int) -> None:
    assert callable(what)
    with pytest.raises(MissingYear) as refused:
        what(CALENDAR)
    assert refused.value.params == {"year": year}
