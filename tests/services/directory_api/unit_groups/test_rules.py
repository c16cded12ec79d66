"""Which memberships can stand beside each other. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory_api.unit_groups import rules
from services.directory_api.unit_groups.schemas import MemberIn

FIRST, SECOND = UUID(int=1), UUID(int=2)
START = date(2024, 1, 1)


def member(unit_id: UUID, valid_from: str, valid_to: str | None = None) -> MemberIn:
    return MemberIn.model_validate({"unit_id": unit_id, "valid_from": valid_from, "valid_to": valid_to})


@pytest.mark.parametrize(
    ("members", "faults"),
    [
        ([], []),
        ([member(FIRST, "2024-01-01"), member(SECOND, "2024-01-01")], []),
        ([member(FIRST, "2024-01-01", "2024-06-30"), member(FIRST, "2024-07-01")], []),
        ([member(FIRST, "2024-07-01"), member(FIRST, "2024-01-01", "2024-06-30")], []),
        ([member(FIRST, "2024-01-01", "2024-01-01")], []),
        # The last day counts, so a membership that begins on it overlaps.
        ([member(FIRST, "2024-01-01", "2024-06-30"), member(FIRST, "2024-06-30")], [("/body/members/1", "repeated")]),
        ([member(FIRST, "2024-01-01"), member(FIRST, "2025-01-01")], [("/body/members/1", "repeated")]),
        ([member(FIRST, "2025-01-01"), member(FIRST, "2024-01-01")], [("/body/members/0", "repeated")]),
        ([member(FIRST, "2024-02-01", "2024-01-31")], [("/body/members/0/valid_to", "too_small")]),
    ],
    ids=[
        "none",
        "two units",
        "in turn",
        "in turn, written backwards",
        "one day",
        "last day",
        "open",
        "open, backwards",
        "ends first",
    ],
)
def test_a_unit_belongs_to_a_group_at_most_once_at_a_time(members: list[MemberIn], faults: list[tuple[str, str]]) -> None:
    assert [(fault.pointer, fault.code) for fault in rules.faults_of(members)] == faults


SPANS = st.tuples(st.sampled_from([FIRST, SECOND]), st.integers(0, 30), st.one_of(st.none(), st.integers(0, 30)))


@given(st.lists(SPANS, max_size=8))
def test_overlap_is_found_exactly_when_some_day_is_covered_twice(spans: list[tuple[UUID, int, int | None]]) -> None:
    members = [
        MemberIn(
            unit_id=unit,
            valid_from=START + timedelta(days=first),
            valid_to=None if length is None else START + timedelta(days=first + length),
        )
        for unit, first, length in spans
    ]
    horizon = 100
    covered: set[tuple[UUID, int]] = set()
    twice = False
    for unit, first, length in spans:
        days = {(unit, day) for day in range(first, horizon if length is None else first + length + 1)}
        twice = twice or bool(covered & days)
        covered |= days
    assert (rules.why_not_members(members) is not None) == twice
