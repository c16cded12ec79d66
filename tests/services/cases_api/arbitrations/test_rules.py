"""Rules of arbitrations: when reviews disagree, about what, and who is first in line."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.arbitrations import rules
from services.cases_api.arbitrations.rules import About, Candidate, Ground, Sheet, State
from services.cases_api.results import rules as results
from services.cases_api.review_rounds.rules import Mode
from services.cases_api.reviews.rules import Finding, Findings, Remark


def sheet(total: int | None, grade: str = "good", **found: object) -> Sheet:
    return Sheet(uuid4(), grade, total, Findings(**found))  # type: ignore[arg-type]  # made by the tests below alone


VETO = Remark("not_delivered", "无回证")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (sheet(8500), sheet(8000), []),
        (sheet(8501), sheet(8000), [Ground.SPREAD]),
        (sheet(8000), sheet(7999, "pass"), [Ground.GRADE]),
        (sheet(8000, vetoes=[VETO]), sheet(8000), [Ground.VETO]),
        (sheet(9500, "excellent"), sheet(5000, "fail", vetoes=[VETO]), [Ground.SPREAD, Ground.GRADE, Ground.VETO]),
        (sheet(None, "not_reviewable", not_reviewable="缺卷"), sheet(8000), [Ground.GRADE]),
        (sheet(None, "not_reviewable", not_reviewable="缺卷"), sheet(None, "not_reviewable", not_reviewable="散页"), []),
    ],
)
def test_reviews_disagree_by_spread_grade_or_veto(first: Sheet, second: Sheet, expected: list[Ground]) -> None:
    assert rules.grounds_of([first, second], 500) == rules.grounds_of([second, first], 500) == expected


def test_what_the_sheets_differ_in_wants_a_decision_and_nothing_else_does() -> None:
    one = sheet(1, items=[Finding("a", 200), Finding("a", 100), Finding("b", 100)], vetoes=[VETO])
    two = sheet(1, items=[Finding("a", 300)], not_applicable=[Remark("c", "无听证")])
    wanted = rules.disputed([one, two])
    assert wanted == [(About.ITEM, "b"), (About.ITEM, "c"), (About.VETO, "not_delivered")]
    assert list(rules.decision_faults(wanted, wanted)) == []
    given_ones = [(About.ITEM, "a"), (About.ITEM, "b"), (About.ITEM, "b")]
    assert [(fault.pointer, fault.code) for fault in rules.decision_faults(wanted, given_ones)] == [
        ("/body/decisions/0", "arbitration.not_disputed"),
        ("/body/decisions/2", "repeated"),
        ("/body/decisions", "arbitration.undecided"),
        ("/body/decisions", "arbitration.undecided"),
    ]
    unreviewable = sheet(None, "not_reviewable", not_reviewable="缺卷")
    assert rules.disputed([unreviewable, sheet(1)]) == [(About.REVIEWABLE, "")]


@given(st.lists(st.tuples(st.uuids(), st.integers(0, 3)), unique_by=lambda pair: pair[0], max_size=12), st.text(min_size=1))
def test_the_line_follows_loads_and_seed_alone(people: list[tuple[UUID, int]], seed: str) -> None:
    line = rules.ranked([Candidate(*pair) for pair in people], seed)
    assert line == rules.ranked([Candidate(*pair) for pair in reversed(people)], seed)
    assert [each.load for each in line] == sorted(load for _, load in people)
    assert {each.account_id for each in line} == {account for account, _ in people}


def test_the_table_of_moves_is_whole() -> None:
    for verb, moves in rules.MOVES.items():
        for state in State:
            assert (rules.why_not(verb, state) is None) == (state in moves)
    assert all(State.VOID not in moves for moves in rules.MOVES.values())


def test_precedence_is_arbitration_sample_cross_self() -> None:
    reviews = [results.rank(results.Basis.REVIEWS, mode) for mode in (Mode.SELF, Mode.CROSS, Mode.SAMPLE)]
    arbitrated = [results.rank(results.Basis.ARBITRATION, mode) for mode in Mode]
    objected = [results.rank(results.Basis.OBJECTION, mode) for mode in Mode]
    assert reviews == sorted(reviews)
    assert max(reviews) < min(arbitrated) <= max(arbitrated) < min(objected)
