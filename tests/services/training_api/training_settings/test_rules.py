"""How days become hours, and how much may be missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from services.kit import clock
from services.training_api.training_settings import rules


@dataclass(frozen=True)
class Rule:
    """A version as the rules see it: 8 and 4 hours, up to four hours of a clock are half a day, 1/7 may be missed."""

    day_hundredths: int = 800
    half_day_hundredths: int = 400
    half_day_minutes: int = 240
    missed_numerator: int = 1
    missed_denominator: int = 7


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "hundredths"),
    [
        ("2024-06-03T08:30", "2024-06-03T17:30", 800),
        ("2024-06-03T08:30", "2024-06-03T12:30", 400),
        ("2024-06-03T08:30", "2024-06-03T12:31", 800),
        ("2024-06-03T14:00", "2024-06-03T14:01", 400),
        # Three days from 8:30 to 17:00 each.
        ("2024-06-03T08:30", "2024-06-05T17:00", 2400),
        # Three mornings.
        ("2024-06-03T08:30", "2024-06-05T12:00", 1200),
        # Through the night: a daily end that is not behind the daily beginning is no daily class.
        ("2024-06-03T20:00", "2024-06-04T06:00", 1200),
    ],
)
def test_days_become_hours(starts_at: str, ends_at: str, hundredths: int) -> None:
    assert rules.hours_of(rules.days_as_sessions(at(starts_at), at(ends_at)), Rule()) == hundredths


def test_sessions_of_a_day_are_taken_together() -> None:
    day = [(at("2024-06-03T09:00"), at("2024-06-03T11:00")), (at("2024-06-03T14:00"), at("2024-06-03T16:00"))]
    assert rules.hours_of(day, Rule()) == 400
    assert rules.hours_of([*day, (at("2024-06-03T16:00"), at("2024-06-03T16:30"))], Rule()) == 800
    assert rules.hours_of([*day, (at("2024-06-04T09:00"), at("2024-06-04T09:30"))], Rule()) == 800
    assert rules.hours_of(day, Rule(day_hundredths=600, half_day_hundredths=300)) == 300


@pytest.mark.parametrize(
    ("missed", "whole", "share", "too_much"),
    [
        (1, 7, (1, 7), False),
        (2, 14, (1, 7), False),
        (3, 14, (1, 7), True),
        (1, 6, (1, 7), True),
        (0, 1, (0, 1), False),
        (1, 100, (0, 1), True),
        (5, 5, (1, 1), False),
    ],
)
def test_exactly_the_share_may_be_missed(missed: int, whole: int, share: tuple[int, int], too_much: bool) -> None:
    rule = Rule(missed_numerator=share[0], missed_denominator=share[1])
    assert rules.is_missed_too_much(missed, whole, rule) is too_much
