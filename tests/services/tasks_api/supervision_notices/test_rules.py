"""States of a notice, numbers, reply days."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from services.tasks_api import access
from services.tasks_api.supervision_notices import rules
from services.tasks_api.supervision_notices.rules import Kind, State, Verb

POSSIBLE = {State.ISSUED: "reply void", State.REPLIED: "return close void", State.CLOSED: "", State.VOID: ""}
DAY = date(2025, 6, 2)


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(State, Verb)))
def test_what_may_be_done_in_which_state(state: State, verb: Verb) -> None:
    assert (rules.why_not(verb, Kind.NOTICE, state) is None) == (verb in POSSIBLE[state].split())


@pytest.mark.parametrize("verb", Verb)
def test_a_circular_is_only_taken_back(verb: Verb) -> None:
    assert (rules.why_not(verb, Kind.CIRCULAR, State.ISSUED) is None) == (verb is Verb.VOID)


def test_each_verb_has_its_right_and_its_past() -> None:
    assert set(access.NOTICE_MOVES) == set(Verb) == set(rules.PAST)


def test_numbers_follow_the_standard() -> None:
    assert rules.number("晋执督", 2025, 7) == "晋执督〔2025〕7号"


@pytest.mark.parametrize(
    ("kind", "days", "codes"),
    [
        (Kind.NOTICE, None, ["missing"]),
        (Kind.NOTICE, 0, ["day.not_later"]),
        (Kind.NOTICE, 1, []),
        (Kind.CIRCULAR, None, []),
        (Kind.CIRCULAR, 1, ["not_allowed"]),
    ],
)
def test_the_day_of_the_reply(kind: Kind, days: int | None, codes: list[str]) -> None:
    due = None if days is None else DAY + timedelta(days)
    assert [fault.code for fault in rules.day_faults(kind, due, DAY)] == codes
