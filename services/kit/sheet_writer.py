"""The child process that writes a workbook or a CSV file: lines of rows on standard input, the file on standard output.

Run as a script, by its path, so that it loads nothing of ours. A line is a JSON array of cells: text, a number, or null.
Nothing it writes is ever a formula or a link: in a workbook text is text, in a CSV file a sign that a spreadsheet would
take for the beginning of a formula gets an apostrophe before it.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

MOST_SIGNS = 32_767
# Where a sheet ends.
MOST_ROWS = 1_048_576
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTH = 18
BLOCK = 1 << 16

Row = list[Any]


def rows_of(lines: BinaryIO) -> Iterator[Row]:
    """The rows as they come."""
    for line in lines:
        yield json.loads(line)


def harmless(cell: object) -> object:
    """A cell of a CSV file that no spreadsheet runs. Numbers are no text and stay as they are, below zero too."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def write_text(rows: Iterator[Row], out: BinaryIO) -> None:
    """CSV in UTF-8 with the mark that Excel looks for; lines leave as they are made."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    text.flush()
    text.detach()


def write_workbook(rows: Iterator[Row], out: BinaryIO, sheet_name: str) -> None:
    """A workbook whose first row stays in sight, built beside the memory and sent when complete."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with tempfile.TemporaryFile() as made:
        book = xlsxwriter.Workbook(made, options)
        _fill(book, rows, sheet_name)
        book.close()
        made.seek(0)
        while block := made.read(BLOCK):
            out.write(block)


def _fill(book: Any, rows: Iterator[Row], sheet_name: str) -> None:
    """A sheet holds so many rows; what is more goes on in another, under the same headings."""
    bold, text = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    headings = next(rows, [])
    sheet, place = None, MOST_ROWS
    for row in itertools.chain([None], rows):
        if place >= MOST_ROWS:
            number = len(book.worksheets()) + 1
            sheet, place = book.add_worksheet(sheet_name if number == 1 else f"{sheet_name}({number})"), 1
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(headings) - 1, 0), WIDTH, text)
            _write_row(sheet, 0, headings, bold)
        if row is not None:
            _write_row(sheet, place, row, text)
            place += 1


def _write_row(sheet: Any, place: int, row: Row, text: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int | float):
            sheet.write_number(place, column, cell)
        elif cell not in (None, ""):
            sheet.write_string(place, column, str(cell)[:MOST_SIGNS], text)


def main(kind: str, sheet_name: str = "Sheet1") -> None:
    """Writes all there is to write."""
    out = os.fdopen(os.dup(1), "wb", buffering=BLOCK)
    rows = rows_of(sys.stdin.buffer)
    # Whoever reads may hang up; then nobody is left to tell.
    with contextlib.suppress(BrokenPipeError):
        if kind == "csv":
            write_text(rows, out)
        else:
            write_workbook(rows, out, sheet_name)
        out.flush()
    with contextlib.suppress(BrokenPipeError):
        out.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
