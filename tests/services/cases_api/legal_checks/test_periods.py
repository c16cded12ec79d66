"""Counting days: limits at their last day, rest days, extensions, spans that do not count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.legal_checks.rules import periods
from services.cases_api.legal_checks.rules.law import CALENDAR, WORKING, Period
from services.cases_api.legal_settings.rules import Measure
from tests.factories.legal import CALENDAR as DAYS
from tests.factories.legal import step

ONE_DAY = timedelta(1)
D = date.fromisoformat


@pytest.mark.parametrize(
    ("start", "period", "last"),
    [
        # Seven working days over the weekend that was worked on 27 April and the holiday from 1 to 5 May.
        ("2025-04-24", Period(7, WORKING), "2025-05-07"),
        # The make-up Saturday of 11 October counts, the eight days of the holiday do not.
        ("2025-09-30", Period(3, WORKING), "2025-10-11"),
        # Thirty calendar days end on 1 October: the next working day is the 9th.
        ("2025-09-01", Period(30, CALENDAR), "2025-10-09"),
        # A Saturday gives way, a make-up Saturday does not.
        ("2025-03-03", Period(5, CALENDAR), "2025-03-10"),
        ("2025-10-01", Period(10, CALENDAR), "2025-10-11"),
    ],
)
def test_the_last_day_of_a_period(start: str, period: Period, last: str) -> None:
    assert periods.last_day(D(start), period, DAYS) == D(last)


def test_a_sum_tells_its_figures_in_both_languages() -> None:
    spans = [(D("2025-03-10"), D("2025-03-13"))]
    total = periods.sum_of(D("2025-03-03"), D("2025-06-12"), Period(90, CALENDAR), DAYS, spans=spans)
    assert (total.counted, total.limit, total.excluded, total.last_on) == (97, 90, 4, D("2025-06-05"))
    assert total.en == "day 97 of 90; 4 days excluded; the last day was 2025-06-05"
    assert total.zh == "第 97 日，期限 90 日，不计入 4 日，最后一日为 2025-06-05"
    extended = periods.sum_of(D("2025-03-03"), D("2025-06-12"), Period(90, CALENDAR), DAYS, extension=30)
    assert (extended.counted, extended.limit, extended.is_late) == (101, 120, False)
    assert "30 of them by extension" in extended.en
    assert extended.facts()["extension"] == 30


starts = st.dates(D("2023-01-01"), D("2024-06-30"))
spans = st.lists(st.tuples(st.integers(-20, 120), st.integers(0, 30)), max_size=4)


@given(start=starts, days=st.integers(1, 90), measure=st.sampled_from([WORKING, CALENDAR]), offsets=spans)
def test_the_last_day_is_where_the_count_reaches_the_limit(
    start: date, days: int, measure: Measure, offsets: list[tuple[int, int]]
) -> None:
    """Whatever days are excluded: on the last day the count is at most the limit, on the next working day it is above."""
    given_spans = periods.merged((start + timedelta(first), start + timedelta(first + length)) for first, length in offsets)
    last = periods.sum_of(start, start, Period(days, measure), DAYS, spans=given_spans).last_on
    at = periods.sum_of(start, last, Period(days, measure), DAYS, spans=given_spans)
    inside = any(first <= last <= end for first, end in given_spans)
    if measure is WORKING:
        assert at.counted == days or inside
    else:
        assert at.counted >= days
        assert not at.is_late
        before = periods.sum_of(start, last - ONE_DAY, Period(days, measure), DAYS, spans=given_spans)
        assert before.counted <= days or not DAYS.is_working(last - ONE_DAY) or not DAYS.is_working(last)
    assert DAYS.is_working(last)


def test_spans_are_joined_and_an_open_one_goes_on() -> None:
    steps = [
        step("exclusion", "2025-03-10", until="2025-03-12"),
        step("exclusion", "2025-03-13", until="2025-03-14", limits=["decision", "seizure"]),
        step("exclusion", "2025-03-20"),
        step("exclusion", "2025-03-01", until="2025-03-05", limits=["seizure"]),
    ]
    found = periods.exclusions(steps, "decision", D("2025-04-01"))
    assert found == [(D("2025-03-10"), D("2025-03-14")), (D("2025-03-20"), D("2025-04-01"))]
    assert periods.exclusions(steps, "seizure", D("2025-04-01")) == [
        (D("2025-03-01"), D("2025-03-05")),
        (D("2025-03-13"), D("2025-03-14")),
    ]
