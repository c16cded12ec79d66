"""Rules of exams: moves, outcomes, who sits which."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.training_api.exams import rules
from services.training_api.exams.rules import ExamKind, Outcome, State, Verb


@dataclass(frozen=True)
class Held:
    state: str = "open"
    kind: str = "general"
    full_hundredths: int = 10_000
    pass_hundredths: int = 6_000


ALLOWED = {
    State.OPEN: {Verb.CHANGE, Verb.RECORD, Verb.PUBLISH, Verb.VOID},
    State.PUBLISHED: {Verb.REOPEN, Verb.VOID},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_each_state_allows_its_moves_alone(state: State, verb: Verb) -> None:
    assert (rules.why_not(verb, Held(state.value)) is None) is (verb in ALLOWED.get(state, set()))


@pytest.mark.parametrize(
    ("points", "outcome"),
    [(None, Outcome.ABSENT), (0, Outcome.FAILED), (5_999, Outcome.FAILED), (6_000, Outcome.PASSED), (10_000, Outcome.PASSED)],
)
def test_the_pass_mark_itself_passes(points: int | None, outcome: Outcome) -> None:
    assert rules.outcome(points, Held()) is outcome


@pytest.mark.parametrize(
    ("points", "absent", "kind", "exam", "codes"),
    [
        (6_000, False, "officer", "general", []),
        (None, True, "auxiliary", "auxiliary", []),
        (None, False, "officer", "general", ["missing"]),
        (0, True, "officer", "professional", ["exam.absent_with_points"]),
        (10_001, False, "officer", "general", ["too_great"]),
        (6_000, False, "auxiliary", "general", ["exam.other_kind"]),
        (6_000, False, "officer", "auxiliary", ["exam.other_kind"]),
    ],
)
def test_faults_of_a_result(points: int | None, absent: bool, kind: str, exam: str, codes: list[str]) -> None:
    assert [fault.code for fault in rules.faults_of_result(points, absent, kind, Held(kind=exam))] == codes


def test_who_holds_which_exam_and_when_it_is_published() -> None:
    assert rules.why_not_hold(ExamKind.AUXILIARY, whole_district=False) is None
    assert isinstance(rules.why_not_hold(ExamKind.GENERAL, whole_district=False), rules.BureauOnly)
    assert rules.why_not_hold(ExamKind.PROFESSIONAL, whole_district=True) is None
    assert isinstance(rules.why_not_publish(Held(), 0), rules.NoResults)
    assert isinstance(rules.why_not_publish(Held("void"), 0), rules.IllegalMove)
    assert rules.why_not_publish(Held(), 1) is None
