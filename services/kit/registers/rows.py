"""A row of a sheet of records: its cells, what it comes to, and its faults as reasons of an import. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from services.kit import fields
from services.kit.errors import Fault
from services.kit.references import Unit
from services.kit.registers.columns import EXTERNAL, RECORD, SYSTEM, UNIT
from services.kit.registers.tables import RecordColumns
from services.kit.sheets import Reason

PLATFORM: Final = "platform"
# The system of what has no id elsewhere: a digest of the row stands in.
OWN_SYSTEM: Final = "register-import"
# Stands where what a cell names is not there, so that the rest of the row is judged as well.
NOBODY: Final = UUID(int=0)
Key = tuple[str, str]


@dataclass(slots=True)
class Row:
    """A row: its cells as staged, the columns that could not be read, and what it comes to."""

    number: int
    cells: dict[str, Any]
    unread: frozenset[str]
    key: Key
    unit: Unit | None = None
    facts: fields.In | None = None
    known: RecordColumns | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def record_id(self) -> UUID | None:
        """The record the row says it is."""
        return UUID(self.cells[RECORD]) if RECORD in self.cells else None


def of(number: int, told: dict[str, Any], reasons: Sequence[str]) -> Row:
    """The row staged so; `reasons` are those of its cells."""
    return Row(number, told, frozenset(Reason.of(reason).column for reason in reasons), _key(told))


def _key(told: Mapping[str, Any]) -> Key:
    """By what the row is known again; what it says stands in where there is no id."""
    if EXTERNAL in told:
        return told.get(SYSTEM, PLATFORM), told[EXTERNAL]
    said = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return OWN_SYSTEM, hashlib.sha256(said.encode()).hexdigest()[:32]


def texts(value: Any) -> list[str]:
    """What a cell names: nothing, one, or several."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def referred(text: str, known: Mapping[str, UUID]) -> UUID | None:
    """What a cell refers to: by its name, or by the very id, which the kind's `verify` looks at."""
    if (found := known.get(text)) is not None:
        return found
    try:
        return UUID(text)
    except ValueError:
        return None


def column_of(fault: Fault) -> str:
    """The column a fault is about."""
    return fault.pointer.removeprefix("/body").strip("/").partition("/")[0]


def reason(fault: Fault) -> str:
    """A fault as a reason of its row."""
    limit = (fault.params or {}).get("limit")
    column = column_of(fault)
    return str(Reason(fault.code, UNIT if column == "unit_id" else column, limit if column and limit not in (None, "") else None))
