"""A row of the file as a line for the stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from services.kit import cells, imports
from services.kit.sheets import Record
from services.training_api.hour_imports import rules
from services.training_api.hour_postings.rules import course_key
from services.training_api.officers.actions import SEALED_FOR

COLUMNS: Sequence[tuple[str, str]] = (
    ("certificate_number", "text"),
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
    ("course", "text"),
    ("note", "text"),
    ("external_system", "text"),
    ("external_id", "text"),
    ("course_key", "text"),
)
MOST_REMEMBERED = 50_000
NAMES = [column.name for column in rules.LAYOUT.columns]
NUMBER, DAY, COURSE = (NAMES.index(name) for name in ("id_number", "occurred_on", "course"))
TIMES = (NAMES.index("starts_at"), NAMES.index("ends_at"))
NOTHING = cells.copied(None)


def line(run: imports.Run, record: Record) -> Sequence[str]:
    """The cells for COPY. Of an identity number its blind indexes alone are staged; a time of day falls on the row's day."""
    copied = record.copied
    copied[NUMBER] = indexes(run, record.values[NUMBER])
    for place in TIMES:
        if record.values[place] is not None:
            copied[place] = _moment(record.values[place], record.values[DAY])
    course = record.values[COURSE]
    return (*copied, NOTHING if course is None else cells.copied(course_key(course)))


def indexes(run: imports.Run, numbers: tuple[str, ...] | None) -> str:
    """The blind indexes an identity number may stand under, as an array for COPY."""
    if numbers is None:
        return NOTHING
    if (found := run.memory.get(numbers)) is None:
        if len(run.memory) >= MOST_REMEMBERED:
            run.memory.clear()
        indexes = [index for number in numbers for index in run.vault.indexes(number, SEALED_FOR)]
        # Escaped twice: once for the array, once for COPY.
        found = run.memory[numbers] = "{" + ",".join(f'"\\\\\\\\x{index.hex()}"' for index in indexes) + "}"
    return found


def _moment(told: time | datetime | None, day: date | None) -> str:
    """A time of day falls on the day of the row; times are Chinese."""
    if told is None or (day is None and isinstance(told, time)):
        return NOTHING
    return f"{told}+08" if isinstance(told, datetime) else f"{day} {told}+08"
