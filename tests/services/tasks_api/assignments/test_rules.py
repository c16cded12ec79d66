"""The table of moves against a model of its own, lamps, late days and the diagram in the docs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.kit.calendar import Calendar
from services.tasks_api import access
from services.tasks_api.assignments import rules
from services.tasks_api.assignments.rules import Lamp, State, Verb

DIAGRAM = Path(__file__).parents[4] / "docs" / "assignment-states.md"
NOON = datetime(2025, 1, 2, 4, tzinfo=UTC)
# Written out apart from the table: state → what may be done with it.
POSSIBLE = {
    State.ISSUED: "sign suspend void reassign",
    State.SIGNED: "start suspend void reassign",
    State.IN_PROGRESS: "submit suspend void reassign",
    State.SUBMITTED: "return approve void",
    State.APPROVED: "",
    State.SUSPENDED: "resume void",
    State.VOID: "",
}
MONDAY = date(2025, 6, 2)
WEEKDAYS = Calendar({MONDAY + timedelta(n): n % 7 < 5 for n in range(-365, 365)})


@dataclass
class Facts:
    state: str
    state_before: str | None = None
    reported_at: datetime | None = NOON


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(State, Verb)))
def test_what_may_be_done_in_which_state(state: State, verb: Verb) -> None:
    facts = Facts(state, State.SIGNED if state is State.SUSPENDED else None)
    refusal = rules.why_not(verb, facts)
    assert (refusal is None) == (verb in POSSIBLE[state].split())
    assert refusal is None or isinstance(refusal, rules.IllegalMove)


def test_nothing_is_handed_in_without_a_report() -> None:
    assert isinstance(rules.why_not(Verb.SUBMIT, Facts(State.IN_PROGRESS, reported_at=None)), rules.NothingReported)
    assert isinstance(rules.why_not(Verb.SUBMIT, Facts(State.SIGNED, reported_at=None)), rules.IllegalMove)


@pytest.mark.parametrize("before", rules.RUNNING)
def test_resuming_leads_back_to_the_state_before(before: State) -> None:
    assert rules.target(Facts(State.SUSPENDED, before), Verb.RESUME) is before


def test_each_verb_has_its_right_and_its_past() -> None:
    assert set(access.MOVES) == set(Verb) == set(rules.PAST) == {move.verb for move in rules.MOVES}


def test_the_diagram_in_the_docs_is_that_of_the_table() -> None:
    assert f"```mermaid\n{rules.diagram()}```" in DIAGRAM.read_text(encoding="utf-8")


class Work(RuleBasedStateMachine):
    """Random acts on one assignment; the model keeps the state as a list of what was pushed on top of it."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = Facts(State.ISSUED, reported_at=None)
        self.model, self.paused_from, self.told = "issued", "", False

    @rule(verb=st.sampled_from(Verb))
    def act(self, verb: Verb) -> None:
        refusal = rules.why_not(verb, self.facts)
        expected = self._expected(verb)
        assert (refusal is None) == (expected is not None)
        if expected is None:
            return
        after = rules.target(self.facts, verb)
        self.facts.state_before = self.facts.state if after is State.SUSPENDED else None
        if verb in {Verb.RETURN, Verb.REASSIGN}:
            self.facts.reported_at = None
        assert after is not None
        self.facts.state = after
        self.paused_from = self.model if verb is Verb.SUSPEND else ""
        self.told = self.told and verb not in {Verb.RETURN, Verb.REASSIGN}
        self.model = expected

    def _expected(self, verb: Verb) -> str | None:
        if verb not in POSSIBLE[State(self.model)].split() or (verb is Verb.SUBMIT and not self.told):
            return None
        plain = {"sign": "signed", "start": "in_progress", "submit": "submitted", "return": "in_progress", "approve": "approved"}
        special = {"suspend": "suspended", "resume": self.paused_from, "void": "void", "reassign": "issued"}
        return (plain | special)[verb]

    @precondition(lambda self: self.model in {"signed", "in_progress"})
    @rule()
    def report(self) -> None:
        self.facts.reported_at, self.told = NOON, True

    @invariant()
    def agrees(self) -> None:
        assert self.facts.state == self.model
        assert (self.facts.state_before is None) == (self.model != "suspended")


TestWork = Work.TestCase


@pytest.mark.parametrize(
    ("due_on", "stopped_on", "today", "expected"),
    [
        (None, None, MONDAY, 0),
        (MONDAY, None, MONDAY, 0),
        (MONDAY, None, MONDAY + timedelta(1), 1),
        (MONDAY + timedelta(4), None, MONDAY + timedelta(6), 0),
        (MONDAY + timedelta(4), None, MONDAY + timedelta(7), 1),
        (MONDAY, MONDAY, MONDAY + timedelta(30), 0),
        (MONDAY, MONDAY + timedelta(8), MONDAY + timedelta(30), 6),
    ],
)
def test_late_days_are_working_days_until_the_clock_stopped(
    due_on: date | None, stopped_on: date | None, today: date, expected: int
) -> None:
    assert rules.late_days(due_on, stopped_on, today, WEEKDAYS.between) == expected


@pytest.mark.parametrize(
    ("state", "due", "stopped", "expected"),
    [
        (State.ISSUED, None, None, Lamp.GREEN),
        (State.ISSUED, -1, None, Lamp.RED),
        (State.SIGNED, 0, None, Lamp.YELLOW),
        (State.IN_PROGRESS, 4, None, Lamp.YELLOW),
        (State.IN_PROGRESS, 5, None, Lamp.GREEN),
        (State.SUBMITTED, 0, -1, Lamp.GREEN),
        (State.APPROVED, -9, -9, Lamp.GREEN),
        (State.APPROVED, -9, -8, Lamp.RED),
        (State.SUSPENDED, -9, -8, Lamp.GREY),
        (State.VOID, -9, -8, Lamp.GREY),
    ],
)
def test_lamps(state: State, due: int | None, stopped: int | None, expected: Lamp) -> None:
    due_on = None if due is None else MONDAY + timedelta(due)
    stopped_on = None if stopped is None else MONDAY + timedelta(stopped)
    assert rules.lamp(state, due_on, stopped_on, MONDAY, MONDAY + timedelta(5)) is expected


@given(st.integers(-30, 400), st.integers(0, 400))
def test_a_pause_gives_back_exactly_its_calendar_days(due: int, pause: int) -> None:
    due_on, stopped_on = MONDAY + timedelta(due), MONDAY
    moved, days = rules.due_after_pause(due_on, stopped_on, stopped_on + timedelta(pause))
    assert (moved, days) == (due_on + timedelta(pause), pause)


def test_a_pause_without_a_due_date_moves_nothing() -> None:
    assert rules.due_after_pause(None, MONDAY, MONDAY + timedelta(3)) == (None, 3)


@pytest.mark.parametrize("state", State)
def test_the_clock_runs_exactly_while_the_unit_works(state: State) -> None:
    end = rules.clock_end(state, None, MONDAY)
    assert (end is None) == (state in {State.ISSUED, State.SIGNED, State.IN_PROGRESS})
    assert rules.clock_end(State.APPROVED, MONDAY - timedelta(3), MONDAY) == MONDAY - timedelta(3)
