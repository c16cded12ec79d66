"""Rules of officers: numbers, days, and service over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from services.kit import errors, ids
from services.training_api.officers import rules
from services.training_api.officers.rules import IdType, OfficerKind, Spell
from tests.factories.training import id_number

A, B = ids.new_id(), ids.new_id()


@pytest.mark.parametrize(
    ("kind", "sent", "normal"),
    [
        (IdType.RESIDENT, id_number(7), id_number(7)),
        (IdType.RESIDENT, f" {id_number(7)[:6]} {id_number(7)[6:].lower()}", id_number(7)),
        (IdType.RESIDENT, id_number(7)[:-1] + ("0" if id_number(7)[-1] != "0" else "1"), None),
        (IdType.RESIDENT, id_number(7)[:-1], None),
        (IdType.RESIDENT, "990111190101010017", None),
        (IdType.RESIDENT, "350111190113010017", None),
        (IdType.OTHER, "e12345678", "E12345678"),
        (IdType.OTHER, "H1(2)-34", "H1(2)-34"),
        (IdType.OTHER, "1234", None),
        (IdType.OTHER, "X" * 31, None),
        (IdType.OTHER, "护照12345", None),
    ],
)
def test_a_number_is_read_in_one_form_or_not_at_all(kind: IdType, sent: str, normal: str | None) -> None:
    assert rules.normal_number(kind, sent) == normal


def spell(unit: UUID, begun: str, ended: str | None = None) -> Spell:
    return Spell(unit, OfficerKind.OFFICER, date.fromisoformat(begun), date.fromisoformat(ended) if ended else None)


SERVING = (spell(A, "2020-03-01", "2023-06-30"), spell(B, "2023-07-01"))
LEFT = (spell(A, "2020-03-01", "2023-06-30"),)


def test_a_move_ends_the_old_unit_the_day_before() -> None:
    assert rules.moved(SERVING, A, date(2024, 2, 1)) == (
        spell(A, "2020-03-01", "2023-06-30"),
        spell(B, "2023-07-01", "2024-01-31"),
        spell(A, "2024-02-01"),
    )


@pytest.mark.parametrize(
    ("timeline", "unit", "on", "refusal"),
    [
        (LEFT, B, date(2024, 1, 1), rules.HasLeft),
        (SERVING, B, date(2024, 1, 1), rules.SameUnit),
        (SERVING, A, date(2023, 7, 1), rules.BeforeService),
        (SERVING, A, date(2020, 1, 1), rules.BeforeService),
    ],
)
def test_moves_that_cannot_be(timeline: rules.Timeline, unit: UUID, on: date, refusal: type[errors.DomainError]) -> None:
    with pytest.raises(refusal):
        rules.moved(timeline, unit, on)


def test_service_ends_once_and_not_before_it_began() -> None:
    assert rules.ended(SERVING, date(2024, 1, 31))[-1] == spell(B, "2023-07-01", "2024-01-31")
    with pytest.raises(rules.HasLeft):
        rules.ended(LEFT, date(2024, 1, 1))
    with pytest.raises(rules.BeforeService):
        rules.ended(SERVING, date(2023, 6, 30))


def test_service_goes_on_as_another_kind_or_begins_again() -> None:
    auxiliary = rules.reclassified(SERVING, OfficerKind.AUXILIARY, date(2024, 1, 1))
    assert auxiliary[1:] == (spell(B, "2023-07-01", "2023-12-31"), Spell(B, OfficerKind.AUXILIARY, date(2024, 1, 1)))
    with pytest.raises(rules.KindChanged):
        rules.of_kind(auxiliary, OfficerKind.OFFICER)
    with pytest.raises(rules.SameKind):
        rules.reclassified(SERVING, OfficerKind.OFFICER, date(2024, 1, 1))
    with pytest.raises(rules.HasLeft):
        rules.reclassified(LEFT, OfficerKind.AUXILIARY, date(2024, 1, 1))
    back = rules.rejoined(LEFT, B, OfficerKind.AUXILIARY, date(2024, 1, 1))
    assert back == (*LEFT, Spell(B, OfficerKind.AUXILIARY, date(2024, 1, 1)))
    assert not rules.is_in_service(back, date(2023, 12, 31))
    with pytest.raises(rules.BeforeService):
        rules.rejoined(LEFT, B, OfficerKind.OFFICER, date(2023, 6, 30))
    with pytest.raises(rules.StillServes):
        rules.rejoined(SERVING, B, OfficerKind.OFFICER, date(2024, 1, 1))


@dataclass(frozen=True)
class Unit:
    path: tuple[UUID, ...]
    valid_to: date | None = None


@pytest.mark.parametrize(
    ("unit", "reached", "code"),
    [
        (Unit((A, B)), True, None),
        (Unit((B,)), True, "officer.unit_does_not_enforce"),
        (Unit((A,)), False, "not_found"),
        (None, True, "not_found"),
        (Unit((A,), date(2023, 12, 31)), True, "officer.unit_not_in_force"),
        (Unit((A,), date(2024, 1, 1)), True, None),
    ],
)
def test_officers_serve_in_units_that_enforce(unit: Unit | None, reached: bool, code: str | None) -> None:
    fault = rules.fault_of_unit(unit, {A}, reached, date(2024, 1, 1))
    assert (fault.code if fault else None) == code


def test_corrections_keep_the_rest() -> None:
    assert rules.begun(SERVING, date(2021, 1, 1)) == (spell(A, "2021-01-01", "2023-06-30"), SERVING[1])
    with pytest.raises(rules.AfterMove):
        rules.begun(SERVING, date(2023, 7, 1))
    assert {each.kind for each in rules.of_kind(SERVING, OfficerKind.AUXILIARY)} == {OfficerKind.AUXILIARY}


@pytest.mark.parametrize(
    ("day", "serving"),
    [("2020-02-29", False), ("2020-03-01", True), ("2023-06-30", True), ("2023-07-01", False)],
)
def test_first_and_last_day_are_service(day: str, serving: bool) -> None:
    assert rules.is_in_service(LEFT, date.fromisoformat(day)) is serving
