"""Calendar months later."""

from __future__ import annotations

from datetime import date

import pytest

from services.kit import calendar


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 7, 1), 6, date(2025, 1, 1)),
        (date(2024, 5, 9), 0, date(2024, 5, 9)),
        (date(2024, 12, 15), 12, date(2025, 12, 15)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert calendar.months_later(day, months) == later
