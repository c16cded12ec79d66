"""Columns by heading, and rows read by them."""

from __future__ import annotations

from typing import Any

import pytest

from services.kit import cells, errors, sheets
from services.kit.sheets import Column, Layout, Reason, Sheet

LAYOUT = Layout(
    [
        Column("number", ("执法证号", "certificate number"), cells.code(), "A-1"),
        Column("person", ("外部编号", "external id"), cells.code()),
        Column("day", ("日期", "day"), cells.day, "2024-05-06", few=True),
        Column("note", ("备注", "note"), cells.line(5)),
    ],
    needs=[("day",), ("number", "person")],
)


def read(*rows: list[str]) -> tuple[Sheet, list[tuple[int, list[Any], list[str]]]]:
    sheet = Sheet(LAYOUT)
    found = [(each.number, each.values, [str(reason) for reason in each.reasons]) for each in sheet.records(numbered(rows))]
    sheet.end()
    return sheet, found


def numbered(rows: tuple[list[str], ...]) -> list[list[Any]]:
    return [[place, *row] for place, row in enumerate(rows, 1)]


@pytest.mark.parametrize(
    "headings", [["日期", "执法证号"], ["Day", "Certificate_Number"], ["日 期*", "执法证号（必填）"], ["day", "number"]]
)
def test_columns_are_found_in_any_order_and_language(headings: list[str]) -> None:
    _, found = read(headings, ["2024/5/6", "A-1"])
    assert [(str(values[2]), values[0], reasons) for _, values, reasons in found] == [("2024-05-06", "A-1", [])]


def test_a_title_may_stand_above_and_unknown_columns_are_named() -> None:
    sheet, found = read(["2024 年学时汇总"], ["序号", "执法证号", "日期", "联系人"], ["1", "A-1", "2024-05-06"])
    assert (sheet.unknown, [place for place, _, _ in found]) == (["序号", "联系人"], [3])


def test_every_fault_of_a_row_is_told() -> None:
    _, found = read(["日期", "执法证号", "外部编号", "备注"], ["昨天", "", "", "长长长长长长"], ["", "A-1", "", ""])
    assert found[0][2] == ["day:wrong_format", "note:too_long:5", "number:sheet.one_needed"]
    assert found[1][2] == ["day:missing"]


def test_missing_headings_are_named_with_their_alternatives() -> None:
    with pytest.raises(sheets.NoHeadings) as caught:
        read(["备注", "姓名"], ["x", "y"])
    assert [fault.params["name"] for fault in caught.value.faults] == ["日期", "执法证号／外部编号"]


def test_a_heading_twice_is_refused() -> None:
    with pytest.raises(errors.BadInput) as caught:
        read(["日期", "执法证号", "certificate number"])
    assert caught.value.faults[0].code == "sheet.column_repeated"


@pytest.mark.parametrize("reason", [Reason("a.b"), Reason("a.b", "day"), Reason("too_long", "note", 5)])
def test_a_reason_is_kept_and_read_back(reason: Reason) -> None:
    assert Reason.of(str(reason)) == reason


def test_a_reason_is_told_in_both_languages() -> None:
    assert Reason("too_long", "note", 5).text(LAYOUT, "zh-CN") == "备注：过长，至多 5。"
    assert Reason("too_long", "note", 5).text(LAYOUT, "en") == "note: Too long; at most 5."
