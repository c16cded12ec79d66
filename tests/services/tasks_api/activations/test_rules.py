"""What each unit owes: occurrences, duties, and parties nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from services.kit import ids
from services.tasks_api.activations import rules
from services.tasks_api.activations.rules import Occurrence, PlannedTask

YEARS = (2024, 2025, 2026)
TOWN, OTHER, BUREAU = (ids.new_id() for _ in range(3))
GROUPS = {"townships": [TOWN, OTHER], "nobody": []}


@dataclass(frozen=True)
class Deadline:
    shape: str
    due_on: date | None = None
    window_start: str | None = None
    window_end: str | None = None
    as_written: str | None = None


@dataclass(frozen=True)
class Party:
    role: str
    position: int = 0
    unit_id: UUID | None = None
    group_key: str | None = None
    as_written: str = "某单位"


COUNT = Deadline("yearly_count")
JANUARY = Deadline("yearly_window", window_start="01-01", window_end="01-10")
FEBRUARY = Deadline("yearly_window", window_start="02-01", window_end="02-29")
NEW_YEAR = Deadline("yearly_window", window_start="12-20", window_end="01-05")
END_OF_2024 = Deadline("fixed", due_on=date(2024, 12, 31))
END_OF_2025 = Deadline("fixed", due_on=date(2025, 12, 31))


def year_ends(month: int, day: int, later: int = 0) -> list[Occurrence]:
    return [Occurrence(year, date(year + later, month, day)) for year in YEARS]


@pytest.mark.parametrize(
    ("deadlines", "expected"),
    [
        ([], [Occurrence(None, None)]),
        ([Deadline("none"), Deadline("irregular")], [Occurrence(None, None)]),
        ([END_OF_2024], [Occurrence(None, date(2024, 12, 31))]),
        ([END_OF_2025, END_OF_2024, END_OF_2024], [Occurrence(None, date(2024, 12, 31)), Occurrence(None, date(2025, 12, 31))]),
        ([COUNT, COUNT, COUNT], year_ends(12, 31)),
        ([JANUARY], year_ends(1, 10)),
        ([COUNT, JANUARY], year_ends(1, 10)),
        ([NEW_YEAR], year_ends(1, 5, later=1)),
        ([FEBRUARY], [Occurrence(2024, date(2024, 2, 29)), *(Occurrence(year, date(year, 2, 28)) for year in (2025, 2026))]),
        ([END_OF_2024, COUNT, Deadline("none")], [Occurrence(None, date(2024, 12, 31)), *year_ends(12, 31)]),
    ],
)
def test_occurrences(deadlines: list[Deadline], expected: list[Occurrence]) -> None:
    assert rules.occurrences(deadlines, YEARS) == expected


@pytest.mark.parametrize(("through", "years"), [(True, [2024, 2025]), (False, [2024])])
def test_every_year_before_one_is_read_as_set(*, through: bool, years: list[int]) -> None:
    bound = Deadline("yearly_count", as_written="2025年前")
    assert [owed.year for owed in rules.occurrences([bound], YEARS, through=through)] == years
    assert len(rules.occurrences([bound, COUNT], YEARS, through=through)) == 3, "what is not bound is owed to the end"


def test_a_unit_owes_once_per_role_however_often_it_is_named() -> None:
    parties = [
        Party("lead", 0, unit_id=TOWN),
        Party("responsible", 0, unit_id=TOWN),
        Party("responsible", 1, group_key="townships"),
        Party("responsible", 2, unit_id=BUREAU),
    ]
    task = PlannedTask(ids.new_id(), "task", 1, parties, [END_OF_2024])
    owed = [(duty.role, duty.unit_id) for duty in rules.duties([task], GROUPS, YEARS)]
    assert owed == [("lead", TOWN), ("responsible", TOWN), ("responsible", OTHER), ("responsible", BUREAU)]


def test_each_duty_comes_once_for_each_occurrence() -> None:
    task = PlannedTask(ids.new_id(), "task", 1, [Party("responsible", group_key="townships")], [END_OF_2024, COUNT])
    owed = list(rules.duties([task], GROUPS, YEARS))
    assert len(owed) == len(set(owed)) == 2 * (1 + len(YEARS))


def test_every_party_nobody_knows_is_named() -> None:
    parties = [
        Party("lead", 0),
        Party("responsible", 0, unit_id=TOWN),
        Party("responsible", 1, group_key="nobody", as_written="各部门"),
    ]
    task = PlannedTask(ids.new_id(), "requirement", 3, parties, [])
    refusal = rules.why_not_issue([task], GROUPS)
    assert isinstance(refusal, rules.UnknownParties)
    assert [(fault.pointer, fault.code, fault.params) for fault in refusal.faults] == [
        ("/requirements/3/leads/0", "party.unknown", {"name": "某单位"}),
        ("/requirements/3/responsibles/1", "party.no_members", {"name": "各部门"}),
    ]
    assert rules.why_not_issue([PlannedTask(ids.new_id(), "task", 1, parties[1:2], [])], GROUPS) is None


def test_dates_outside_the_plan_are_named() -> None:
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    task = PlannedTask(ids.new_id(), "task", 7, [], [Deadline("fixed", due_on=day) for day in days])
    found = rules.why_not_dates([task], date(2024, 1, 1), date(2026, 12, 31))
    assert found is not None
    assert [(fault.pointer, fault.code) for fault in found.faults] == [
        ("/tasks/7/deadlines", "day.before_plan"),
        ("/tasks/7/deadlines", "day.after_plan"),
    ]


def test_the_years_of_a_plan_include_the_first_and_the_last() -> None:
    assert list(rules.years_of(date(2023, 1, 1), date(2025, 12, 31))) == [2023, 2024, 2025]
