"""Which rules of the ladder count on a day, and which fields go together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from services.tasks_api.escalation_rules import rules

DAY = date(2025, 6, 2)


@dataclass(frozen=True)
class Rule:
    step: str = "leader"
    valid_from: date = DAY
    enabled: bool = True
    basis: str = "due"
    offset_days: int = 2
    action: str = "warn"
    reply_days: int | None = None
    repeat_days: int | None = None
    repeat_most: int = 0


@pytest.mark.parametrize(
    ("changes", "audience", "pointers"),
    [
        ({}, "unit", []),
        ({"action": "notice"}, "unit_leader", ["reply_days"]),
        ({"action": "notice", "reply_days": 5}, "unit_leader", []),
        ({"reply_days": 5}, "unit", ["reply_days"]),
        ({"repeat_days": 3, "repeat_most": 2}, "unit", []),
        ({"repeat_days": 3}, "unit", ["repeat_most"]),
        ({"repeat_most": 3}, "unit", ["repeat_most"]),
        ({"repeat_days": 3, "repeat_most": 2, "offset_days": -3}, "unit", ["repeat_days"]),
        ({"action": "notice", "reply_days": 5, "offset_days": -1}, "unit", ["offset_days"]),
        ({"basis": "issue", "offset_days": -1}, "unit", ["offset_days"]),
        ({"basis": "issue", "action": "notice", "reply_days": 5}, "unit", ["action"]),
        ({"action": "circular"}, "bureau", []),
        ({"action": "circular"}, "unit", ["audience"]),
    ],
)
def test_fields_that_go_together(changes: dict[str, object], audience: str, pointers: list[str]) -> None:
    found = rules.faults(replace(Rule(), **changes), audience)  # type: ignore[arg-type]  # the table holds values of all types
    assert [fault.pointer.removeprefix("/body/") for fault in found] == pointers


def test_the_newest_row_of_a_step_counts_from_its_day_on() -> None:
    newer, older, other = Rule(valid_from=DAY, offset_days=3), Rule(valid_from=date(2020, 1, 1)), Rule("red", offset_days=0)
    assert rules.in_force([newer, older, other], DAY) == [other, newer]
    assert rules.in_force([newer, older, replace(other, valid_from=DAY)], DAY - timedelta(1)) == [older]


def test_a_step_is_ended_by_a_row_of_its_own() -> None:
    assert rules.in_force([Rule(enabled=False), Rule(valid_from=date(2020, 1, 1))], DAY) == []


def test_the_past_is_not_rewritten() -> None:
    assert isinstance(rules.why_not_date(DAY - timedelta(1), DAY), rules.Backdated)
    assert rules.why_not_date(DAY, DAY) is None
