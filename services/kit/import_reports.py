"""The report of an import: its file again, with two columns more that say what became of each row, and why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final

from services.kit import errors, import_files, imports, workbooks
from services.kit.import_answers import Kept
from services.kit.runtime import Runtime
from services.kit.sheets import Layout, Reason

# Blank rows inside a sheet come back, so that rows keep their numbers; so many in all and no more.
MOST_BLANK: Final = 10_000
PAGE: Final = 5_000
RESULT, REASONS = ("导入结果", "Result"), ("原因", "Reasons")
ACCEPTED, WOULD_BE, REFUSED = ("已导入", "imported"), ("可导入", "would be imported"), ("未导入", "refused")
REFUSALS = "SELECT row_no, reasons FROM kit.import_refusals WHERE import_id = $1 AND row_no > $2 AND row_no <= $3 ORDER BY row_no"


async def stream(runtime: Runtime, found: Kept, layout: Layout, form: str, language: str) -> AsyncGenerator[bytes, None]:
    """The report as a workbook or a CSV file. No connection is held while the caller reads."""
    async with import_files.opened(runtime, found.id, found.kind, found.size) as source:
        report = _Report(runtime, found, layout, language)
        async with aclosing(workbooks.written(report.lines(source), form, RESULT[0])) as blocks:
            async for block in blocks:
                yield block


async def template(layout: Layout, form: str, sheet_name: str) -> AsyncGenerator[bytes, None]:
    """An empty file to fill: the headings and one example."""

    async def lines() -> AsyncIterator[bytes]:
        for row in layout.template():
            yield _line(row)

    async with aclosing(workbooks.written(lines(), form, sheet_name)) as blocks:
        async for block in blocks:
            yield block


def _line(cells: Sequence[Any]) -> bytes:
    return json.dumps(cells).encode() + b"\n"


@dataclass(slots=True)
class _Report:
    """A report while it is made."""

    runtime: Runtime
    found: Kept
    layout: Layout
    language: str
    width: int = 0
    row: int = 0
    blank: int = 0
    texts: dict[str, str] = field(default_factory=dict)

    async def lines(self, source: import_files.Source) -> AsyncIterator[bytes]:
        async with aclosing(workbooks.rows(source.content, self.found.kind, imports.MOST_ROWS)) as batches:
            async for batch in batches:
                refused = await self._refused(batch[0][0], batch[-1][0])
                yield await asyncio.to_thread(self._batch, batch, refused)

    async def _refused(self, first: int, last: int) -> dict[int, Sequence[str]]:
        async with self.runtime.database.reading() as read:
            rows = await read.fetch(REFUSALS, [self.found.id, first - 1, last])
        return {row["row_no"]: row["reasons"] for row in rows}

    def _batch(self, batch: Sequence[workbooks.Row], refused: Mapping[int, Sequence[str]]) -> bytes:
        lines: list[bytes] = []
        for number, *cells in batch:
            for _ in range(min(number - self.row - 1, MOST_BLANK - self.blank)):
                lines.append(_line([]))
                self.blank += 1
            self.row = number
            lines.append(_line(self._row(number, cells, refused)))
        return b"".join(lines)

    def _row(self, number: int, cells: list[str], refused: Mapping[int, Sequence[str]]) -> list[str]:
        if not self.width:
            return self._above(cells)
        padded = (cells + [""] * self.width)[: self.width]
        if (reasons := refused.get(number)) is None:
            return [*padded, self._said(WOULD_BE if self.found.dry_run else ACCEPTED), ""]
        return [*padded, self._said(REFUSED), "；".join(map(self._text, reasons))]

    def _above(self, cells: list[str]) -> list[str]:
        """A title, or the headings: a report sent in again gets no second pair of columns."""
        try:
            places = self.layout.placed(cells)
        except errors.BadInput:
            return cells
        if not places or self.layout.lacking(places):
            return cells
        if cells[-2:] in ([RESULT[0], REASONS[0]], [RESULT[1], REASONS[1]]):
            del cells[-2:]
        self.width = len(cells)
        return [*cells, self._said(RESULT), self._said(REASONS)]

    def _said(self, pair: tuple[str, str]) -> str:
        return pair[self.language == "en"]

    def _text(self, kept: str) -> str:
        if kept not in self.texts:
            self.texts[kept] = Reason.of(kept).text(self.layout, self.language).rstrip("。.")
        return self.texts[kept]
