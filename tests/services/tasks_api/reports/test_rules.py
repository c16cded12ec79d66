"""Periods, moves and written figures of reports."""

from __future__ import annotations

from datetime import date

import pytest

from services.tasks_api.reports import rules
from services.tasks_api.reports.rules import Form, Kind, Period, State, Verb


@pytest.mark.parametrize(
    ("quarter", "start", "end"),
    [
        (1, date(2024, 1, 1), date(2024, 3, 31)),
        (2, date(2024, 4, 1), date(2024, 6, 30)),
        (3, date(2024, 7, 1), date(2024, 9, 30)),
        (4, date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_quarters(quarter: int, start: date, end: date) -> None:
    assert rules.period_of(Kind.QUARTERLY, 2024, quarter, (None, None)) == Period(start, end)


def test_every_fault_of_a_period_is_named() -> None:
    def pointers(kind: Kind, quarter: int | None, start: date | None, end: date | None) -> list[str]:
        found = rules.period_of(kind, 2024, quarter, (start, end))
        assert not isinstance(found, Period)
        return [fault.pointer for fault in found]

    day = date(2024, 5, 1)
    assert pointers(Kind.QUARTERLY, None, day, None) == ["/body/quarter", "/body/period_start"]
    assert pointers(Kind.ANNUAL, 1, None, None) == ["/body/quarter"]
    assert pointers(Kind.SPECIAL, None, None, None) == ["/body/period_start", "/body/period_end"]
    assert pointers(Kind.SPECIAL, None, day, date(2024, 4, 30)) == ["/body/period_end"]
    assert rules.period_of(Kind.ANNUAL, 2024, None, (None, None)) == Period(date(2024, 1, 1), date(2024, 12, 31))


def test_what_is_sent_or_void_stays() -> None:
    for verb in Verb:
        assert State.SENT not in rules.MOVES[verb]
        assert State.VOID not in rules.MOVES[verb]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (None, Form.SHARE, "—"),
        (6667, Form.SHARE, "66.67%"),
        (5, Form.SHARE, "0.05%"),
        (123456705, Form.MONEY, "1,234,567.05"),
        (7, Form.NUMBER, "7"),
    ],
)
def test_written(value: int | None, form: Form, shown: str) -> None:
    assert rules.written(value, form) == shown


def test_shares_are_rounded_half_up() -> None:
    assert (rules.share(1, 3), rules.share(2, 3), rules.share(1, 8), rules.share(0, 0)) == (3333, 6667, 1250, None)
