"""Which unit a name means; where one name ends; what is never guessed."""

from __future__ import annotations

import pytest

from services.tasks_api.plan_imports import rules
from services.tasks_api.plan_imports.rules import notes, units


def names_of(text: str, known: rules.KnownUnits) -> list[tuple[str, str | None]]:
    found = units.read(text, "责任单位", known, notes.Notes(), 1)
    return [(unit.as_written, unit.key) for unit in found.named]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("区司法局", "sifa"),
        ("云屿市望潮区司法局", "sifa"),
        ("望潮区司法局", "sifa"),
        ("司法局", "sifa"),
        ("区人力资源和社会保障局", "renshe"),
        ("望潮区委机构编制委员会办公室", "bianban"),
        ("区 司 法 局", "sifa"),
        ("各镇街", "towns"),
        ("各乡镇(街道)", "towns"),
        ("各乡镇人民政府，街道办事处", "towns"),
        ("市司法局", None),  # the city's bureau is another unit
        ("县司法局", None),
        ("区司法", None),
        ("司法局局", None),
        ("", None),
    ],
)
def test_a_name_means_one_unit_or_none(name: str, key: str | None, known: rules.KnownUnits) -> None:
    hit = known.find(name)
    assert (hit.key if hit else None) == key


@pytest.mark.parametrize(
    ("region", "name", "is_found"),
    [("福山县", "县司法局", True), ("福山县", "区司法局", False), ("东港市", "市司法局", True), ("", "县司法局", False)],
)
def test_the_level_in_front_is_the_regions_own(region: str, name: str, *, is_found: bool) -> None:
    known = rules.KnownUnits.of([("sifa", f"{region}司法局", "", (), False)], region)
    assert (known.find(name) is not None) is is_found


def test_a_name_of_two_units_is_ambiguous() -> None:
    known = rules.KnownUnits.of([("a", "甲局", "", ("综合办",), False), ("b", "乙局", "", ("综合办",), False)])
    found = notes.Notes()
    unit = units.read("综合办", "责任单位", known, found, 7).named[0]
    assert (unit.key, [(warning.code, warning.line) for warning in found.all()]) == (None, [("unit_ambiguous", 7)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("区司法局、区财政局", [("区司法局", "sifa"), ("区财政局", "caizheng")]),
        ("区司法局，区财政局；区法院", [("区司法局", "sifa"), ("区财政局", "caizheng"), ("区法院", "fayuan")]),
        ("区司法局,区财政局;区法院。", [("区司法局", "sifa"), ("区财政局", "caizheng"), ("区法院", "fayuan")]),
        ("区司法局 区财政局　区法院", [("区司法局", "sifa"), ("区财政局", "caizheng"), ("区法院", "fayuan")]),
        ("区司\u3000法局、区财政局", [("区司法局", "sifa"), ("区财政局", "caizheng")]),
        ("区司法局和区财政局", [("区司法局", "sifa"), ("区财政局", "caizheng")]),
        ("各乡镇人民政府、街道办事处，区级执法单位", [("各乡镇人民政府、街道办事处", "towns"), ("区级执法单位", "departments")]),
        ("区级执法单位，各乡镇人民政府、街道办事处", [("区级执法单位", "departments"), ("各乡镇人民政府、街道办事处", "towns")]),
        ("区级执法单位、各乡镇（街道）", [("区级执法单位", "departments"), ("各乡镇（街道）", "towns")]),
        ("各镇人民政府、各街道办事处，区法院", [("各镇人民政府、各街道办事处", None), ("区法院", "fayuan")]),
        ("区教育局（学校、幼儿园）、区法院", [("区教育局（学校、幼儿园）", None), ("区法院", "fayuan")]),
        ("区教育局（学校、区法院", [("区教育局（学校", None), ("区法院", "fayuan")]),
        ("区司法局、区司法局", [("区司法局", "sifa")]),
        ("区司法局等有关部门", [("区司法局", "sifa")]),
        ("、，；", []),
    ],
)
def test_a_list_is_cut_between_units_only(text: str, expected: list[tuple[str, str | None]], known: rules.KnownUnits) -> None:
    assert names_of(text, known) == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("区司法局、各乡镇（街道）", []),
        ("区水务局、区司法局", ["unit_unknown"]),
        ("区司法局等部门", ["units_open_ended"]),
        ("区水务局等", ["units_open_ended", "unit_unknown"]),
    ],
)
def test_doubts_are_told(text: str, codes: list[str], known: rules.KnownUnits) -> None:
    found = notes.Notes()
    units.read(text, "责任单位", known, found, 3)
    assert [(warning.code, warning.line) for warning in found.all()] == [(code, 3) for code in codes]


def test_a_lead_marked_inside_a_list_stands_apart(known: rules.KnownUnits) -> None:
    found = units.read("区司法局（牵头）、区财政局", "责任单位", known, notes.Notes(), 1)
    assert [unit.key for unit in found.leading] == ["sifa"]
    assert [unit.key for unit in found.named] == ["caizheng"]
    assert found.named[0].role_as_written == "责任单位"
    assert not found.named[0].is_group
