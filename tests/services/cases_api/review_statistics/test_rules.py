"""Agreement against a published worked example, and when the organiser is warned."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.review_statistics import rules

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: four observers, twelve units.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = [list(unit) for unit in zip(*OBSERVERS, strict=True)]


def test_agreement_is_that_of_the_published_example() -> None:
    ordinal, interval = rules.ordinal(UNITS), rules.interval(UNITS)
    assert ordinal is not None
    assert interval is not None
    assert (round(float(ordinal), 3), round(float(interval), 3)) == (0.815, 0.849)


def test_nothing_to_compare_is_no_agreement() -> None:
    assert rules.interval([[1, None], [None, 2]]) is None
    assert rules.ordinal([[3, 3], [3, 3]]) is None


@given(st.lists(st.lists(st.none() | st.integers(0, 10_000), max_size=4), max_size=8), st.integers(1, 9), st.integers(0, 99))
def test_agreement_knows_no_scale_and_no_order_of_observers(units: list[list[int | None]], factor: int, shift: int) -> None:
    bent = [[None if value is None else value * factor + shift for value in reversed(unit)] for unit in units]
    assert rules.interval(bent) == rules.interval(units)
    assert rules.ordinal(bent) == rules.ordinal(units)
    assert (rules.interval(units) or Fraction(0)) <= 1


@pytest.mark.parametrize(
    ("compared", "severity", "distance", "told"),
    [
        (5, -501, 300, ["severe"]),
        (5, 501, 1_001, ["lenient", "far_from_panel"]),
        (5, 500, 1_000, []),
        (4, -5_000, 5_000, []),
        (9, None, None, []),
    ],
)
def test_warnings_start_beyond_the_limit_and_with_enough_files(
    compared: int, severity: int | None, distance: int | None, told: list[str]
) -> None:
    assert [*rules.warnings(compared, severity, distance, 1_000)] == told
