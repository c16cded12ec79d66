"""Rounds without a database: moves, faults of files and reviewers, and how files are dealt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.review_rounds import rules
from services.cases_api.review_rounds.rules import Mode, Reviewer, State
from services.cases_api.rubrics.rules import Reach

HERE, THERE = UUID(int=1), UUID(int=2)
PENALTIES = Reach(frozenset({"penalty"}), None)


@dataclass(frozen=True)
class File:
    id: UUID
    unit_id: UUID = HERE
    kind: str = "penalty"
    procedure: str = "ordinary"
    state: str = "closed"


def reviewer(number: int, unit_id: UUID = HERE, *roles: str) -> Reviewer:
    return Reviewer(UUID(int=number), unit_id, frozenset(roles or ("unit_member", "reviewer")))


@pytest.mark.parametrize("verb", list(rules.SELF_MOVES))
@pytest.mark.parametrize("state", list(State))
def test_only_the_moves_of_the_table_are_allowed(verb: str, state: State) -> None:
    allowed = {
        "assign": {"draft", "assigned", "reviewing"},
        "begin": {"assigned"},
        "publish": {"reviewing"},
        "close": {"published"},
        "void": {"draft", "assigned", "reviewing", "published"},
    }
    assert (rules.why_not(verb, Mode.SELF, state) is None) is (state in allowed[verb])


def test_a_round_is_published_when_all_is_reviewed_and_something_is() -> None:
    assert rules.why_not_publish(0, 1) is None
    assert isinstance(rules.why_not_publish(1, 5), rules.Unfinished)
    assert isinstance(rules.why_not_publish(0, 0), rules.NothingReviewed)


@pytest.mark.parametrize(
    ("file", "codes"),
    [
        (File(UUID(int=9)), []),
        (File(UUID(int=9), state="archived"), []),
        (File(UUID(int=9), state="open"), ["review_round.file_not_closed"]),
        (File(UUID(int=9), state="void"), ["review_round.file_not_closed"]),
        (File(UUID(int=9), kind="licence"), ["review_round.file_of_other_kind"]),
        (File(UUID(int=7)), ["review_round.file_taken"]),
        (File(UUID(int=9), THERE), ["review_round.no_reviewer"]),
        (
            File(UUID(int=7), THERE, "licence", "ordinary", "open"),
            [
                "review_round.file_not_closed",
                "review_round.file_of_other_kind",
                "review_round.file_taken",
                "review_round.no_reviewer",
            ],
        ),
    ],
)
def test_every_fault_of_a_file_is_named(file: File, codes: list[str]) -> None:
    faults = rules.file_faults([file.id], {file.id: file}, PENALTIES, frozenset({UUID(int=7)}), frozenset({HERE}))
    assert [(fault.pointer, fault.code) for fault in faults] == [("/body/case_file_ids/0", code) for code in codes]


def test_unknown_and_repeated_files_are_named() -> None:
    known = File(UUID(int=9))
    faults = rules.file_faults([known.id, UUID(int=8), known.id], {known.id: known}, PENALTIES, frozenset(), frozenset({HERE}))
    assert [(fault.pointer[-1], fault.code) for fault in faults] == [("1", "not_found"), ("2", "repeated")]


def test_faults_of_reviewers_are_named() -> None:
    known = {one.id: one for one in (reviewer(1), reviewer(2, HERE, "unit_member"))}
    wanted = [UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=1)]
    faults = [(fault.pointer[-1], fault.code) for fault in rules.reviewer_faults(wanted, known)]
    assert faults == [("1", "review_round.not_a_reviewer"), ("2", "not_found"), ("3", "repeated")]


def test_files_go_to_the_least_loaded_of_their_unit_and_of_equals_to_the_first() -> None:
    files = [File(UUID(int=n), HERE if n < 14 else THERE) for n in range(10, 16)]
    people = [reviewer(1), reviewer(2), reviewer(3, THERE)]
    dealt = [(file.id.int, chosen.id.int) for file, chosen in rules.deal(files, people, {UUID(int=1): 1})]
    assert dealt == [(10, 2), (11, 1), (12, 2), (13, 1), (14, 3), (15, 3)]


@given(st.lists(st.sampled_from([HERE, THERE]), max_size=40), st.integers(1, 5), st.integers(1, 5))
def test_loads_differ_by_one_at_most_and_nobody_reviews_another_unit(units: list[UUID], here: int, there: int) -> None:
    people = [reviewer(n) for n in range(here)] + [reviewer(100 + n, THERE) for n in range(there)]
    files = [File(UUID(int=1000 + place), unit) for place, unit in enumerate(units)]
    dealt = rules.deal(files, people, {})
    assert [file.id for file, _ in dealt] == [file.id for file in files]
    assert all(file.unit_id == chosen.unit_id for file, chosen in dealt)
    for unit in (HERE, THERE):
        loads = Counter({one.id: 0 for one in people if one.unit_id == unit})
        loads.update(chosen.id for file, chosen in dealt if file.unit_id == unit)
        assert max(loads.values()) - min(loads.values()) <= 1
