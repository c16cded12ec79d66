"""A row of the file as a line for the stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from services.kit import imports
from services.training_api.officers.actions import SEALED_FOR

COLUMNS: Sequence[tuple[str, str]] = (
    ("id_indexes", "bytea[]"),
    ("officer_external_id", "text"),
    ("officer_external_system", "text"),
    ("name", "text"),
    ("category", "text"),
    ("hundredths", "integer"),
    ("occurred_on", "date"),
    ("source", "text"),
    ("starts_at", "timestamptz"),
    ("ends_at", "timestamptz"),
    ("note", "text"),
    ("external_system", "text"),
    ("external_id", "text"),
)
MOST_REMEMBERED = 50_000


def line(run: imports.Run, values: Sequence[Any]) -> Sequence[str]:
    """The cells for COPY. Of an identity number its blind indexes alone are staged."""
    numbers, person, system, name, category, hours, day, source, start, end, note, origin, external = values
    made = [_indexes(run, numbers), *map(imports.copied, (person, system, name, category, hours, day, source))]
    return [*made, _moment(start, day), _moment(end, day), *map(imports.copied, (note, origin, external))]


def _indexes(run: imports.Run, numbers: Sequence[str] | None) -> str:
    if numbers is None:
        return imports.copied(None)
    key = tuple(numbers)
    if (found := run.memory.get(key)) is None:
        if len(run.memory) >= MOST_REMEMBERED:
            run.memory.clear()
        indexes = [index for number in numbers for index in run.vault.indexes(number, SEALED_FOR)]
        # Escaped twice: once for the array, once for COPY.
        found = run.memory[key] = "{" + ",".join(f'"\\\\\\\\x{index.hex()}"' for index in indexes) + "}"
    return found


def _moment(told: time | datetime | None, day: date | None) -> str:
    """A time of day falls on the day of the row; times are Chinese."""
    if told is None or (day is None and isinstance(told, time)):
        return imports.copied(None)
    return f"{told}+08" if isinstance(told, datetime) else f"{day} {told}+08"
