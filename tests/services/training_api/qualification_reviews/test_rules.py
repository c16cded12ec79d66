"""Rules of reviews of qualifications."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.training_api.qualification_reviews import rules
from services.training_api.qualification_reviews.rules import Reason, State, Verb

ALLOWED = {
    State.PROPOSED: {Verb.ADD, Verb.DECIDE, Verb.CHECK, Verb.VOID},
    State.CHECKED: {Verb.REOPEN, Verb.APPLY, Verb.VOID},
}


@dataclass(frozen=True)
class Review:
    state: str


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_each_state_allows_its_moves_alone(state: State, verb: Verb) -> None:
    assert (rules.why_not(verb, Review(state.value)) is None) is (verb in ALLOWED.get(state, set()))


def test_a_review_is_checked_when_all_is_decided() -> None:
    assert rules.why_not_check(Review("proposed"), 0) is None
    assert isinstance(rules.why_not_check(Review("proposed"), 3), rules.Undecided)
    assert isinstance(rules.why_not_check(Review("applied"), 0), rules.IllegalMove)
    assert set(rules.WORDS) == set(Reason)
