"""A row of a sign-in sheet as a line for the stage."""

from __future__ import annotations

from collections.abc import Sequence

from services.kit import cells, imports
from services.kit.sheets import Record
from services.training_api.attendance_imports import rules
from services.training_api.hour_imports.formats import indexes

# `occurred_on` is filled when the class is known: the day on which its hours count, and people must be in service.
COLUMNS: Sequence[tuple[str, str]] = (
    ("certificate_number", "text"),
    ("id_indexes", "bytea[]"),
    ("officer_external_id", "text"),
    ("officer_external_system", "text"),
    ("name", "text"),
    ("present", "boolean"),
    ("missed_sessions", "integer[]"),
    ("missed_minutes", "integer"),
    ("occurred_on", "date"),
)
NAMES = [column.name for column in rules.LAYOUT.columns]
NUMBER, SESSIONS = NAMES.index("id_number"), NAMES.index("missed_sessions")


def line(run: imports.Run, record: Record) -> Sequence[str]:
    """The cells for COPY. Of an identity number its blind indexes alone are staged."""
    copied = record.copied
    copied[NUMBER] = indexes(run, record.values[NUMBER])
    if (places := record.values[SESSIONS]) is not None:
        copied[SESSIONS] = "{" + ",".join(map(str, places)) + "}"
    return (*copied, cells.copied(None))
