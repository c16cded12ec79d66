"""The checks and the posting of an import, each one statement over all its rows.

Temporary tables of the job's transaction: `import_stage` (rows as read), `import_faults` (why not; both the kit's),
`import_reach` (officers the caller may enter hours for), `import_found` (who each row may mean), `import_match` (who it
means), `import_clean` (rows without a fault of their own, as they would be posted).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, MetaData, Table, Text, Uuid, delete, insert, select

from services.kit.imports import Run
from services.training_api.hour_entries.rules import Claim, Source
from services.training_api.hour_imports.queries import ledger, rows
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

TEMPORARY = MetaData()
reach = Table(
    "import_reach",
    TEMPORARY,
    Column("officer_id", Uuid),
    Column("id_index", LargeBinary),
    Column("external_system", Text),
    Column("external_id", Text),
    Column("name", Text),
)
found = Table("import_found", TEMPORARY, Column("officer_id", Uuid))


async def look_up(run: Run) -> None:
    """Finds out whom each row means, and locks them all against other writers. What is unseen is not found."""
    await run.execute(rows.REACH)
    mine = (Officer.id, Officer.id_index, Officer.external_system, Officer.external_id, Officer.name)
    visible = select(*mine).where(officers.visible_to(run.who))
    await run.session.execute(insert(reach).from_select([column.name for column in reach.c], visible))
    await run.execute("ANALYZE import_reach")
    await run.execute(rows.FOUND)
    await run.execute("ANALYZE import_found")
    await run.execute(rows.LOCK)
    # Who was moved out of sight before the lock was had is out of sight.
    still = select(Officer.id).where(officers.visible_to(run.who))
    await run.session.execute(delete(found).where(found.c.officer_id.not_in(still)))
    await run.execute(rows.UNKNOWN)
    await run.execute(rows.MATCH)
    await run.execute("ANALYZE import_match")


async def find_people(run: Run, among: ColumnElement[bool], on: date) -> None:
    """For sheets of one day: finds whom each row means among some officers, with the faults of that."""
    await run.execute(rows.REACH)
    mine = (Officer.id, Officer.id_index, Officer.external_system, Officer.external_id, Officer.name)
    await run.session.execute(insert(reach).from_select([column.name for column in reach.c], select(*mine).where(among)))
    await run.execute("ANALYZE import_reach")
    await run.execute(rows.ON_DAY, on)
    for statement in (rows.FOUND, rows.UNKNOWN, rows.MATCH, *rows.PEOPLE[:2]):
        await run.execute(statement)
    if officers.sees_names(run.who):
        await run.execute(rows.NAMES)


async def refuse_repeats(run: Run) -> None:
    """Of several rows of a person the first without a fault counts; those behind it repeat it, whatever is wrong with them."""
    await run.execute(rows.REPEATED)


async def days(run: Run) -> list[date]:
    """The days that rows claim."""
    return [row["occurred_on"] for row in await run.execute(rows.DAYS)]


async def use_settings(run: Run, settings: Sequence[tuple[date, str, UUID, bool, bool, int | None]]) -> None:
    """What holds on each day for each source: rule, whether hours wait, whether the year is closed, cap in hundredths."""
    await run.execute(rows.SETTINGS)
    await run.execute(rows.FILL_SETTINGS, *(list(column) for column in (zip(*settings, strict=True) if settings else [()] * 6)))
    await run.execute("ANALYZE import_settings")


async def check_rows(run: Run, today: date, platform: str) -> None:
    """What is wrong with each row by itself, and then which rows are there already."""
    for statement in rows.PEOPLE:
        await run.execute(statement)
    if officers.sees_names(run.who):
        await run.execute(rows.NAMES)
    await run.execute(rows.FUTURE, today)
    await run.execute(rows.LATE, run.reason)
    for statement in (rows.AMOUNTS, rows.TIMES, rows.COURSES):
        await run.execute(statement)
    await run.execute("ANALYZE import_faults")
    await run.execute(rows.CLEAN, run.now, platform)
    await run.execute("ANALYZE import_clean")


async def check_repeats(run: Run, district_id: UUID) -> None:
    """Rows that stand twice in the file, or in the ledger already."""
    await run.execute(ledger.WITHIN)
    await run.execute(ledger.RECORDED, district_id)


async def find_doubtful(run: Run) -> None:
    """Finds the officers whose days or times leave room for doubt."""
    await run.execute(ledger.STANDING)
    await run.execute("ANALYZE import_standing")
    await run.execute(ledger.DOUBTFUL)


async def doubtful(run: Run, after: UUID | None) -> list[UUID]:
    """The next of them."""
    return [row["officer_id"] for row in await run.execute(ledger.SOME_DOUBTFUL, after)]


async def claims(run: Run, officer_ids: Sequence[UUID]) -> list[tuple[int, UUID, Claim]]:
    """Rows of these officers that would count, in the order of the file: number, officer, claim."""
    found_rows = await run.execute(ledger.THEIR_ROWS, list(officer_ids))
    return [(row["row_no"], row["officer_id"], _claim(row)) for row in found_rows]


def _claim(row: Any) -> Claim:
    when = (row["occurred_on"], 1, row["starts_at"], row["ends_at"])
    return Claim(row["hundredths"], *when, Source(row["source"]), row["course"])


async def refuse(run: Run, refusals: Sequence[tuple[int, str]]) -> None:
    """Refuses rows for these reasons."""
    numbers, reasons = [number for number, _ in refusals], [reason for _, reason in refusals]
    await run.execute(ledger.REFUSE, numbers, reasons, [132] * len(numbers))


async def span(run: Run) -> tuple[int, int] | None:
    """The first and the last row that might be posted."""
    row = (await run.execute(ledger.SLICES))[0]
    return None if row["first"] is None else (row["first"], row["last"])


async def post(run: Run, first: int, last: int) -> None:
    """Posts the rows between these numbers that have no fault."""
    now: datetime = run.now
    await run.execute(ledger.POST, first, last, run.who.account_id, now, run.reason)


async def record(run: Run, first: int, last: int, event: str, message: str) -> None:
    """Writes the audit row and the message of each entry posted between these numbers."""
    await run.execute(ledger.RECORD, first, last, event, message, run.id)


async def refuse_overtaken(run: Run) -> None:
    """Refuses rows whose external id came in by another way while they were posted."""
    await run.execute(ledger.OVERTAKEN)
