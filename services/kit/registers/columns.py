"""Sheets of a kind, made from its facts: headings in Chinese, how each cell is read, and how it is shown. Pure.

A cell is read into what the API would be sent: days as text, codes for words, fen for yuan. What facts refer to by an id
stands in a sheet as a unit's code, a case number or the like; it is looked up when the row is judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import cells, clock
from services.kit.registers.kinds import Kind
from services.kit.sheets import Column, Layout

UNIT, RECORD, SYSTEM, EXTERNAL = "unit_code", "record_id", "external_system", "external_id"
TRUE, FALSE = "是", "否"
FLAGS: Final = {TRUE: TRUE, "有": TRUE, "√": TRUE, "1": TRUE, "true": TRUE, "yes": TRUE,
                FALSE: FALSE, "无": FALSE, "×": FALSE, "0": FALSE, "false": FALSE, "no": FALSE}  # fmt: skip
# What may stand behind a whole number.
COUNTED: Final = "年人次件个条项户场天名"
MOST_DIGITS: Final = 12
MOST_TEXT: Final = 10_000
SCHEMA = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """How a fact stands in a sheet. `refers`: the cell names what the fact points to; `many`: it may hold several."""

    name: str
    heading: str
    read: cells.Read
    show: Callable[[Any], Any]
    refers: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A kind's sheet: its layout for reading, its cells by the name of their fact."""

    layout: Layout
    facts: Mapping[str, Cell]

    def headings(self) -> list[str]:
        """Those of an export: the ones that are read again, then what is only told."""
        return [column.title for column in self.layout.columns] + ["单位名称", "状态", "作废原因", "登记时间"]

    def row(self, record: Mapping[str, Any], names: Mapping[UUID, str], units: Mapping[UUID, tuple[str, str]]) -> list[Any]:
        """A record as the API tells it as the cells of a row."""
        code, unit_name = units.get(UUID(record["unit_id"]), ("", ""))
        told = {UNIT: code} | {name: record.get(name) for name in (SYSTEM, EXTERNAL)} | {RECORD: record["id"]}
        shown = {name: self._shown(cell, record.get(name), names) for name, cell in self.facts.items()} | told
        state = "作废" if record["state"] == "void" else "有效"
        made = clock.local_day(datetime.fromisoformat(record["created_at"])).isoformat()
        return [*(shown[column.name] for column in self.layout.columns), unit_name, state, record.get("void_reason"), made]

    def _shown(self, cell: Cell, value: Any, names: Mapping[UUID, str]) -> Any:
        if value is None:
            return None
        told = value if isinstance(value, list) else [value]
        if cell.refers:
            return "；".join(names.get(UUID(each), each) for each in told)
        return "；".join(str(cell.show(each)) for each in told) if isinstance(value, list) else cell.show(value)


def sheet_of(kind: Kind) -> Sheet:
    """The sheet of a kind."""
    schema = kind.facts.model_json_schema()
    defined: SCHEMA = schema.get("$defs", {})
    facts = {name: _cell(kind, name, _plain(part, defined), defined) for name, part in schema["properties"].items()}
    needed = [name for name, info in kind.facts.model_fields.items() if info.is_required()]
    few = {name for name, cell in facts.items() if cell.read is cells.day or not cell.refers}
    columns = [
        Column(UNIT, ("单位代码", "执法单位代码", "unit code"), cells.code(), "350111102", few=True),
        *(Column(name, (cell.heading, name), cell.read, _example(kind, cell), few=name in few) for name, cell in facts.items()),
        Column(SYSTEM, ("外部系统", "external system"), cells.code(), few=True),
        Column(EXTERNAL, ("外部编号", "external id"), cells.code()),
        Column(RECORD, ("记录编号", "record id"), _record_id),
    ]
    return Sheet(Layout(columns, needs=[[UNIT], *([name] for name in needed)]), facts)


def heading_of(kind: Kind, name: str) -> str:
    """The heading of a fact: its description up to the first stop; behind it, how money and what is referred to are told."""
    said = re.split("[，：；。]", kind.facts.model_fields[name].description or name)[0]
    if name.endswith("_fen"):
        return f"{said.removesuffix('（分）')}（元）"
    if name in kind.lookups:
        return f"{said}（{kind.lookups[name].heading}）"
    return f"{said}（单位代码）" if _names_units(name) else said


def _names_units(name: str) -> bool:
    return name.endswith(("_unit_id", "_unit_ids"))


def _plain(part: SCHEMA, defined: SCHEMA) -> SCHEMA:
    """The schema of a fact that is given: without `null`, what it refers to in its place."""
    given = next((each for each in part.get("anyOf", []) if each.get("type") != "null"), part)
    wrapped = given.get("allOf", [given])[0]
    found: SCHEMA = defined[wrapped["$ref"].rpartition("/")[2]] if "$ref" in wrapped else wrapped
    return found


def _cell(kind: Kind, name: str, schema: SCHEMA, defined: SCHEMA) -> Cell:
    heading = heading_of(kind, name)
    many = schema.get("type") == "array"
    one = _plain(schema["items"], defined) if many else schema
    if name in kind.lookups or _names_units(name):
        read = cells.line(100)
        return Cell(name, heading, cells.listed(read, schema.get("maxItems", 100)) if many else read, str, True, many)
    read, show = _reading(name, one)
    return Cell(name, heading, cells.listed(read, schema.get("maxItems", 100)) if many else read, show, False, many)


def _reading(name: str, schema: SCHEMA) -> tuple[cells.Read, Callable[[Any], Any]]:
    if "enum" in schema:
        told = dict(zip(schema["enum"], schema.get("x-enum-descriptions", schema["enum"]), strict=True))
        words = {code: code for code in told} | {word: code for code, word in told.items()}
        return cells.choice(words), told.__getitem__
    if name.endswith("_fen"):
        return cells.fen, lambda value: value / 100 if value % 100 else value // 100
    if schema.get("format") == "date":
        return _day, str
    return READINGS.get(schema.get("type", ""), READINGS["string"])


def _day(text: str) -> str:
    return cells.day(text).isoformat()


def _flag(text: str) -> bool:
    return bool(cells.choice(FLAGS)(text) == TRUE)


def whole(text: str) -> int:
    """A whole number, with what is counted behind it or without: 12, 1,200, 3件, 2025年."""
    found = cells.plain(text).replace(",", "").rstrip(COUNTED)
    if not (found.isascii() and found.isdigit()):
        raise cells.NotSo("wrong_format")
    if len(found) > MOST_DIGITS:
        raise cells.NotSo("too_great")
    return int(found)


def _points(text: str) -> int | float:
    whole_part, rest = divmod(cells.hundredths(cells.plain(text).removesuffix("分")), 100)
    return whole_part + rest / 100 if rest else whole_part


def _text(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise cells.NotSo("too_long", MOST_TEXT)
    return text


def _record_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise cells.NotSo("wrong_format") from None


READINGS: Final[Mapping[str, tuple[cells.Read, Callable[[Any], Any]]]] = {
    "boolean": (_flag, lambda value: TRUE if value else FALSE),
    "integer": (whole, lambda value: value),
    "number": (_points, lambda value: value),
    "string": (_text, str),
}


def _example(kind: Kind, cell: Cell) -> str:
    value = kind.example.get(cell.name)
    if value is None:
        return ""
    if cell.refers:
        return "350111102" if _names_units(cell.name) else ""
    told: Sequence[Any] = value if isinstance(value, list) else [value]
    return "；".join(str(cell.show(each)) for each in told)
