"""Merging of proposals: the fewest visits, each of which all its proposals can share; nothing is lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.kit import ids
from services.tasks_api.inspection_plans import rules
from services.tasks_api.inspection_proposals import rules as proposals

ME = UUID(int=1)
NEW_YEAR = date(2025, 1, 1)


@dataclass
class Proposal:
    first_on: date
    last_on: date
    object_key: str = "A"
    unit_id: UUID = ME
    object_name: str = "示例"
    object_code: str | None = None
    content: str = "演示"
    id: UUID = field(default_factory=ids.new_id)


def spans(days: list[tuple[int, int]]) -> list[Proposal]:
    return [Proposal(NEW_YEAR + timedelta(first), NEW_YEAR + timedelta(first + length)) for first, length in days]


def fewest(found: list[Proposal]) -> int:
    """The least number of days such that each proposal holds one of them, by trying all."""
    ends = sorted({each.last_on for each in found})
    for size in range(len(ends) + 1):
        for days in combinations(ends, size):
            if all(any(each.first_on <= day <= each.last_on for day in days) for each in found):
                return size
    raise AssertionError


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), max_size=7))
def test_the_fewest_visits_serve_every_proposal_once(days: list[tuple[int, int]]) -> None:
    found = spans(days)
    visits = rules.merged(found)
    assert sorted(each.id for visit in visits for each in visit.proposals) == sorted(each.id for each in found)
    assert len(visits) == fewest(found)
    for visit in visits:
        assert visit.first_on <= visit.last_on
        assert all(each.first_on <= visit.first_on and visit.last_on <= each.last_on for each in visit.proposals)


def test_objects_are_kept_apart_and_told_by_code_or_name() -> None:
    one, other = spans([(0, 5), (0, 5)])
    other.object_key = "B"
    assert len(rules.merged([one, other])) == 2
    assert proposals.object_key("91abc", "甲") == proposals.object_key("91ABC", "乙") == "91ABC"
    assert proposals.object_key(None, "示例（福州） 公司") == proposals.object_key(None, "示例(福州)公司")
    assert (rules.wording(3), rules.wording(1)) == ("3 次检查合并为 1 次", "单独检查")
