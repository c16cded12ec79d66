"""Rules of certificates: states by the day, moves, who may hold one, how long, which numbers are usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import errors, ids
from services.training_api.certificates import rules
from services.training_api.certificates.rules import Period, State, Verb
from services.training_api.exams.rules import ExamKind
from services.training_api.officers.rules import OfficerKind, Spell

UNIT = ids.new_id()
TODAY = date(2024, 10, 15)
SERVING = (
    Spell(UNIT, OfficerKind.AUXILIARY, date(2022, 1, 1), date(2022, 12, 31)),
    Spell(UNIT, OfficerKind.OFFICER, date(2023, 1, 1)),
)


@dataclass(frozen=True)
class Card:
    state: str = "valid"
    valid_from: date | None = date(2023, 2, 1)
    valid_to: date | None = date(2028, 1, 31)
    suspended_from: date | None = None
    suspended_to: date | None = None


@dataclass(frozen=True)
class Rule:
    certificate_months: int = 60
    required_exams: Sequence[str] = ("general", "professional")
    exam_valid_months: int = 0
    number_digits_min: int = 8
    number_digits_max: int = 14


@pytest.mark.parametrize(
    ("card", "day", "state"),
    [
        (Card("applied", None, None), TODAY, State.APPLIED),
        (Card(), date(2028, 1, 31), State.VALID),
        (Card(), date(2028, 2, 1), State.EXPIRED),
        (Card(suspended_from=TODAY), TODAY, State.SUSPENDED),
        (Card(suspended_from=TODAY), date(2024, 10, 14), State.VALID),
        (Card(suspended_from=TODAY), date(2028, 2, 1), State.EXPIRED),
        (Card(suspended_from=TODAY, suspended_to=date(2024, 11, 15)), date(2024, 11, 15), State.SUSPENDED),
        (Card(suspended_from=TODAY, suspended_to=date(2024, 11, 15)), date(2024, 11, 16), State.VALID),
        (Card("cancelled"), date(2030, 1, 1), State.CANCELLED),
        (Card("revoked", suspended_from=TODAY), TODAY, State.REVOKED),
    ],
)
def test_the_state_follows_from_the_days(card: Card, day: date, state: State) -> None:
    assert rules.state_on(card, day) is state


CARDS = {
    State.APPLIED: Card("applied", None, None),
    State.VALID: Card(),
    State.SUSPENDED: Card(suspended_from=TODAY),
    State.CANCELLED: Card("cancelled"),
    State.REVOKED: Card("revoked"),
    State.EXPIRED: Card(valid_to=date(2024, 10, 14)),
}
ALLOWED = {
    State.APPLIED: {Verb.CHANGE, Verb.ISSUE, Verb.WITHDRAW, Verb.CANCEL},
    State.VALID: {Verb.CHANGE, Verb.SUSPEND, Verb.CANCEL, Verb.REVOKE},
    State.SUSPENDED: {Verb.CHANGE, Verb.RESUME, Verb.CANCEL, Verb.REVOKE},
    State.CANCELLED: {Verb.REINSTATE},
    State.REVOKED: set[Verb](),
    State.EXPIRED: {Verb.CANCEL, Verb.REVOKE},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_each_state_allows_its_moves_alone(state: State, verb: Verb) -> None:
    assert rules.state_on(CARDS[state], TODAY) is state
    assert (rules.why_not(verb, CARDS[state], TODAY) is None) is (verb in ALLOWED[state])


def test_what_was_never_issued_is_not_reinstated() -> None:
    assert isinstance(rules.why_not(Verb.REINSTATE, Card("cancelled", None, None), TODAY), rules.NeverIssued)


BOTH = [(ExamKind.GENERAL, date(2023, 1, 15)), (ExamKind.PROFESSIONAL, date(2023, 1, 15))]


@pytest.mark.parametrize(
    ("day", "rule", "passes", "refusal"),
    [
        (date(2023, 2, 1), Rule(), BOTH, None),
        (date(2030, 2, 1), Rule(), BOTH, None),
        (date(2022, 6, 1), None, [], rules.NotRegular),
        (date(2021, 6, 1), None, [], rules.NotRegular),
        (date(2023, 2, 1), None, [], None),
        (date(2023, 2, 1), Rule(required_exams=()), [], None),
        (date(2023, 2, 1), Rule(), BOTH[:1], rules.ExamMissing),
        (date(2023, 1, 14), Rule(), BOTH, rules.ExamMissing),
        (date(2024, 1, 14), Rule(exam_valid_months=12), BOTH, None),
        (date(2024, 1, 15), Rule(exam_valid_months=12), BOTH, rules.ExamMissing),
    ],
)
def test_only_regular_officers_who_passed_hold_certificates(
    day: date, rule: Rule | None, passes: list[tuple[ExamKind, date]], refusal: type[errors.DomainError] | None
) -> None:
    assert type(rules.why_not_hold(SERVING, day, rule, passes)) is (refusal or type(None))


@pytest.mark.parametrize(
    ("first", "last", "rule", "found"),
    [
        (date(2023, 2, 1), None, Rule(), Period(date(2023, 2, 1), date(2028, 1, 31))),
        (date(2024, 2, 29), None, Rule(12), Period(date(2024, 2, 29), date(2025, 2, 27))),
        (date(2023, 2, 1), date(2023, 3, 1), Rule(), Period(date(2023, 2, 1), date(2023, 3, 1))),
        (date(2023, 2, 1), date(2028, 2, 1), Rule(), "certificate.too_long"),
        (date(2023, 2, 1), date(2023, 1, 31), Rule(), "certificate.ends_before_start"),
        (date(2020, 2, 1), None, None, "missing"),
        (date(2020, 2, 1), date(2026, 1, 31), None, Period(date(2020, 2, 1), date(2026, 1, 31))),
    ],
)
def test_a_certificate_lasts_as_long_as_the_rule_says(
    first: date, last: date | None, rule: Rule | None, found: Period | str
) -> None:
    period = rules.period(first, last, rule)
    assert (period.code if isinstance(period, errors.Fault) else period) == found


@pytest.mark.parametrize(
    ("number", "usual"),
    [
        ("13010024001", True),
        ("1301002", False),
        ("130100240010001", False),
        ("FJ-0001", False),
        ("１３０１００２４００１", False),
    ],
)
def test_unusual_numbers_are_remarked_on(number: str, usual: bool) -> None:
    assert rules.is_usual_number(number, Rule()) is usual


DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))


@given(data=st.data())
def test_one_certificate_at_a_time(data: st.DataObject) -> None:
    first, second = (sorted(data.draw(st.tuples(DAYS, DAYS))) for _ in range(2))
    one, other = Period(*first), Period(*second)
    shared = max(one.valid_from, other.valid_from) <= min(one.valid_to, other.valid_to)
    assert one.meets(other) is other.meets(one) is shared


def test_the_database_tells_the_same_state(database_url: str) -> None:
    days = [date(2024, 10, 14), TODAY, date(2024, 11, 15), date(2024, 11, 16), date(2028, 1, 31), date(2028, 2, 1)]
    cards = [*CARDS.values(), Card(suspended_from=TODAY, suspended_to=date(2024, 11, 15))]
    with psycopg.connect(database_url) as connection:
        for card in cards:
            for day in days:
                facts = [card.state, card.valid_to, card.suspended_from, card.suspended_to, day]
                found = connection.execute("SELECT training.certificate_state(%s, %s, %s, %s, %s)", facts).fetchone()
                assert found == (rules.state_on(card, day).value,), (card, day)
