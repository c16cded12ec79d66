"""The ladder as a table of days: what is due when, what comes next, and what a gap in the calendar does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import ids
from services.kit.calendar import Calendar
from services.tasks_api.assignments.rules import State
from services.tasks_api.escalations.rules import ladder, reminding, wording
from services.tasks_api.escalations.rules.ladder import Days
from services.tasks_api.escalations.rules.turns import Waiting, turns
from services.tasks_api.escalations.rules.wording import Hit

# A Monday.
DUE = date(2025, 6, 16)
DISTRICTS = (UUID(int=1), UUID(int=2))
WEEKDAYS = Calendar({DUE + timedelta(n): (DUE + timedelta(n)).weekday() < 5 for n in range(-200, 200)})


@dataclass(frozen=True)
class Rule:
    step: str
    offset_days: int
    basis: str = "due"
    action: str = "warn"
    audience: str = "unit"
    valid_from: date = date(2020, 1, 1)
    enabled: bool = True
    reply_days: int | None = None
    repeat_days: int | None = None
    repeat_most: int = 0


@dataclass(frozen=True)
class Facts:
    state: str = State.IN_PROGRESS
    due_on: date | None = DUE
    held_since: date = date(2025, 1, 2)


LADDER = (
    Rule("unsigned", 3, "issue"),
    Rule("yellow", -7),
    Rule("red", 0),
    Rule("leader", 2, repeat_days=5, repeat_most=2),
    Rule("notice", 7),
)


def steps(facts: Facts, today: date, taken: Mapping[str, int] | None = None) -> tuple[list[tuple[str, int]], date | None]:
    found = ladder.look(facts, LADDER, taken or {}, Days(WEEKDAYS), today)
    return [(step.rule.step, step.occurrence) for step in found.steps], found.again_on


@pytest.mark.parametrize(
    ("day", "taken", "expected", "again"),
    [
        # Seven working days before Monday the 16th is Thursday the 5th.
        (date(2025, 6, 4), {}, [], date(2025, 6, 5)),
        (date(2025, 6, 5), {}, [("yellow", 0)], date(2025, 6, 17)),
        (date(2025, 6, 5), {"yellow": 0}, [], date(2025, 6, 17)),
        (date(2025, 6, 16), {"yellow": 0}, [], date(2025, 6, 17)),
        # Late from the next day on; a warning before the date is not sent after it.
        (date(2025, 6, 17), {}, [("red", 0)], date(2025, 6, 18)),
        (date(2025, 6, 18), {"red": 0}, [("leader", 0)], date(2025, 6, 25)),
        (date(2025, 6, 25), {"red": 0, "leader": 0}, [("leader", 1), ("notice", 0)], date(2025, 7, 2)),
        (date(2025, 7, 2), {"red": 0, "leader": 1, "notice": 0}, [("leader", 2)], None),
        # After downtime each step comes once.
        (date(2025, 8, 1), {}, [("red", 0), ("notice", 0), ("leader", 2)], None),
        (date(2025, 8, 1), {"red": 0, "notice": 0, "leader": 2}, [], None),
    ],
)
def test_what_is_due_and_when_to_look_again(
    day: date, taken: dict[str, int], expected: list[tuple[str, int]], again: date | None
) -> None:
    assert steps(Facts(), day, taken) == (expected, again)


def test_nobody_is_late_before_the_task_was_given() -> None:
    given_late = Facts(held_since=date(2025, 7, 1))
    assert steps(given_late, date(2025, 7, 1)) == ([], date(2025, 7, 2))
    assert steps(given_late, date(2025, 7, 2)) == ([("red", 0)], date(2025, 7, 3))


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED, State.SUSPENDED, State.VOID])
def test_while_the_clock_stands_still_nothing_is_due(state: State) -> None:
    assert steps(Facts(state), date(2025, 8, 1)) == ([], None)


def test_who_has_not_signed_is_reminded_of_it() -> None:
    unsigned = Facts(State.ISSUED, None, date(2025, 6, 2))
    assert steps(unsigned, date(2025, 6, 4)) == ([], date(2025, 6, 5))
    assert steps(unsigned, date(2025, 6, 5)) == ([("unsigned", 0)], None)
    assert steps(Facts(State.SIGNED, None, date(2025, 6, 2)), date(2025, 6, 5)) == ([], None)


def test_where_the_calendar_ends_nothing_is_guessed() -> None:
    ends = Calendar(dict.fromkeys((DUE + timedelta(n) for n in range(-30, 4)), True))
    look = ladder.look(Facts(), LADDER, {"red": 0, "leader": 2}, Days(ends), DUE + timedelta(3))
    assert (look.steps, look.again_on) == ([], DUE + timedelta(7))
    later = ladder.look(Facts(), LADDER, {"red": 0, "leader": 2}, Days(ends), DUE + timedelta(30))
    assert (later.steps, later.again_on) == ([], DUE + timedelta(31))
    far = Facts(due_on=DUE + timedelta(400), held_since=DUE)
    assert ladder.look(far, LADDER, {}, Days(ends), DUE).again_on == DUE + timedelta(400 - 34)


@given(st.integers(-60, 60), st.integers(1, 40))
def test_the_days_of_steps_agree_with_counting(start: int, offset: int) -> None:
    base, days = DUE + timedelta(start), Days(WEEKDAYS)
    after, before = days.offset(base, offset), days.offset(base, -offset)
    assert after is not None
    assert before is not None
    assert WEEKDAYS.between(base, after) == offset
    assert WEEKDAYS.between(after - timedelta(1), after) == 1
    assert WEEKDAYS.between(before, base) <= offset < WEEKDAYS.between(before - timedelta(1), base)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_however_often_one_looks_each_step_comes_once(gaps: list[int]) -> None:
    day, taken, seen = date(2025, 6, 1), dict[str, int](), list[tuple[str, int]]()
    for gap in gaps:
        day += timedelta(gap)
        found, _ = steps(Facts(), day, taken)
        seen += found
        taken |= dict(found)
    assert len(seen) == len(set(seen))
    assert steps(Facts(), day, taken)[0] == []


@given(st.integers(0, 60))
def test_looking_only_when_told_to_misses_nothing(length: int) -> None:
    daily, told = dict[str, int](), dict[str, int]()
    again: date | None = date(2025, 6, 1)
    for day in (date(2025, 6, 1) + timedelta(n) for n in range(length)):
        daily |= dict(steps(Facts(), day, daily)[0])
        if again is not None and day >= again:
            found, again = steps(Facts(), day, told)
            told |= dict(found)
        assert told == daily


def test_what_comes_next() -> None:
    coming = ladder.upcoming(Facts(), LADDER, {"yellow": 0, "leader": 0}, Days(WEEKDAYS), date(2025, 6, 10))
    assert [(each.rule.step, each.occurrence, each.due_for) for each in coming] == [
        ("red", 0, date(2025, 6, 17)),
        ("leader", 1, date(2025, 6, 25)),
        ("notice", 0, date(2025, 6, 25)),
    ]


def test_a_warning_to_those_who_lead_goes_to_each_of_them_and_else_to_the_bureau() -> None:
    late, leader, tasks = ids.new_id(), ids.new_id(), [ids.new_id() for _ in range(3)]
    pairs = [(ids.new_id(), task) for task in tasks]
    hit = Hit("lead_unit", "lead_unit", late, "示例甲镇", ids.new_id(), pairs)
    leads: dict[UUID, set[UUID]] = {tasks[0]: {leader, late}, tasks[1]: {late}}
    found = wording.warnings(hit, {task: f"任务{place}" for place, task in enumerate(tasks)}, leads)
    assert {message.unit_id: message.data["count"] for message in found} == {leader: 1, None: 2}
    assert [message.roles[0] for message in found if message.unit_id is None] == ["bureau"]


def test_many_tasks_are_named_up_to_ten() -> None:
    tasks = {ids.new_id(): f"任务{number}" for number in range(14)}
    hit = Hit("red", "unit", ids.new_id(), "示例甲镇", ids.new_id(), [(ids.new_id(), task) for task in tasks])
    [message] = wording.warnings(hit, tasks, {})
    assert message.text.count("《") == 10
    assert message.text.endswith("等，共 14 项任务交办。")


NOON = datetime(2025, 6, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "sent", "code"),
    [
        (State.ISSUED, [], None),
        (State.IN_PROGRESS, [25], None),
        (State.IN_PROGRESS, [23], "reminder.too_soon"),
        (State.IN_PROGRESS, [25, 50, 75], "reminder.too_many"),
        (State.SUBMITTED, [], "reminder.nothing_owed"),
        (State.SUSPENDED, [], "reminder.nothing_owed"),
    ],
)
def test_reminders_by_hand(state: State, sent: list[int], code: str | None) -> None:
    refusal = reminding.why_not(state, [NOON - timedelta(hours=hours) for hours in sent], 3, 24, NOON)
    assert (refusal.code if refusal else None) == code


@given(st.lists(st.tuples(st.sampled_from(DISTRICTS), st.integers(1, 30)), max_size=20), st.integers(1, 10))
def test_turns_hold_whole_units_unless_one_has_more_by_itself(sizes: list[tuple[UUID, int]], most: int) -> None:
    waiting = [Waiting(district, UUID(int=place), size) for place, (district, size) in enumerate(sizes)]
    made = list(turns(waiting, most))
    assert sum(turn.size for turn in made) == sum(unit.size for unit in waiting)
    assert all(0 < turn.size <= most for turn in made)
    for unit in waiting:
        holding = [turn for turn in made if unit.unit_id in turn.unit_ids]
        assert len(holding) == -(-unit.size // most)
        assert {turn.district_id for turn in holding} == {unit.district_id}
