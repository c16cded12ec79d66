"""Findings carried from an old rubric to a new one, without a database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.reviews.rules import FileKind, Finding, Findings, Remark, score
from services.cases_api.rubric_mappings import rules
from services.cases_api.rubric_mappings.rules import Successor
from services.cases_api.rubrics.rules import Rubric, rubric_of
from services.cases_api.rubrics.schemas import RubricIn
from tests.factories import reviews

ORDINARY, SUMMARY = FileKind("penalty", "ordinary"), FileKind("penalty", "summary")


def rubric(**changes: Any) -> Rubric:
    content = RubricIn.model_validate(reviews.rubric("标准") | changes).model_dump(mode="json", exclude_none=True)
    return rubric_of(content)


def blocks(*items: tuple[str, int]) -> list[dict[str, Any]]:
    listed = [{"key": key, "text": key, "points": points, "may_not_apply": key == "heard"} for key, points in items]
    return [{"key": "all", "title": "全部", "points": sum(points for _, points in items), "items": listed}]


OLD = rubric()
NEW = rubric(blocks=blocks(("facts", 10), ("proven", 40), ("heard", 50)))
ITEMS = {"clear": "facts", "proven": "proven", "elements": None, "heard": "heard"}
VETOES = {"no_power": "no_power", "not_delivered": None, "basic": "basic"}


def carried(findings: Findings, file: FileKind = ORDINARY, new: Rubric = NEW) -> rules.Carried:
    return rules.carried(findings, file, OLD, new, ITEMS, VETOES)


def test_a_deduction_keeps_its_weight_within_its_item() -> None:
    found = carried(Findings(items=[Finding("clear", 1000, "不清"), Finding("proven", 333, "缺")]))
    # A quarter of 10 points, and 3.33 of 20 are 6.66 of 40.
    assert found.score is not None
    assert (found.score.got, found.score.applicable, found.dropped) == (100_00 - 250 - 666, 100_00, [])


def test_what_has_no_successor_is_dropped_and_named() -> None:
    found = carried(
        Findings(items=[Finding("elements", 500, "缺")], vetoes=[Remark("not_delivered", "无"), Remark("basic", "缺")])
    )
    assert found.score is not None
    assert (found.score.total, found.score.grade, found.dropped) == (100_00, "good", ["elements", "not_delivered"])


def test_items_left_out_stay_left_out() -> None:
    found = carried(Findings(not_applicable=[Remark("heard", "不属听证范围")]))
    assert found.score is not None
    assert found.score.applicable == 50_00


def test_a_file_the_new_rubric_does_not_cover_has_no_score_there() -> None:
    assert carried(Findings(), SUMMARY, rubric(procedures=["ordinary"])).score is None
    assert carried(Findings(not_reviewable="只有封面")).score == score(NEW, ORDINARY, Findings(not_reviewable="只有封面"))


@given(st.lists(st.tuples(st.sampled_from(["clear", "proven", "elements", "heard"]), st.integers(0, 2000)), max_size=6))
def test_under_the_same_rubric_nothing_changes(found: list[tuple[str, int]]) -> None:
    findings = Findings(items=[Finding(key, taken, "理由") for key, taken in found], vetoes=[Remark("basic", "缺")])
    same = {key: key for key in ("clear", "proven", "elements", "heard", "no_power", "not_delivered", "basic")}
    kept = rules.carried(findings, ORDINARY, OLD, OLD, same, same)
    assert (kept.score, kept.dropped) == (score(OLD, ORDINARY, findings), [])


def test_equal_keys_follow_each_other_by_themselves() -> None:
    listed = [Successor("a", "z"), Successor("b", None)]
    assert rules.whole(listed, ["a", "b", "c", "d"], ["b", "c", "z"]) == {"a": "z", "b": None, "c": "c", "d": None}


@pytest.mark.parametrize(
    ("listed", "faults"),
    [
        ([Successor("a", "b")], []),
        ([Successor("x", "b")], [("/body/items/0/old", "not_found")]),
        ([Successor("a", "x")], [("/body/items/0/new", "not_found")]),
        ([Successor("a", None), Successor("a", "b")], [("/body/items/1/old", "repeated")]),
    ],
)
def test_faults_of_a_mapping(listed: list[Successor], faults: list[tuple[str, str]]) -> None:
    assert [(each.pointer, each.code) for each in rules.faults(listed, ["a"], ["b"], "/body/items")] == faults
