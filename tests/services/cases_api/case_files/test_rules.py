"""States, days, steps, officers and parties, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.cases_api.case_files.rules import contents, parties, states
from services.cases_api.case_files.rules.parties import IdType, PartyKind
from services.cases_api.case_files.rules.states import MOVES, State, Verb
from services.cases_api.step_forms.rules import StepName
from services.cases_api.step_forms.schemas import union
from services.kit import ids
from tests.factories.cases import CREDIT_CODE, RESIDENT_ID

TODAY = date(2025, 6, 30)
FILED = date(2025, 3, 3)
DISTRICT, OTHER_DISTRICT = ids.new_id(), ids.new_id()
STEPS: TypeAdapter[union.StepIn] = TypeAdapter(union.StepIn)


@dataclass
class File:
    """A file as far as the rules look at it."""

    filed_on: date = FILED
    decided_on: date | None = None
    closed_on: date | None = None
    archived_on: date | None = None
    act_ended_on: date | None = None
    discovered_on: date | None = None
    obstacle_ended_on: date | None = None
    keyed_in_on: date | None = None
    officers: Sequence[UUID] = ()
    state: str = "open"


@dataclass
class Party:
    kind: PartyKind = PartyKind.NATURAL
    name: str = "林演示"
    id_type: IdType | None = None
    id_number: str | None = field(default=RESIDENT_ID)


ALLOWED = {
    State.OPEN: {"decide", "close", "void"},
    State.DECIDED: {"close", "void"},
    State.CLOSED: {"archive", "reopen"},
    State.ARCHIVED: {"reopen"},
    State.VOID: set(),
}


@pytest.mark.parametrize("state", State)
def test_each_state_allows_these_verbs_and_no_other(state: State) -> None:
    found = {verb.value for verb in Verb if states.why_not(verb, File(state=state)) is None}
    assert found == ALLOWED[state]


@pytest.mark.parametrize("state", State)
def test_only_open_and_decided_files_may_be_changed(state: State) -> None:
    refusal = states.why_not_change(File(state=state))
    assert isinstance(refusal, states.Locked) == (state not in {State.OPEN, State.DECIDED})


def test_every_state_but_void_can_be_left_and_every_state_reached() -> None:
    left = {start for moves in MOVES.values() for start in moves}
    reached = {end for moves in MOVES.values() for end in moves.values()}
    assert left == set(State) - {State.VOID}
    assert reached == set(State)


days = st.dates(date(2025, 1, 1), date(2025, 12, 31))
files = st.builds(File, filed_on=days, decided_on=st.none() | days, closed_on=st.none() | days, archived_on=st.none() | days)


@given(file=files)
def test_days_are_faultless_in_any_order_unless_they_lie_ahead(file: File) -> None:
    given_days = [day for day in (file.filed_on, file.decided_on, file.closed_on, file.archived_on) if day is not None]
    whole = file.archived_on is None or file.closed_on is not None
    assert (not list(contents.day_faults(file, TODAY, "/body"))) == (max(given_days) <= TODAY and whole)


@given(file=files)
def test_days_carry_a_file_through_moves_of_the_table_only(file: File) -> None:
    moved = list(states.forward(State.OPEN, file))
    assert all(MOVES[move.verb][move.start] is move.end for move in moved)
    assert all(one.end is other.start for one, other in pairwise(moved))
    assert {move.verb: move.on for move in moved}.get(Verb.CLOSE) == file.closed_on


@pytest.mark.parametrize(
    ("file", "faults"),
    [
        (File(), []),
        (File(decided_on=FILED, closed_on=FILED, archived_on=FILED), []),
        (File(closed_on=FILED), []),
        (File(filed_on=TODAY + timedelta(1)), [("filed_on", "day.in_the_future")]),
        (File(decided_on=FILED - timedelta(1), closed_on=FILED - timedelta(2), archived_on=FILED - timedelta(3)), []),
        (File(archived_on=FILED), [("closed_on", "missing")]),
        (
            File(act_ended_on=TODAY + timedelta(1), keyed_in_on=TODAY + timedelta(1), archived_on=TODAY + timedelta(1)),
            [
                ("archived_on", "day.in_the_future"),
                ("act_ended_on", "day.in_the_future"),
                ("keyed_in_on", "day.in_the_future"),
                ("closed_on", "missing"),
            ],
        ),
    ],
)
def test_every_fault_of_the_days_is_named(file: File, faults: list[tuple[str, str]]) -> None:
    found = [(fault.pointer, fault.code) for fault in contents.day_faults(file, TODAY, "/body")]
    assert found == [(f"/body/{name}", code) for name, code in faults]


def step(**facts: Any) -> union.StepIn:
    made: union.StepIn = STEPS.validate_python(facts)
    return made


def test_every_fault_of_the_steps_is_named() -> None:
    file = File(decided_on=date(2025, 4, 1))
    steps = [
        step(step="filing", on=FILED, approved_on=TODAY + timedelta(1)),
        step(step="evidence", on=FILED - timedelta(1)),
        step(step="decision", on=date(2025, 4, 2), performance_until=TODAY + timedelta(9)),
        step(step="delivery", on=TODAY + timedelta(1)),
        step(step="filing", on=FILED),
        step(step="closing", on=TODAY),
    ]
    assert [(fault.pointer, fault.code) for fault in contents.step_faults(steps, file, TODAY, "/body")] == [
        ("/body/steps/0/approved_on", "day.in_the_future"),
        ("/body/steps/2/on", "step.other_day"),
        ("/body/steps/3/on", "day.in_the_future"),
        ("/body/steps/4/step", "repeated"),
        ("/body/steps/5/on", "step.other_day"),
    ]


def test_each_kind_of_step_has_one_form_and_each_form_says_what_it_keeps() -> None:
    forms = get_args(get_args(union.StepIn)[0])
    kinds = [get_args(form.model_fields["step"].annotation)[0] for form in forms]
    assert sorted(kinds) == sorted(StepName)
    for form in get_args(get_args(union.StepOut)[0]):
        assert {"id", "step", "on"} <= form.model_fields.keys()
    for kind in kinds:
        bare = step(step=kind, on=FILED)
        assert bare.facts() == {}


@pytest.mark.parametrize("step", StepName)
def test_steps_that_follow_from_the_files_days_are_not_removed_by_themselves(step: StepName) -> None:
    assert (contents.why_not_remove(step) is None) == (step not in contents.KEPT)


def test_officers_are_known_and_named_once() -> None:
    known, elsewhere, unknown = ids.new_id(), ids.new_id(), ids.new_id()
    officers = {known: DISTRICT, elsewhere: OTHER_DISTRICT}
    file = File(officers=[known, elsewhere, unknown, known])
    assert [(fault.pointer, fault.code) for fault in contents.officer_faults(file, DISTRICT, officers, "/body")] == [
        ("/body/officers/1", "not_found"),
        ("/body/officers/2", "not_found"),
        ("/body/officers/3", "repeated"),
    ]
    hearing = step(step="hearing", on=FILED, officers=[known, unknown], host_id=elsewhere)
    assert [(fault.pointer, fault.code) for fault in contents.step_officer_faults(hearing, DISTRICT, officers, "/body")] == [
        ("/body/officers/1", "not_found"),
        ("/body/host_id", "not_found"),
    ]


@pytest.mark.parametrize(
    ("party", "fault"),
    [
        (Party(), None),
        (Party(id_number=None), None),
        (Party(id_type=IdType.PASSPORT, id_number="E12345678"), None),
        (Party(PartyKind.LEGAL, id_number=CREDIT_CODE), None),
        (Party(PartyKind.LEGAL, id_type=IdType.OTHER, id_number="ABC-1"), None),
        (Party(id_number=RESIDENT_ID[:-1] + ("1" if RESIDENT_ID[-1] != "1" else "2")), ("id_number", "wrong_format")),
        (Party(id_number=RESIDENT_ID[:-1]), ("id_number", "wrong_format")),
        (Party(id_number="350111199002300012"), ("id_number", "wrong_format")),
        (Party(PartyKind.LEGAL, id_number=CREDIT_CODE[:-1] + "0"), ("id_number", "wrong_format")),
        (Party(PartyKind.LEGAL, id_type=IdType.RESIDENT_ID), ("id_type", "not_allowed")),
        (Party(id_type=IdType.CREDIT_CODE, id_number=CREDIT_CODE), ("id_type", "not_allowed")),
        (Party(id_type=IdType.PASSPORT, id_number=None), ("id_number", "missing")),
    ],
)
def test_identity_numbers_are_checked_by_their_kind(party: Party, fault: tuple[str, str] | None) -> None:
    found = [(fault.pointer, fault.code) for fault in parties.faults(party, "/body/party")]
    assert found == ([(f"/body/party/{fault[0]}", fault[1])] if fault else [])
