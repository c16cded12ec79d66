"""The desk where hours are judged, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from services.kit import ids
from services.kit.errors import DomainError
from services.training_api.hour_entries.rules import Claim, Source
from services.training_api.hour_postings.rules import Desk, ExternalKey, Granted, Repeated, Standing, Turn, Wanted, course_key
from services.training_api.hour_rules.rules import HourRule, NoRule, Settings
from services.training_api.officers.rules import OfficerKind, Spell

TODAY, DAY, NEXT_YEAR = date(2024, 10, 15), date(2024, 5, 6), date(2025, 1, 1)
OFFICER, CLASS = ids.new_id(), ids.new_id()
KEY = ExternalKey("platform", "H-1")


@dataclass(frozen=True)
class Caller:
    reason: str | None = None
    enters_late: bool = False
    is_staff: bool = False


def rule(**changes: Any) -> HourRule:
    usual: dict[str, Any] = {
        "id": ids.new_id(), "is_own": False, "valid_from": date(2000, 1, 1), "recorded_at": datetime(2000, 1, 1, tzinfo=UTC),
        "pending_sources": frozenset({Source.SELF_STUDY}), "members_wait": False, "caps": {}, "teaching_times": None,
        "carry_over": 0,
    }  # fmt: skip
    return HourRule(**usual | changes)


def desk(*rows: HourRule, caller: Caller | None = None, closed: tuple[int, ...] = (), **changes: Any) -> Desk:
    held = SimpleNamespace(
        state="planned", category="business", online=False, hundredths=800,
        starts_at=datetime(2024, 5, 6, 1, tzinfo=UTC), ends_at=datetime(2024, 5, 6, 9, tzinfo=UTC),
    )  # fmt: skip
    usual: dict[str, Any] = {
        "caller": caller or Caller(), "today": TODAY, "settings": Settings(rows or (rule(),)), "closed": frozenset(closed),
        "classes": {CLASS: held}, "spells": {OFFICER: (Spell(ids.new_id(), OfficerKind.OFFICER, date(2020, 1, 1)),)},
        "standing": {OFFICER: Standing()}, "turns": {},
    }  # fmt: skip
    return Desk(**usual | changes)


def wanted(hundredths: int = 400, on: date = DAY, source: Source = Source.CLASS, **changes: Any) -> Wanted:
    claim = Claim(hundredths, on, source=source, course=changes.pop("course", None))
    usual: dict[str, Any] = {"officer_id": OFFICER, "category": "business", "claim": claim}
    return Wanted(**usual | changes)


def told(judged: Granted | Repeated | DomainError) -> str:
    """State, `repeated`, or the codes of the refusal."""
    if isinstance(judged, Granted):
        return judged.state.value
    if isinstance(judged, Repeated):
        return "repeated"
    return " ".join(fault.code for fault in judged.faults) or judged.code


@pytest.mark.parametrize(
    ("source", "changes", "staff", "state"),
    [
        (Source.SELF_STUDY, {}, False, "pending"),
        (Source.CLASS, {}, True, "posted"),
        (Source.SELF_STUDY, {"pending_sources": frozenset()}, True, "posted"),
        (Source.ONLINE, {"pending_sources": frozenset({Source.ONLINE})}, False, "pending"),
        (Source.CLASS, {"members_wait": True}, True, "pending"),
        (Source.CLASS, {"members_wait": True}, False, "posted"),
    ],
)
def test_what_waits_for_the_leader_is_a_setting(source: Source, changes: dict[str, Any], staff: bool, state: str) -> None:
    assert told(desk(rule(**changes), caller=Caller(is_staff=staff)).judged(wanted(source=source))) == state


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (wanted(2000), wanted(400), "posted"),
        (wanted(2000), wanted(401), "hours.day_full"),
        (wanted(source=Source.ONLINE, course="行政处罚法"), wanted(source=Source.ONLINE, course="行政处罚法"), "course"),
        (wanted(source=Source.ONLINE, course="A 课 １"), wanted(source=Source.ONLINE, course="a课1"), "course"),
        (wanted(source=Source.ONLINE, course="甲"), wanted(source=Source.ONLINE, course="乙"), "posted"),
        (
            wanted(source=Source.ONLINE, course="甲", on=date(2023, 5, 6)),
            wanted(source=Source.ONLINE, course="甲"),
            "posted",
        ),
        (wanted(class_id=CLASS), wanted(class_id=CLASS), "hours.class_already_posted"),
        (wanted(external=KEY), wanted(external=KEY), "repeated"),
        (wanted(external=KEY), wanted(401, external=KEY), "hours.duplicate_external_id"),
        (wanted(source=Source.SELF_STUDY), wanted(2400), "posted"),
    ],
)
def test_earlier_items_of_a_request_count_for_later_ones(first: Wanted, second: Wanted, code: str) -> None:
    at = desk()
    assert told(at.judged(first)) in {"posted", "pending"}
    assert told(at.judged(second)) == {"course": "hours.online_course_twice"}.get(code, code)


@pytest.mark.parametrize(
    ("have", "more", "code"),
    [(1400, 400, "posted"), (1401, 400, "hours.source_cap"), (0, 1801, "hours.source_cap"), (1800, 1, "hours.source_cap")],
)
def test_a_source_counts_up_to_its_cap(have: int, more: int, code: str) -> None:
    at = desk(rule(caps={Source.ONLINE: 1800}))
    at.standing[OFFICER].by_source[2024, Source.ONLINE] = have
    at.standing[OFFICER].by_source[2023, Source.ONLINE] = 9000
    at.standing[OFFICER].by_source[2024, Source.CLASS] = 9000
    assert told(at.judged(wanted(more, source=Source.ONLINE))) == code
    assert told(at.judged(wanted(100))) == "posted"


@pytest.mark.parametrize(
    ("times", "hundredths", "code"),
    [(None, 2400, "posted"), (2, 1600, "posted"), (2, 1601, "hours.above_class"), (1, 801, "hours.above_class")],
)
def test_teaching_counts_as_often_as_set(times: int | None, hundredths: int, code: str) -> None:
    asked = wanted(hundredths, source=Source.TEACHING, class_id=CLASS)
    assert told(desk(rule(teaching_times=times)).judged(asked)) == code


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (Caller(), "missing"),
        (Caller(enters_late=True), "missing"),
        (Caller(reason="补登"), "pending"),
        (Caller(reason="补登", enters_late=True), "posted"),
    ],
)
def test_a_closed_year_wants_a_reason_and_the_bureau(caller: Caller, expected: str) -> None:
    at = desk(caller=caller, closed=(2023,))
    late = at.judged(wanted(on=date(2023, 12, 31)))
    assert told(late) == expected
    assert not isinstance(late, Granted) or late.late_reason == "补登"
    usual = at.judged(wanted())
    assert isinstance(usual, Granted)
    assert (usual.state, usual.late_reason) == ("posted", None)


def test_every_fault_is_told_at_once() -> None:
    at = desk(closed=(2026,), spells={})
    asked = wanted(0, on=date(2026, 1, 1), course="甲", class_id=UUID(int=1))
    assert told(at.judged(asked)).split() == [
        "not_found", "missing", "hours.in_future", "hours.not_positive", "hours.course_not_online", "not_found",
    ]  # fmt: skip


def test_hours_of_a_class_have_their_turn() -> None:
    first = desk(turns={(CLASS, OFFICER): Turn(2, False)}).judged(wanted(class_id=CLASS))
    assert isinstance(first, Granted)
    assert first.turn == 3
    assert told(desk(turns={(CLASS, OFFICER): Turn(1, True)}).judged(wanted(class_id=CLASS))) == "hours.class_already_posted"


def test_the_row_in_force_is_the_latest_begun() -> None:
    later = datetime(2024, 1, 1, tzinfo=UTC)
    general, own, corrected = rule(), rule(is_own=True), rule(is_own=True, recorded_at=later)
    coming = rule(valid_from=NEXT_YEAR)
    rows = Settings([coming, corrected, general, own])
    assert (rows.on(TODAY), rows.on(NEXT_YEAR)) == (corrected, coming)
    with pytest.raises(NoRule):
        rows.on(date(1999, 12, 31))


@pytest.mark.parametrize(("one", "other"), [("行政 处罚法", "行政处罚法"), ("ＡＢＣ", "abc"), ("课程（一）", "课程(一)")])
def test_a_course_is_known_by_its_name(one: str, other: str) -> None:
    assert course_key(one) == course_key(other)
