"""Rubrics without a database: soundness, and the two hashes."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.rubrics import rules, schemas
from tests.factories import reviews

REFERENCE = Path(__file__).parents[4] / "admin" / "reference" / "rubrics"


def content(**changes: Any) -> dict[str, Any]:
    """A content as stored, after the defaults are filled in."""
    return schemas.RubricIn.model_validate(reviews.rubric("标准", **changes)).model_dump(mode="json", exclude_none=True)


def at(found: dict[str, Any], *path: Any) -> Any:
    for step in path:
        found = found[step]
    return found


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The sound content with one value replaced."""
    whole = content()
    at(whole, *path[:-1])[path[-1]] = value
    return whole


def test_a_sound_content_has_no_faults() -> None:
    assert rules.faults_of(content()) == []


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        (("blocks", 1, "key"), "facts", "/body/blocks/1/key", "repeated"),
        (("blocks", 1, "items", 0, "key"), "clear", "/body/blocks/1/items/0/key", "repeated"),
        (("vetoes", 2, "key"), "no_power", "/body/vetoes/2/key", "repeated"),
        (("grades", 1, "key"), "excellent", "/body/grades/1/key", "repeated"),
        (("grades", 1, "key"), "not_reviewable", "/body/grades/1/key", "not_allowed"),
        (("grades", 1, "threshold"), 90, "/body/grades/1/threshold", "rubric.grades_descend"),
        (("grades", 0, "threshold"), 100.01, "/body/grades/0/threshold", "rubric.grades_descend"),
        (("grades", 3, "threshold"), 1, "/body/grades/3/threshold", "rubric.lowest_grade"),
        (("blocks", 0, "points"), 60.01, "/body/blocks/0/points", "rubric.block_points"),
        (("blocks", 0, "points"), 0, "/body/blocks/0/points", "rubric.block_points"),
        (("blocks", 1, "items", 1, "points"), 0, "/body/blocks/1/items/1/points", "too_small"),
        (("blocks", 0, "items", 0, "deductions", 0, "points"), 40.5, "/body/blocks/0/items/0/deductions/0/points", "too_great"),
        (("blocks", 0, "items", 0, "kinds"), ["licence"], "/body/blocks/0/items/0/kinds", "not_allowed"),
        (("vetoes", 0, "kinds"), ["penalty", "other"], "/body/vetoes/0/kinds", "not_allowed"),
    ],
)
def test_each_fault_is_named_where_it_is(path: tuple[Any, ...], value: Any, pointer: str, code: str) -> None:
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in rules.faults_of(changed(path, value))]


def test_all_faults_are_named_at_once() -> None:
    whole = changed(("grades", 3, "threshold"), 1)
    whole["blocks"][1]["key"] = "facts"
    assert {fault.code for fault in rules.faults_of(whole)} == {"repeated", "rubric.lowest_grade"}


def test_the_hash_is_that_of_canonical_json() -> None:
    # Written out here once by hand, so that a change of the canonical form is noticed.
    small = {"title": "标准", "points": 2.5, "blocks": [], "a": 3}
    plain = '{"a":3,"blocks":[],"points":2.5,"title":"标准"}'
    assert rules.canonical(small) == plain.encode()
    assert rules.content_hash(small) == hashlib.sha256(plain.encode()).hexdigest()


def test_neither_the_order_of_names_nor_the_way_through_json_changes_the_hashes() -> None:
    whole = content()
    turned = json.loads(json.dumps(whole, sort_keys=True))
    assert rules.content_hash(turned) == rules.content_hash(whole)
    assert rules.structure_hash(turned) == rules.structure_hash(whole)


@pytest.mark.parametrize(
    ("path", "value", "same_structure"),
    [
        (("title",), "另一标准", True),
        (("assumed",), False, True),
        (("blocks", 0, "items", 0, "text"), "换一种说法", True),
        (("vetoes", 0, "text"), "换一种说法", True),
        (("grades", 0, "title"), "优", True),
        (("blocks", 0, "items", 0, "points"), 39, False),
        (("blocks", 0, "items", 0, "key"), "clearly", False),
        (("blocks", 1, "items", 1, "may_not_apply"), False, False),
        (("vetoes", 0, "level"), "fail", False),
        (("grades", 0, "threshold"), 91, False),
        (("kinds",), ["licence"], False),
    ],
)
def test_every_change_moves_the_content_hash_and_only_real_ones_the_structure_hash(
    path: tuple[Any, ...], value: Any, same_structure: bool
) -> None:
    before, after = content(), changed(path, value)
    assert rules.content_hash(before) != rules.content_hash(after)
    assert (rules.structure_hash(before) == rules.structure_hash(after)) is same_structure


def test_the_order_of_items_belongs_to_the_structure() -> None:
    turned = copy.deepcopy(content())
    turned["blocks"][0]["items"].reverse()
    assert rules.structure_hash(turned) != rules.structure_hash(content())


@given(st.integers(min_value=0, max_value=1_000_000))
def test_points_come_through_as_numbers_without_loss(points: int) -> None:
    band = schemas.GradeBand(key="x", title="x", threshold=points / 100)
    sent = json.loads(json.dumps(band.model_dump(mode="json")))
    assert rules.hundredths(sent["threshold"]) == points


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.yaml")), ids=lambda path: path.stem)
def test_reference_rubrics_are_sound_and_of_100_points(path: Path) -> None:
    wanted = schemas.RubricNew.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    whole = wanted.model_dump(mode="json", exclude_none=True)
    assert rules.faults_of(whole) == []
    assert sum(block.points for block in rules.rubric_of(whole).blocks) == rules.FULL
    assert {veto.level for veto in rules.rubric_of(whole).vetoes} == set(rules.Level)
    assert wanted.assumed
    assert all(veto.source for veto in wanted.vetoes)
    assert all(item.source for block in wanted.blocks for item in block.items)
