"""The child process that reads a workbook or a CSV file: the file on standard input, frames of rows on standard output.

Run as a script, by its path, so that it loads nothing of ours and holds no secret. A bomb dies here and nowhere else.
A frame is four bytes of length and a JSON array of rows; a row is its number in the sheet and its cells as text. The
last frame is an object: `{"rows": n}`, or `{"fault": code}`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

MEMORY = 2 << 30
CPU_SECONDS = 60
FRAME_ROWS = 1_000
FRAME_SIGNS = 1 << 20
MOST_COLUMNS = 200
MOST_SIGNS = 32_767  # what a cell of Excel can hold
# Excel keeps 15 digits; a longer number was already bent by whoever typed it as a number.
DIGITS = 1e15
FORMULA = frozenset("=+-@")
DELIMITERS = ",\t;"
MIDNIGHT = time()

Row = list[Any]


class Fault(Exception):
    """What makes the whole file unusable; its text is the code."""


def limit() -> None:
    """Bounds this process before it reads a byte: memory, processor time, no files written, no core dump."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    bounds = {"RLIMIT_AS": MEMORY, "RLIMIT_CPU": CPU_SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in bounds.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most, most if hard == resource.RLIM_INFINITY else min(most, hard)))


def rows_of(file: BinaryIO, kind: str) -> Iterator[Row]:
    """Rows that hold anything, with their numbers; `kind` is `xlsx` or the encoding of a CSV file."""
    found = workbook_rows(file) if kind == "xlsx" else text_rows(file, kind)
    for number, cells in found:
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Fault("sheet.too_wide")
        if any(len(cell) > MOST_SIGNS for cell in cells):
            raise Fault("sheet.cell_too_long")
        if cells:
            yield [number, *cells]


def workbook_rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet that is shown."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(file)
    shown = [
        each.name
        for each in book.sheets_metadata
        if each.visible is SheetVisibleEnum.Visible and each.typ is SheetTypeEnum.WorkSheet
    ]
    if not shown:
        raise Fault("sheet.empty")
    sheet = book.get_sheet_by_name(shown[0])
    if sheet.start is None:
        return
    top, left = sheet.start
    for place, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        yield place, [""] * left + [text_of(value) for value in values]


def text_of(value: object) -> str:
    """A cell as people see it. A number of more than 15 digits stays in exponents: its last digits are lost already."""
    if isinstance(value, str):
        return value.strip()
    return next((shown(value) for kind, shown in SHOWN if isinstance(value, kind)), "")


def number(value: float) -> str:
    """4 for 4.0, 1.5 for 1.5, 3.5E+17 for what is too long to be known."""
    return str(int(value)) if value == int(value) and abs(value) < DIGITS else f"{value:.15g}"


def moment(value: datetime) -> str:
    """The day alone where there is no time of day."""
    return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat(" ")


def duration(value: timedelta) -> str:
    """Hours may pass 24."""
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


# In this order: a boolean is an integer, a datetime is a date.
SHOWN: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "TRUE" if value else "FALSE"),
    ((int, float), number),
    (datetime, moment),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, duration),
)


def text_rows(file: BinaryIO, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Records of a CSV file, separated by whatever stands most often in its first line: comma, tab or semicolon."""
    csv.field_size_limit(MOST_SIGNS)
    text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    first = text.readline(1 << 20)
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for place, cells in enumerate(csv.reader(_chained(first, text), delimiter=delimiter, strict=True), 1):
            yield place, [_bare(cell.strip()) for cell in cells]
    except csv.Error as error:
        raise Fault("sheet.broken_quotes") from error


def _bare(cell: str) -> str:
    """A cell without the apostrophe that our own files put before what would be taken for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def _chained(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def frames(rows: Iterable[Row], most: int) -> Iterator[bytes]:
    """Rows in frames, counted on the way."""
    batch: list[Row] = []
    signs = count = 0
    for row in rows:
        count += 1
        if count > most:
            raise Fault("sheet.too_many_rows")
        batch.append(row)
        signs += sum(map(len, row[1:]))
        if len(batch) >= FRAME_ROWS or signs >= FRAME_SIGNS:
            yield frame(batch)
            batch, signs = [], 0
    if batch:
        yield frame(batch)
    yield frame({"rows": count})


def frame(content: object) -> bytes:
    """One frame."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return struct.pack(">I", len(body)) + body


def main(kind: str, most: str) -> None:
    """Reads all there is. What goes wrong inside is told by its code alone, never by what stood in the file."""
    limit()
    out = os.fdopen(1, "wb", buffering=0)
    try:
        for each in frames(rows_of(sys.stdin.buffer, kind), int(most)):
            out.write(each)
    except Fault as fault:
        out.write(frame({"fault": str(fault)}))
    except BrokenPipeError:
        pass
    except Exception:
        # The reader has many ways to complain of a broken file, and a few of them are not even exceptions of its own.
        out.write(frame({"fault": "sheet.unreadable"}))


if __name__ == "__main__":
    main(*sys.argv[1:])
