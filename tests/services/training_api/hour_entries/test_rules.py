"""Rules of class hours, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import errors, fields
from services.training_api.hour_entries import rules
from services.training_api.hour_entries.rules import Claim, EntryFacts, Source, State

TODAY = date(2024, 10, 15)
DAY = date(2024, 5, 6)


def at(hour: float, day: date = DAY) -> datetime:
    """A moment of a day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 8)


def codes(faults: list[errors.Fault]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in faults]


def code_of(refusal: errors.DomainError | None) -> str | None:
    return refusal.code if refusal else None


def facts(**known: Any) -> EntryFacts:
    usual: dict[str, Any] = {"occurred_on": DAY, "entered_as": State.POSTED}
    return EntryFacts(**usual | known)


@pytest.mark.parametrize(
    ("sent", "hundredths"), [(4, 400), (0.1, 10), (0.25, 25), (1.15, 115), (2.675, None), (1e2, 10_000), (0.29, 29), (8.0, 800)]
)
def test_hours_are_whole_hundredths(sent: float, hundredths: int | None) -> None:
    class Body(fields.In):
        hours: fields.Hours

    if hundredths is None:
        with pytest.raises(ValueError, match="wrong"):
            Body(hours=sent)
    else:
        assert Body(hours=sent).hours == hundredths


@given(st.integers(0, 10_000_00))
def test_no_hundredth_is_lost_on_the_way_in(hundredths: int) -> None:
    class Body(fields.In):
        hours: fields.Hours

    assert Body.model_validate_json(f'{{"hours": {hundredths // 100}.{hundredths % 100:02}}}').hours == hundredths


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (facts(), "hours.not_pending"),
        (facts(entered_as=State.PENDING), None),
        (facts(entered_as=State.PENDING, decision=State.POSTED), "hours.already_decided"),
        (facts(entered_as=State.PENDING, decision=State.REFUSED), "hours.already_decided"),
    ],
)
def test_pending_hours_are_decided_once(entry: EntryFacts, code: str | None) -> None:
    assert code_of(rules.why_not_decide(entry)) == code


@pytest.mark.parametrize(
    ("entry", "on", "code"),
    [
        (facts(), DAY, None),
        (facts(), TODAY, None),
        (facts(), DAY - timedelta(1), "hours.before_original"),
        (facts(is_reversed=True), TODAY, "hours.already_reversed"),
        (facts(is_reversal=True), TODAY, "hours.is_reversal"),
        (facts(entered_as=State.PENDING), TODAY, "hours.not_posted"),
        (facts(entered_as=State.PENDING, decision=State.REFUSED), TODAY, "hours.not_posted"),
        (facts(entered_as=State.PENDING, decision=State.POSTED), TODAY, None),
    ],
)
def test_posted_hours_are_reversed_once(entry: EntryFacts, on: date, code: str | None) -> None:
    assert code_of(rules.why_not_reverse(entry, on)) == code


