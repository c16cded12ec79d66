"""Cells as people fill them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import cells

MORNING = datetime.fromisoformat("2024-05-06T09:05:00")


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-06",
        "2024/5/6",
        "2024.5.6",
        "20240506",
        "2024年5月6日",
        "２０２４年５月６日",
        "2024-05-06 00:00:00",
        "45418",
        " 2024-5-06 ",
    ],
)
def test_a_day_is_read_in_all_its_spellings(text: str) -> None:
    assert cells.day(text) == date(2024, 5, 6)


@pytest.mark.parametrize(
    "text", ["", "2024-02-30", "24-5-6", "5/6/2024", "2024-13-01", "昨天", "123", "99999", "2024-05", "20241332"]
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    with pytest.raises(cells.NotSo):
        cells.day(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9:05", time(9, 5)), ("09:05:30", time(9, 5, 30)), ("９：０５", time(9, 5)), ("9时5分", time(9, 5)), ("9点", time(9)),
        ("2024-05-06 09:05", MORNING), ("2024-05-06T09:05:00", MORNING),
    ],
)  # fmt: skip
def test_a_time_is_read_with_or_without_its_day(text: str, read: time | datetime) -> None:
    assert cells.clock(text) == read


@pytest.mark.parametrize("text", ["9", "25:00", "9:60", "0.375", "上午", "2024-05-06", "9:5:5:5"])
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    with pytest.raises(cells.NotSo):
        cells.clock(text)


@pytest.mark.parametrize(("text", "read"), [("4", 400), ("1.5", 150), ("0.25", 25), ("4.500", 450), ("８学时", 800), ("4.", 400)])
def test_hours_are_whole_hundredths(text: str, read: int) -> None:
    assert cells.hundredths(text) == read


@pytest.mark.parametrize("text", ["-4", "1.255", "1,5", "1e3", "四", ".", "", "10001", "½"])
def test_hours_are_refused_otherwise(text: str) -> None:
    with pytest.raises(cells.NotSo):
        cells.hundredths(text)


@given(st.integers(0, cells.MOST_HUNDREDTHS))
def test_hours_read_back(value: int) -> None:
    assert cells.hundredths(f"{value // 100}.{value % 100:02}") == value


@given(st.text(max_size=30))
def test_no_cell_breaks_a_reader(text: str) -> None:
    for read in (cells.day, cells.clock, cells.hundredths, cells.code(), cells.line(10), cells.choice({"甲": "a"})):
        with suppress(cells.NotSo):
            read(text or "x")


def test_a_bent_number_is_told_from_a_code() -> None:
    assert cells.code()("A-1/2") == "A-1/2"
    with pytest.raises(cells.NotSo, match="bent_number"):
        cells.code()("3.50111190001011e+17")
