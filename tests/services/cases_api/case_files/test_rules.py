"""States, days, steps, officers and parties, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.case_files.rules import contents, parties, states
from services.cases_api.case_files.rules.contents import StepName
from services.cases_api.case_files.rules.parties import IdType, PartyKind
from services.cases_api.case_files.rules.states import MOVES, State, Verb
from services.kit import ids
from tests.factories.cases import CREDIT_CODE, RESIDENT_ID

TODAY = date(2025, 6, 30)
FILED = date(2025, 3, 3)
DISTRICT, OTHER_DISTRICT, TOWN, BRANCH, NEIGHBOUR = (ids.new_id() for _ in range(5))


@dataclass
class File:
    """A file as far as the rules look at it."""

    filed_on: date = FILED
    decided_on: date | None = None
    closed_on: date | None = None
    archived_on: date | None = None
    officers: Sequence[UUID] = ()
    joint_basis: str | None = None
    state: str = "open"


@dataclass
class Step:
    step: StepName
    on: date


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
def test_days_are_faultless_exactly_when_they_are_in_order(file: File) -> None:
    given_days = [day for day in (file.filed_on, file.decided_on, file.closed_on, file.archived_on) if day is not None]
    ordered = all(one <= other for one, other in pairwise(given_days)) and max(given_days) <= TODAY
    whole = file.archived_on is None or file.closed_on is not None
    assert (not list(contents.day_faults(file, TODAY, "/body"))) == (ordered and whole)


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
        (File(decided_on=FILED - timedelta(1)), [("decided_on", "day.before_filing")]),
        (File(closed_on=FILED - timedelta(1)), [("closed_on", "day.before_filing")]),
        (File(decided_on=TODAY, closed_on=FILED), [("closed_on", "day.before_decision")]),
        (File(closed_on=TODAY, archived_on=FILED), [("archived_on", "day.before_closing")]),
        (File(archived_on=FILED), [("closed_on", "missing")]),
        (
            File(decided_on=FILED - timedelta(9), closed_on=FILED - timedelta(10), archived_on=TODAY + timedelta(1)),
            [("archived_on", "day.in_the_future"), ("decided_on", "day.before_filing"), ("closed_on", "day.before_decision")],
        ),
    ],
)
def test_every_fault_of_the_days_is_named(file: File, faults: list[tuple[str, str]]) -> None:
    found = [(fault.pointer, fault.code) for fault in contents.day_faults(file, TODAY, "/body")]
    assert found == [(f"/body/{name}", code) for name, code in faults]


def test_every_fault_of_the_steps_is_named() -> None:
    file = File(decided_on=date(2025, 4, 1))
    steps = [
        Step(StepName.FILING, FILED),
        Step(StepName.EVIDENCE, FILED - timedelta(1)),
        Step(StepName.DECISION, date(2025, 4, 2)),
        Step(StepName.DELIVERY, TODAY + timedelta(1)),
        Step(StepName.FILING, FILED),
        Step(StepName.CLOSING, TODAY),
    ]
    assert [(fault.pointer, fault.code) for fault in contents.step_faults(steps, file, TODAY, "/body")] == [
        ("/body/steps/1/on", "day.before_filing"),
        ("/body/steps/2/on", "step.other_day"),
        ("/body/steps/3/on", "day.in_the_future"),
        ("/body/steps/4/step", "repeated"),
        ("/body/steps/5/on", "step.other_day"),
    ]


@pytest.mark.parametrize("step", StepName)
def test_steps_that_follow_from_the_files_days_are_not_removed_by_themselves(step: StepName) -> None:
    assert (contents.why_not_remove(step) is None) == (step not in contents.KEPT)


OFFICER = contents.Officer(ids.new_id(), DISTRICT, (DISTRICT, TOWN), "officer", date(2020, 1, 1), None)


@pytest.mark.parametrize(
    ("officer", "joint_basis", "code"),
    [
        (OFFICER, None, None),
        (replace(OFFICER, unit_path=(DISTRICT, TOWN, BRANCH)), None, None),
        (replace(OFFICER, unit_path=(DISTRICT, NEIGHBOUR)), None, "officer.joint_basis_needed"),
        (replace(OFFICER, unit_path=(DISTRICT,)), None, "officer.joint_basis_needed"),
        (replace(OFFICER, unit_path=(DISTRICT, NEIGHBOUR)), "联合执法方案", None),
        (replace(OFFICER, district_id=OTHER_DISTRICT), "联合执法方案", "not_found"),
        (replace(OFFICER, kind="auxiliary"), None, "officer.auxiliary"),
        (replace(OFFICER, hired_on=FILED), None, None),
        (replace(OFFICER, hired_on=FILED + timedelta(1)), None, "officer.not_in_service"),
        (replace(OFFICER, left_on=FILED), None, None),
        (replace(OFFICER, left_on=FILED - timedelta(1)), None, "officer.not_in_service"),
        (None, None, "not_found"),
    ],
)
def test_officers_are_judged_on_the_day_of_filing(
    officer: contents.Officer | None, joint_basis: str | None, code: str | None
) -> None:
    officer_id = officer.id if officer else ids.new_id()
    known = {officer.id: officer} if officer else {}
    file = File(officers=[officer_id], joint_basis=joint_basis)
    found = [(fault.pointer, fault.code) for fault in contents.officer_faults(file, TOWN, DISTRICT, known, "/body")]
    assert found == ([("/body/officers/0", code)] if code else [])


def test_one_officer_named_twice_is_no_second_officer() -> None:
    file = File(officers=[OFFICER.id, OFFICER.id])
    (fault,) = contents.officer_faults(file, TOWN, DISTRICT, {OFFICER.id: OFFICER}, "/body")
    assert (fault.pointer, fault.code) == ("/body/officers/1", "repeated")


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
