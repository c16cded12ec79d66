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
    limit: int | str | None = None

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
        limit = parts[2] if len(parts) == 3 else None
        return cls(parts[1], parts[0], int(limit) if limit and limit.isdecimal() else limit)

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


# A cell read: its value, and the same as COPY takes it.
Cell = tuple[Any, str]
NOTHING: Final[Cell] = (None, cells.copied(None))


@dataclass(slots=True)
class Record:
    """A row below the headings: its number in the sheet, its cells in the order of the layout, and what is wrong with them."""

    number: int
    values: list[Any]
    copied: list[str]
    reasons: list[Reason]


@dataclass(slots=True)
class _Place:
    """Where a column of the sheet stands, and what was read in it before, where cells repeat."""

    column: Column
    at: int
    into: int
    memory: dict[str, Cell | Reason] | None

    def read(self, text: str) -> Cell | Reason:
        """A cell, read once where it repeats."""
        if self.memory is None:
            return _read(self.column, text)
        if (found := self.memory.get(text)) is None:
            if len(self.memory) >= MOST_REMEMBERED:
                self.memory.clear()
            found = self.memory[text] = _read(self.column, text)
        return found


def _read(column: Column, text: str) -> Cell | Reason:
    try:
        value = column.read(text)
    except cells.NotSo as fault:
        return Reason(fault.code, column.name, fault.limit)
    return value, cells.copied(value)


@dataclass(slots=True)
class Sheet:
    """A sheet while it is read: where its columns stand, once the headings were found."""

    layout: Layout
    headings: list[str] = field(default_factory=list)
    best: dict[str, int] = field(default_factory=dict)
    looked: int = 0
    places: list[_Place] | None = None
    needs: list[list[int]] = field(default_factory=list)

    @property
    def unknown(self) -> list[str]:
        """Headings that mean nothing here; their cells only come back in the report."""
        taken = {place.at - 1 for place in self.places or ()}
        return [heading for place, heading in enumerate(self.headings) if heading and place not in taken]

    def records(self, rows: Iterable[Sequence[Any]]) -> Iterator[Record]:
        """The rows below the headings. Raises NoHeadings, BadInput."""
        for row in rows:
            if self.places is not None:
                yield self._record(row, self.places)
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
            self._begin(found, row)
            return
        self.looked += 1
        self.best = max(self.best, found, key=len)
        if self.looked >= TOP_ROWS:
            raise self._none()

    def _begin(self, found: Mapping[str, int], row: Sequence[Any]) -> None:
        self.headings = list(row[1:])
        names = [column.name for column in self.layout.columns]
        self.needs = [[names.index(name) for name in group] for group in self.layout.needs]
        # A row begins with its number.
        self.places = [
            _Place(column, found[column.name] + 1, into, {} if column.few else None)
            for into, column in enumerate(self.layout.columns)
            if column.name in found
        ]

    def _record(self, row: Sequence[Any], places: Sequence[_Place]) -> Record:
        width = len(row)
        size = len(self.layout.columns)
        record = Record(row[0], [None] * size, [NOTHING[1]] * size, [])
        for place in places:
            text = row[place.at] if place.at < width else ""
            if not text:
                continue
            found = place.read(text)
            if isinstance(found, Reason):
                record.reasons.append(found)
            else:
                record.values[place.into], record.copied[place.into] = found
        for group in self.needs:
            if record.values[group[0]] is None and all(record.values[place] is None for place in group):
                self._miss(record, group)
        return record

    def _miss(self, record: Record, group: Sequence[int]) -> None:
        """A needed cell is not there, unless it is there and could not be read."""
        names = [self.layout.columns[place].name for place in group]
        if not any(reason.column in names for reason in record.reasons):
            record.reasons.append(Reason("missing" if len(names) == 1 else "sheet.one_needed", names[0]))
