"""The stage of an import of officers, slice by slice, and who stands there already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.kit.imports import Run
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

SLICE: Final = 500
ROWS: Final = (
    "SELECT s.row_no, s.reasons, s.content, EXISTS (SELECT FROM import_faults f WHERE f.row_no = s.row_no) AS refused"
    " FROM import_stage s WHERE s.row_no > $1 ORDER BY s.row_no LIMIT $2"
)
GOOD: Final = (
    "SELECT s.row_no, s.reasons, s.content, false AS refused FROM import_stage s WHERE s.row_no > $1"
    " AND NOT EXISTS (SELECT FROM import_faults f WHERE f.row_no = s.row_no) ORDER BY s.row_no LIMIT $2"
)
REFUSE: Final = "INSERT INTO import_faults SELECT * FROM unnest($1::integer[], $2::text[], $3::integer[])"
# Reasons of the row as an entry stand behind those of its cells.
PLACE: Final = 100
TWICE: Final = (
    "INSERT INTO import_faults SELECT row_no, 'import.repeated_in_file', 900 FROM"
    " (SELECT row_no, row_number() OVER (PARTITION BY said ORDER BY row_no) AS place FROM import_stage) s WHERE place > 1"
)


class Staged(NamedTuple):
    """A row of the stage: its number, what is wrong with its cells, its sealed content, and whether it is refused already."""

    number: int
    reasons: list[str]
    content: bytes
    refused: bool


async def index(run: Run) -> None:
    """Makes the stage quick to walk through."""
    await run.execute("CREATE UNIQUE INDEX ON import_stage (row_no)")
    await run.execute("CREATE INDEX ON import_faults (row_no)")


async def rows(run: Run, after: int, *, good: bool) -> list[Staged]:
    """The next rows behind a number; only those without a fault when they are to be written."""
    found: Any = await run.execute(GOOD if good else ROWS, after, SLICE)
    return [Staged(row["row_no"], row["reasons"], bytes(row["content"]), row["refused"]) for row in found]


async def refuse(run: Run, reasons: Sequence[tuple[int, str]]) -> None:
    """Puts reasons to their rows."""
    numbers, told = [row for row, _ in reasons], [reason for _, reason in reasons]
    await run.execute(REFUSE, numbers, told, list(range(PLACE, PLACE + len(reasons))))


async def refuse_repeated_in_file(run: Run) -> None:
    """Rows that say the same as one above them."""
    await run.execute(TWICE)


async def seen(run: Run, officer_ids: Collection[UUID]) -> dict[UUID, Officer]:
    """Those of these officers that the sender sees."""
    if not officer_ids:
        return {}
    statement = select(Officer).where(Officer.id.in_(officer_ids), officers.visible_to(run.who))
    return {officer.id: officer for officer in (await run.session.execute(statement)).scalars()}
