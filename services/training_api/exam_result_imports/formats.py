"""A row of a list of results as a line for the stage."""

from __future__ import annotations

from collections.abc import Sequence

from services.kit import cells, imports
from services.kit.sheets import Record
from services.training_api.exam_result_imports import rules
from services.training_api.hour_imports.formats import indexes

# `occurred_on` is filled when the exam is known: of several entries of a person the one who served on that day is meant.
COLUMNS: Sequence[tuple[str, str]] = (
    ("certificate_number", "text"),
    ("id_indexes", "bytea[]"),
    ("officer_external_id", "text"),
    ("officer_external_system", "text"),
    ("name", "text"),
    ("points", "text"),
    ("occurred_on", "date"),
)
NUMBER = [column.name for column in rules.LAYOUT.columns].index("id_number")


def line(run: imports.Run, record: Record) -> Sequence[str]:
    """The cells for COPY. Of an identity number its blind indexes alone are staged."""
    record.copied[NUMBER] = indexes(run, record.values[NUMBER])
    return (*record.copied, cells.copied(None))
