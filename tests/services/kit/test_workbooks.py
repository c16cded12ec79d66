"""Files in and out: what is read, what is refused, and what dies in the child while the service lives."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import zipfile
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from services.kit import errors, sheet_gates, sheet_writer, workbooks
from services.kit.sheet_gates import Kind
from services.kit.workbooks import Row
from tests import sheets

MOST = 1_000


async def read(content: bytes, most: int = MOST) -> list[Row]:
    """All rows of a file that passed the gates."""
    with os.fdopen(os.memfd_create("sheet"), "w+b") as file:
        file.write(content)
        file.flush()
        kind = sheet_gates.inspect(file)
        async with aclosing(workbooks.rows(file, kind, most)) as found:
            return [row async for batch in found for row in batch]


def codes(error: errors.DomainError) -> set[str]:
    return {fault.code for fault in error.faults}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
async def test_text_is_read_in_each_encoding(encoding: str, delimiter: str) -> None:
    rows = await read(sheets.text(sheets.GOOD, encoding, delimiter))
    assert rows == [[1, "日期", "说明"], [2, "2024-05-06", "甲"], [3, "2024-05-07", "乙"]]


async def test_blank_rows_are_no_rows_but_keep_their_numbers() -> None:
    assert await read("a,b\n,\n\n  , 　\n1,2,,\n".encode()) == [[1, "a", "b"], [5, "1", "2"]]


async def test_a_workbook_is_read_as_people_see_it() -> None:
    def fill(book: Any, sheet: Any) -> None:
        day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_datetime(2, 1, date(2024, 5, 6), day)
        sheet.write_datetime(
            2, 2, datetime.fromisoformat("2024-05-06T09:30:00"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
        sheet.write_datetime(2, 3, timedelta(hours=9, minutes=30), clock)
        sheet.write_number(2, 4, 4)
        sheet.write_number(2, 5, 0.1 + 0.2)
        sheet.write_number(2, 6, 350111190001011000)
        sheet.write_formula(2, 7, "=2+2", None, 4)
        sheet.write_string(2, 8, "350111190001011005")
        # Formats alone are nothing: neither these rows nor a thousand more are read.
        for place in range(10, 1_000):
            sheet.set_row(place, 15, day)
        sheet.write_blank(1_100, 3, None, day)

    rows = await read(sheets.workbook([], fill))
    assert rows == [
        [3, "", "2024-05-06", "2024-05-06 09:30:00", "09:30:00", "4", "0.3", "3.50111190001011e+17", "4", "350111190001011005"]
    ]


async def test_the_first_sheet_that_is_shown_is_read() -> None:
    def fill(book: Any, first: Any) -> None:
        second = book.add_worksheet()
        second.write(0, 0, "shown")
        second.activate()
        first.hide()

    assert await read(sheets.workbook(sheets.GOOD, fill)) == [[1, "shown"]]


@pytest.mark.parametrize("name", sorted(sheets.REFUSED))
async def test_a_hostile_file_is_refused_before_it_is_unpacked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(sheets.REFUSED[name]())
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(errors.DomainError) as caught:
        sheet_gates.inspect(content)
    assert caught.value.status in {400, 415}
    assert codes(caught.value)


@pytest.mark.parametrize("name", sorted(sheets.DEADLY))
async def test_a_deadly_file_dies_in_the_child(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows: list[Row] = []
    with suppress(sheet_gates.Unreadable):
        # Where a trick is not understood it has no effect.
        rows = await read(sheets.DEADLY[name]())
    assert "root:" not in json.dumps(rows)
    assert len(json.dumps(rows)) < 1_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
    assert await read(sheets.workbook(sheets.GOOD))


async def test_a_cell_at_the_far_corner_is_refused() -> None:
    with pytest.raises(sheet_gates.Unreadable) as caught:
        await read(sheets.DEADLY["far_cell"]())
    assert codes(caught.value) == {"sheet.too_much_inside"}


async def test_rows_are_counted_while_they_stream() -> None:
    with pytest.raises(sheet_gates.Unreadable) as caught:
        await read(b"a\n" * 11, most=10)
    assert (codes(caught.value), caught.value.faults[0].params) == ({"sheet.too_many_rows"}, {"limit": 10})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n" + b"," * 300 + b"x\n", "sheet.too_wide"),
        (b"a\n" + b"x" * 40_000 + b"\n", "sheet.broken_quotes"),
        (b'a,b\n"never closed', "sheet.broken_quotes"),
        (b'a,b\n"x"y,1\n', "sheet.broken_quotes"),
    ],
)
async def test_text_out_of_shape_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(sheet_gates.Unreadable) as caught:
        await read(content)
    assert codes(caught.value) == {code}


async def of_pieces(pieces: AsyncIterator[bytes], most: int = MOST) -> list[Row]:
    async with aclosing(workbooks.rows(pieces, Kind("csv", "utf-8-sig"), most)) as found:
        return [row async for batch in found for row in batch]


async def test_a_text_is_read_from_its_pieces_wherever_they_break() -> None:
    text = ("姓名,学时\n" + "示例甲,4\n" * 5_000).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(text), 777):
            yield text[place : place + 777]

    rows = await of_pieces(pieces(), most=10_000)
    assert (len(rows), rows[0], rows[-1]) == (5_001, [1, "姓名", "学时"], [5_001, "示例甲", "4"])


async def test_a_text_whose_pieces_fail_is_no_shorter_text() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield "姓名,学时\n示例甲,4\n".encode()
        raise errors.NotFound

    with pytest.raises(errors.NotFound):
        await of_pieces(pieces())


async def test_a_fault_in_the_midst_of_endless_pieces_ends_them() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"x,1\n" * 1_000

    with pytest.raises(sheet_gates.Unreadable) as caught:
        await of_pieces(pieces(), most=5_000)
    assert codes(caught.value) == {"sheet.too_many_rows"}


async def test_a_slow_child_is_ended() -> None:
    with os.fdopen(os.memfd_create("sheet"), "w+b") as file:
        file.write(b"a\n")
        file.flush()
        found = workbooks.rows(file, Kind("csv", "utf-8-sig"), MOST, patience=0)
        with pytest.raises(sheet_gates.Unreadable) as caught:
            await anext(found)
    assert codes(caught.value) == {"sheet.too_slow"}


ATTACKS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\tx",
    "\rx",
    '=HYPERLINK("http://example.invalid")',
    "https://example.invalid",
    "{=1}",
]
OUT: list[list[Any]] = [["身份证号", "说明", "学时"], *([["350111190001011005", attack, -1.5] for attack in ATTACKS])]


async def write(kind: str) -> bytes:
    async def lines() -> AsyncIterator[bytes]:
        for row in OUT:
            yield json.dumps(row).encode() + b"\n"

    async with aclosing(workbooks.written(lines(), kind, "学时")) as blocks:
        return b"".join([block async for block in blocks])


async def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    made = await write("xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    kinds = [[cell.data_type for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert kinds == [["s", "s", "n"]] * len(ATTACKS)
    assert [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []
    assert [sheet.cell(row, 2).value for row in range(2, len(ATTACKS) + 2)] == [
        attack.replace("\r", "_x000D_") for attack in ATTACKS
    ]
    assert (sheet.title, sheet.cell(2, 1).value, sheet.cell(2, 1).number_format) == ("学时", "350111190001011005", "@")
    assert await read(made)


def test_what_one_sheet_cannot_hold_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_writer, "MOST_ROWS", 3)
    made = io.BytesIO()
    sheet_writer.write_workbook(iter([["h"], *([str(number)] for number in range(5))]), made, "学时")
    book = openpyxl.load_workbook(made)
    shown = {sheet.title: [row[0].value for row in sheet.iter_rows()] for sheet in book.worksheets}
    assert shown == {"学时": ["h", "0", "1"], "学时(2)": ["h", "2", "3"], "学时(3)": ["h", "4"]}


async def test_no_cell_of_a_text_runs() -> None:
    made = await write("csv")
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert rows[0] == OUT[0]
    assert [row[1][0] for row in rows[1:]] == ["'"] * 7 + ["h", "{"]
    assert {row[2] for row in rows[1:]} == {"-1.5"}