@pytest.mark.parametrize(
    ("claim", "serving", "expected"),
    [
        (Claim(400, DAY), True, []),
        (Claim(400, TODAY), True, []),
        (Claim(400, TODAY + timedelta(1)), True, [("/body/occurred_on", "hours.in_future")]),
        (Claim(400, DAY), False, [("/body/occurred_on", "hours.not_in_service")]),
        (Claim(0, DAY), True, [("/body/hours", "hours.not_positive")]),
        (Claim(-1, DAY), True, [("/body/hours", "hours.not_positive")]),
        (Claim(2400, DAY), True, []),
        (Claim(2401, DAY), True, [("/body/hours", "too_great")]),
        (Claim(4800, DAY, 2), True, []),
        (Claim(4801, DAY, 2), True, [("/body/hours", "too_great")]),
        (Claim(400, DAY, 1, at(9), at(12)), True, []),
        (Claim(400, DAY, 1, at(22), at(26)), True, []),
        (Claim(400, DAY, 1, at(9)), True, [("/body/ends_at", "missing")]),
        (Claim(400, DAY, 1, None, at(9)), True, [("/body/starts_at", "missing")]),
        (Claim(400, DAY, 1, at(12), at(9)), True, [("/body/ends_at", "hours.times")]),
        (Claim(400, DAY, 1, at(9), at(9)), True, [("/body/ends_at", "hours.times")]),
        (Claim(400, DAY, 1, at(9), at(33.5)), True, [("/body/ends_at", "hours.times")]),
        (Claim(400, DAY, 1, at(9, TODAY), at(12, TODAY)), True, [("/body/ends_at", "hours.times")]),
    ],
)
def test_claims_are_sound(claim: Claim, serving: bool, expected: list[tuple[str, str]]) -> None:
    assert codes(rules.faults_of_claim(claim, TODAY, serving)) == expected


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (Claim(1200, DAY), None),
        (Claim(1201, DAY), "hours.day_full"),
        (Claim(1201, DAY + timedelta(1)), None),
        (Claim(100, DAY, 1, at(9), at(10)), "hours.overlap"),
        (Claim(100, DAY, 1, at(11.99), at(14)), "hours.overlap"),
        (Claim(100, DAY, 1, at(12), at(14)), None),
        (Claim(100, DAY, 1, at(7), at(9)), None),
        (Claim(100, DAY, 1, at(7), at(15)), "hours.overlap"),
        (Claim(3600, DAY + timedelta(1), 3), None),
        (Claim(3601, DAY + timedelta(1), 3), "hours.day_full"),
        (Claim(3601, DAY + timedelta(3), 3), None),
    ],
)
def test_nothing_counts_twice(claim: Claim, code: str | None) -> None:
    posted = [Claim(800, DAY, 1, at(9), at(12)), Claim(400, DAY)]
    assert code_of(rules.why_not_add(claim, posted)) == code


@pytest.mark.parametrize(
    ("changed", "source", "expected"),
    [
        ({}, Source.CLASS, []),
        ({}, Source.TEACHING, []),
        ({}, Source.ONLINE, [("/body/source", "hours.class_mismatch")]),
        ({}, Source.SELF_STUDY, [("/body/source", "hours.class_mismatch")]),
        ({"online": True}, Source.ONLINE, []),
        ({"online": True}, Source.CLASS, [("/body/source", "hours.class_mismatch")]),
        ({"category": "skills"}, Source.CLASS, [("/body/category", "hours.class_mismatch")]),
        ({"state": "cancelled"}, Source.CLASS, [("/body/class_id", "class.cancelled")]),
        (
            {"starts_at": at(9, TODAY), "ends_at": at(17, TODAY)},
            Source.CLASS,
            [("/body/occurred_on", "hours.class_mismatch")],
        ),
    ],
)
def test_hours_of_a_class_agree_with_it(changed: dict[str, Any], source: Source, expected: list[tuple[str, str]]) -> None:
    known = {"state": "planned", "category": "business", "online": False, "hundredths": 800}
    held = SimpleNamespace(**(known | {"starts_at": at(9), "ends_at": at(17)} | changed))
    assert codes(rules.faults_of_match(Claim(800, DAY, source=source), "business", held, 800)) == expected


@pytest.mark.parametrize(("most", "expected"), [(800, []), (None, []), (799, [("/body/hours", "hours.above_class")])])
def test_a_class_gives_no_more_than_its_hours(most: int | None, expected: list[tuple[str, str]]) -> None:
    held = SimpleNamespace(state="held", category="business", online=False, hundredths=400, starts_at=at(9), ends_at=at(17))
    assert codes(rules.faults_of_match(Claim(800, DAY), "business", held, most)) == expected


def test_a_version_tells_changes_and_sealing_apart() -> None:
    pending, sealed = facts(entered_as=State.PENDING), facts(entered_as=State.PENDING, is_sealed=True)
    decided = facts(entered_as=State.PENDING, decision=State.POSTED, is_sealed=True)
    assert [entry.version for entry in (pending, sealed, decided)] == [2, 3, 5]
    rules.demand_version(sealed, pending.version)
    for wanted in (pending.version, sealed.version, 7):
        with pytest.raises(errors.Stale):
            rules.demand_version(decided, wanted)
