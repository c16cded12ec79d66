"""When a date may be moved, and to which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from services.tasks_api.assignments.rules import RUNNING
from services.tasks_api.assignments.rules import State as Stage
from services.tasks_api.extension_requests import rules
from services.tasks_api.extension_requests.rules import State

DUE = date(2025, 6, 30)


@dataclass
class Facts:
    state: str
    due_on: date | None = DUE


@pytest.mark.parametrize("state", Stage)
def test_a_date_is_moved_only_while_the_clock_runs(state: Stage) -> None:
    refusal = rules.why_not_extend(Facts(state), 0, 2)
    assert (refusal is None) == (state in RUNNING)
    assert refusal is None or isinstance(refusal, rules.OverAlready)


@pytest.mark.parametrize(
    ("granted", "most", "allowed"), [(0, 2, True), (1, 2, True), (2, 2, False), (0, 0, False), (3, 2, False)]
)
def test_so_often_only(granted: int, most: int, allowed: bool) -> None:
    refusal = rules.why_not_extend(Facts(Stage.SIGNED), granted, most)
    assert (refusal is None) == allowed
    assert allowed or isinstance(refusal, rules.TooMany)


def test_without_a_date_there_is_nothing_to_move() -> None:
    assert isinstance(rules.why_not_extend(Facts(Stage.SIGNED, None), 0, 2), rules.NoDate)


@pytest.mark.parametrize(
    ("days", "today", "codes"),
    [
        (1, -9, []),
        (0, -9, ["day.not_later"]),
        (-3, -9, ["day.not_later"]),
        (5, 5, ["day.not_later"]),
        (6, 5, []),
        (90, -9, []),
        (91, -9, ["day.too_far"]),
        (200, -9, ["day.after_plan", "day.too_far"]),
    ],
)
def test_the_new_day_lies_ahead_within_the_plan_and_near(days: int, today: int, codes: list[str]) -> None:
    new, now, end = DUE + timedelta(days), DUE + timedelta(today), DUE + timedelta(184)
    assert [fault.code for fault in rules.day_faults(new, DUE, now, end, 90)] == codes


@pytest.mark.parametrize("state", State)
def test_a_request_is_decided_once(state: State) -> None:
    assert (rules.why_not_decide(state) is None) == (state is State.REQUESTED)


def test_a_date_overtaken_meanwhile_is_not_approved() -> None:
    later = Facts(Stage.SIGNED, DUE + timedelta(10))
    assert isinstance(rules.why_not_approve(DUE + timedelta(9), later, DUE), rules.Overtaken)
    assert isinstance(rules.why_not_approve(DUE + timedelta(9), Facts(Stage.SIGNED), DUE + timedelta(9)), rules.Overtaken)
    assert rules.why_not_approve(DUE + timedelta(11), later, DUE) is None
