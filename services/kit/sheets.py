"""Sheets that come in: columns found by their Chinese or English heading, rows read cell by cell. Pure.

A feature declares its `Layout` once; the template to download, the reading and the texts of the faults follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.kit import cells, errors, problems

# Titles and remarks may stand above the headings, so far down they are looked for.
TOP_ROWS: Final = 20
MOST_REMEMBERED: Final = 50_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its headings (the template's first), and how its cells are read.

    `few` says that its cells repeat (days, categories), so that each is read once.
    """

    name: str
    headings: tuple[str, ...]
    read: cells.Read
    example: str = ""
    few: bool = False

    @property
    def title(self) -> str:
        """The heading of the template."""
        return self.headings[0]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is refused: a code, the column it is about, if any, and the limit broken, if any."""

    code: str
    column: str = ""
    limit: int | None = None

    def __str__(self) -> str:
        """As kept: `code`, `column:code` or `column:code:limit`."""
        parts = [self.column, self.code] if self.column or self.limit is not None else [self.code]
        return ":".join([*parts, *([] if self.limit is None else [str(self.limit)])])

    @classmethod
    def of(cls, kept: str) -> Reason:
        """The reason kept so."""
        parts = kept.split(":")
        if len(parts) == 1:
            return cls(kept)
        return cls(parts[1], parts[0], int(parts[2]) if len(parts) == 3 else None)

    def text(self, layout: Layout, language: str) -> str:
        """In words, the column's heading first."""
        said = problems.fault_text(self.code, language, {"limit": "" if self.limit is None else self.limit})
        title = layout.titled(self.column, language)
        between = "：" if language != "en" else ": "
        return f"{title}{between}{said}" if title else said


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a kind of sheet. Of each group in `needs` a sheet must have one column, and each row one cell."""

    columns: Sequence[Column]
    needs: Sequence[Sequence[str]]

    def titled(self, name: str, language: str = "zh-CN") -> str:
        """The heading of a column in a language; empty for no column."""
        column = next((column for column in self.columns if column.name == name), None)
        if column is None:
            return ""
        return column.title if language != "en" else column.name.replace("_", " ")

    def template(self) -> list[list[str]]:
        """Headings, and a row that shows how to fill them."""
        return [[column.title for column in self.columns], [column.example for column in self.columns]]

    def placed(self, headings: Sequence[str]) -> dict[str, int]:
        """Where each column stands in a row of headings. Raises BadInput where one stands twice."""
        known = {_folded(name): column.name for column in self.columns for name in (*column.headings, column.name)}
        places: dict[str, int] = {}
        for place, heading in enumerate(headings):
            name = known.get(_folded(heading))
            if name in places:
                raise errors.BadInput(errors.Fault("/body/file", "sheet.column_repeated", {"name": self.titled(name)}))
            if name is not None:
                places[name] = place
        return places

    def lacking(self, places: Mapping[str, int]) -> list[str]:
        """Headings of needed columns that are not there; alternatives are joined."""
        groups = [group for group in self.needs if not places.keys() & set(group)]
        return ["／".join(self.titled(name) for name in group) for group in groups]


def _folded(heading: str) -> str:
    """A heading for comparison: without stars, and without a remark in brackets behind it."""
    return cells.folded(heading).replace("*", "").partition("(")[0]


class NoHeadings(errors.BadInput):
    code = "sheet.no_headings"
    zh, en = "未找到所需的列标题，见 errors 各项。", "The headings needed were not found; see errors."


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read: where its columns stand, once the headings were found, and cells read before."""

    layout: Layout
    places: dict[str, int] | None = None
    headings: list[str] = field(default_factory=list)
    best: dict[str, int] = field(default_factory=dict)
    looked: int = 0
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """Headings that mean nothing here; their cells only come back in the report."""
        taken = set((self.places or {}).values())
        return [heading for place, heading in enumerate(self.headings) if heading and place not in taken]

    def records(self, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, list[Any], list[Reason]]]:
        """Number, values in the order of the layout (None for an empty cell) and reasons of each row below the headings.

        Raises NoHeadings, BadInput.
        """
        for row in rows:
            if self.places is not None:
                yield self._record(row)
            else:
                self._look(row)

    def end(self) -> None:
        """The sheet is over. Raises NoHeadings when no headings were found."""
        if self.places is None:
            raise self._none()

    def _none(self) -> NoHeadings:
        lacking = self.layout.lacking(self.best)
        return NoHeadings(*(errors.Fault("/body/file", "sheet.column_missing", {"name": name}) for name in lacking))

    def _look(self, row: Sequence[Any]) -> None:
        found = self.layout.placed(row[1:])
        if found and not self.layout.lacking(found):
            self.places, self.headings = found, list(row[1:])
            return
        self.looked += 1
        self.best = max(self.best, found, key=len)
        if self.looked >= TOP_ROWS:
            raise self._none()

    def _record(self, row: Sequence[Any]) -> tuple[int, list[Any], list[Reason]]:
        reasons: list[Reason] = []
        values = [self._cell(column, row, reasons) for column in self.layout.columns]
        by_name = {column.name: value for column, value in zip(self.layout.columns, values, strict=True)}
        faulty = {reason.column for reason in reasons}
        empty = [group for group in self.layout.needs if not faulty & set(group) and all(by_name[name] is None for name in group)]
        reasons += [Reason("missing" if len(group) == 1 else "sheet.one_needed", group[0]) for group in empty]
        return row[0], values, reasons

    def _cell(self, column: Column, row: Sequence[Any], reasons: list[Reason]) -> Any:
        assert self.places is not None
        place = self.places.get(column.name)
        text = row[place + 1] if place is not None and place + 1 < len(row) else ""
        if not text:
            return None
        found = self._read(column, text)
        if isinstance(found, Reason):
            reasons.append(found)
            return None
        return found

    def _read(self, column: Column, text: str) -> Any:
        if not column.few:
            return _value(column, text)
        known = self.memory.setdefault(column.name, {})
        if text not in known:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known[text] = _value(column, text)
        return known[text]


def _value(column: Column, text: str) -> Any:
    try:
        return column.read(text)
    except cells.NotSo as fault:
        return Reason(fault.code, column.name, fault.limit)
