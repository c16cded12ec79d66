"""The stage of an import, slice by slice, and what is there already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from services.kit.imports import Run

# Sheets hold fewer rows than this number.
SLICE = 500
ROWS = "SELECT row_no, content FROM import_stage WHERE row_no > $1 ORDER BY row_no LIMIT $2"
GOOD = (
    "SELECT row_no, content FROM import_stage s WHERE row_no > $1"
    " AND NOT EXISTS (SELECT FROM import_faults f WHERE f.row_no = s.row_no) ORDER BY row_no LIMIT $2"
)
REFUSE = "INSERT INTO import_faults SELECT * FROM unnest($1::integer[], $2::text[], $3::integer[])"
TWICE = (
    "INSERT INTO import_faults SELECT row_no, 'import.repeated_in_file', 900 FROM"
    " (SELECT row_no, row_number() OVER (PARTITION BY said ORDER BY row_no) AS place FROM import_stage) s WHERE place > 1"
)
KNOWN = (
    "SELECT f.external_system, f.external_id FROM cases.case_files f"
    " JOIN unnest($2::text[], $3::text[]) AS k (system, id) ON f.external_system = k.system AND f.external_id = k.id"
    " WHERE f.district_id = $1"
)
TAKEN = "SELECT number FROM cases.case_numbers WHERE district_id = $1 AND number = ANY ($2)"


async def rows(run: Run, after: int, *, good: bool) -> Sequence[tuple[int, bytes]]:
    """The next rows behind a number; only those without a fault when they are to be written."""
    found: Any = await run.execute(GOOD if good else ROWS, after, SLICE)
    return [(row["row_no"], bytes(row["content"])) for row in found]


async def refuse(run: Run, reasons: Sequence[tuple[int, str]]) -> None:
    """Puts reasons to their rows."""
    places = list(range(len(reasons)))
    await run.execute(REFUSE, [row for row, _ in reasons], [reason for _, reason in reasons], places)


async def refuse_repeated_in_file(run: Run) -> None:
    """Rows that say the same as one above them."""
    await run.execute(TWICE)


async def known(run: Run, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these outside ids are files of the district already."""
    found = await run.execute(KNOWN, run.who.district_id, [system for system, _ in keys], [each for _, each in keys])
    return {(row[0], row[1]) for row in found}


async def taken(run: Run, numbers: Collection[str]) -> set[str]:
    """Which of these case numbers the district has given or taken in."""
    return {row[0] for row in await run.execute(TAKEN, run.who.district_id, list(numbers))}


def district_of(run: Run) -> UUID | None:
    """Where the import's files belong."""
    return run.who.district_id
