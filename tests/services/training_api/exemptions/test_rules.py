"""Rules of exemptions: moves, lengths, periods beside each other, and who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from services.kit import errors, ids
from services.training_api.exemptions import rules
from services.training_api.exemptions.rules import Period, State, Verb
from services.training_api.officers.rules import OfficerKind, Spell

ME, OTHER, UNIT = ids.new_id(), ids.new_id(), ids.new_id()
SERVING = (
    Spell(UNIT, OfficerKind.AUXILIARY, date(2022, 1, 1), date(2022, 12, 31)),
    Spell(UNIT, OfficerKind.OFFICER, date(2023, 1, 1)),
)


@dataclass(frozen=True)
class Asked:
    state: str = "proposed"
    from_on: date = date(2024, 1, 1)
    to_on: date | None = None
    proposed_by: UUID = OTHER


@dataclass(frozen=True)
class Reason:
    minimum_months: int = 6
    needs_evidence: bool = False
    until_certified: bool = False


ALLOWED = {
    State.PROPOSED: {Verb.CHANGE, Verb.APPROVE, Verb.REFUSE, Verb.WITHDRAW},
    State.APPROVED: {Verb.END, Verb.REVOKE},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_each_state_allows_its_moves_alone(state: State, verb: Verb) -> None:
    refusal = rules.why_not(verb, Asked(state.value))
    assert (refusal is None) is (verb in ALLOWED.get(state, set()))


def test_nobody_decides_on_the_own_proposal() -> None:
    assert isinstance(rules.why_not_decide(Verb.APPROVE, Asked(proposed_by=ME), ME), rules.OwnProposal)
    assert rules.why_not_decide(Verb.APPROVE, Asked(), ME) is None
    assert isinstance(rules.why_not_decide(Verb.REFUSE, Asked("refused", proposed_by=ME), ME), rules.IllegalMove)


@pytest.mark.parametrize(
    ("ends", "on", "refusal"),
    [
        (None, date(2030, 1, 1), None),
        (date(2024, 8, 1), date(2024, 7, 31), None),
        (date(2024, 8, 1), date(2024, 8, 1), rules.NotShorter),
        (date(2024, 8, 1), date(2024, 9, 1), rules.NotShorter),
    ],
)
def test_an_end_is_earlier_than_the_one_that_stands(
    ends: date | None, on: date, refusal: type[errors.DomainError] | None
) -> None:
    found = rules.why_not_end(Asked("approved", to_on=ends), on)
    assert type(found) is (refusal or type(None))


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Period(date(2024, 1, 1), date(2024, 2, 29)), False),
        (Period(date(2024, 1, 1), date(2024, 3, 1)), True),
        (Period(date(2024, 8, 31)), True),
        (Period(date(2024, 9, 1)), False),
        (Period(date(2020, 1, 1)), True),
    ],
)
def test_periods_meet_in_a_day(other: Period, meets: bool) -> None:
    wanted = Period(date(2024, 3, 1), date(2024, 8, 31))
    assert wanted.meets(other) is other.meets(wanted) is meets
    assert (rules.why_not_beside(wanted, [other]) is not None) is meets


@pytest.mark.parametrize(
    ("period", "reason", "codes"),
    [
        (Period(date(2024, 1, 1), date(2024, 6, 30)), Reason(), []),
        (Period(date(2024, 1, 1), date(2024, 6, 29)), Reason(), ["exemption.too_short"]),
        (Period(date(2024, 1, 1)), Reason(), []),
        (Period(date(2024, 1, 2), date(2024, 1, 1)), Reason(0), ["exemption.ends_before_start"]),
        (Period(date(2022, 6, 1)), Reason(), ["exemption.owes_nothing"]),
        (Period(date(2021, 6, 1)), None, ["exemption.unknown_reason", "hours.not_in_service"]),
        (Period(date(2024, 1, 1), date(2024, 5, 31)), Reason(0, until_certified=True), []),
        (Period(date(2024, 1, 1), date(2024, 6, 1)), Reason(0, until_certified=True), ["exemption.not_until_certified"]),
    ],
)
def test_periods_are_long_enough_and_begin_in_service(period: Period, reason: Reason | None, codes: list[str]) -> None:
    faults = rules.faults_of_period(period, reason, SERVING, first_certified_on=date(2024, 6, 1))
    assert sorted(fault.code for fault in faults) == codes


def test_who_holds_no_certificate_is_not_newly_certified() -> None:
    faults = rules.faults_of_period(Period(date(2024, 1, 1)), Reason(0, until_certified=True), SERVING)
    assert [fault.code for fault in faults] == ["exemption.no_certificate"]
