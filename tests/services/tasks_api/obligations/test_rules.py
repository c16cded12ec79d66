"""The status of an obligation at, before and after its limits, and the obligations as a whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.kit import errors
from services.tasks_api.obligations import external, rules
from services.tasks_api.obligations.rules import Measured, Status
from services.tasks_api.registers.kinds import KINDS

DUE = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("value", "threshold", "risk", "under_way", "days_before_due", "status"),
    [
        (0, 0, True, False, -9, Status.NOT_APPLICABLE),
        (1, 1, True, False, -9, Status.MET),
        (1, 2, False, True, 0, Status.ON_TRACK),
        (1, 2, False, True, -1, Status.MISSED),
        (1, 2, True, True, 200, Status.AT_RISK),
        (0, 1, False, False, 30, Status.ON_TRACK),
        (0, 1, False, False, 29, Status.AT_RISK),
        (0, 1, False, True, 29, Status.ON_TRACK),
    ],
)
def test_status(value: int, threshold: int, risk: bool, under_way: bool, days_before_due: int, status: Status) -> None:
    found = Measured(value, threshold, risk, under_way, DUE)
    assert rules.status_of(found, DUE - timedelta(days_before_due), 30) == status


def test_every_task_and_requirement_of_the_plan_has_an_obligation() -> None:
    assert {number for each in rules.OBLIGATIONS for number in each.tasks} == set(range(1, 25))
    assert {number for each in rules.OBLIGATIONS for number in each.requirements} == {1, 2, 3}
    assert len(rules.BY_ID) == len(rules.OBLIGATIONS)


def test_registers_and_obligations_name_each_other() -> None:
    named = {obligation for kind in KINDS.values() for obligation in kind.obligations}
    assert named <= set(rules.BY_ID)
    wanted = {kind for each in (*external.registers.EACH, *external.registers.WHOLE) for kind in each.kinds}
    assert wanted <= set(KINDS)


@pytest.mark.parametrize(
    ("obligation", "value", "code"),
    [
        ("O2a", 0, "obligation.not_declarable"),
        ("O22", None, "obligation.not_owed"),
        ("O22", 1, "obligation.recorded"),
        ("O22", 0, None),
    ],
)
def test_who_may_declare(obligation: str, value: int | None, code: str | None) -> None:
    found = rules.why_not_declare(rules.BY_ID[obligation], value)
    assert (found.code if isinstance(found, errors.DomainError) else None) == code
