"""Many rows at once: a file kept sealed, staged by COPY, checked by set statements, posted in one transaction.

A feature declares a `Work`. Its job reads the file in a child process, stages the rows, and lets the feature check them:
each check puts its reasons into `import_faults`, and rows without any are posted. All of it is one transaction, so an
import that is killed, cancelled or run again leaves all of it or nothing. A dry run takes the same way up to the end,
where what was posted is rolled back. What became of each row is kept, and the report is the file with two columns more.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy import text

from services.kit import audit, db, operations, sheet_gates, workbooks
from services.kit.db import Session
from services.kit.import_files import CHUNK, Source, opened, purpose
from services.kit.jobs import Task
from services.kit.operations import Operation
from services.kit.personal import Vault
from services.kit.principal import Principal
from services.kit.runtime import Runtime
from services.kit.sheets import Layout, Record, Sheet

# As many as a sheet of Excel holds.
MOST_ROWS: Final = 1_048_576
# Shares of the progress shown: reading ends at the first, checking at the second.
READ, CHECKED = 0.5, 0.7
TURN_SECONDS: Final = 0.5
NOTE_SECONDS: Final = 0.3

ADD = text(
    "INSERT INTO kit.imports (id, service, kind, created_by, district_id, unit_id, created_at, file_name, file_kind, size,"
    " sha256, dry_run) VALUES (:id, :service, :kind, :created_by, :district_id, :unit_id, :created_at, :file_name, :file_kind,"
    " :size, :sha256, :dry_run)"
)
KEEP = text("INSERT INTO kit.import_chunks (import_id, place, content) VALUES (:id, :place, :content)")
TAKE = text("SELECT * FROM kit.imports WHERE id = :id FOR UPDATE")
# A job may take longer than a request; it waits for locks no longer than others do.
PATIENT = ("SET LOCAL statement_timeout = '15min'", "SET LOCAL idle_in_transaction_session_timeout = 0")
STAGE = "CREATE TEMP TABLE import_stage (row_no integer NOT NULL, reasons text[] NOT NULL, {columns}) ON COMMIT DROP"
FAULTS = "CREATE TEMP TABLE import_faults (row_no integer NOT NULL, reason text NOT NULL, place integer NOT NULL) ON COMMIT DROP"
ROW_FAULTS = (
    "INSERT INTO import_faults SELECT s.row_no, r.reason, r.place FROM import_stage s"
    " CROSS JOIN LATERAL unnest(s.reasons) WITH ORDINALITY AS r (reason, place) WHERE s.reasons <> '{}'"
)
TURN = text("SELECT pg_try_advisory_xact_lock(350120, hashtext(:key))")
SETTLE = (
    "INSERT INTO kit.import_refusals (import_id, row_no, reasons)"
    " SELECT $1, row_no, array_agg(reason ORDER BY place, reason) FROM import_faults GROUP BY row_no"
)
FINISH = (
    "WITH told AS (SELECT reason, count(*) AS rows FROM import_faults GROUP BY reason), sums AS ("
    " SELECT (SELECT count(*) FROM import_stage) AS rows, (SELECT count(DISTINCT row_no) FROM import_faults) AS refused,"
    " (SELECT count(DISTINCT row_no) FROM import_faults WHERE reason = ANY ($4)) AS repeated,"
    " (SELECT coalesce(jsonb_object_agg(reason, rows), '{}') FROM told) AS reasons)"
    " UPDATE kit.imports SET rows = s.rows, refused = s.refused, accepted = s.rows - s.refused, repeated = s.repeated,"
    " reasons = s.reasons, unknown_columns = $2, finished_at = $3 FROM sums s WHERE id = $1"
    " RETURNING s.rows, s.refused, s.repeated"
)
FORGET = (
    "DELETE FROM kit.import_chunks c USING kit.imports i WHERE i.id = c.import_id AND i.created_at < $1",
    "DELETE FROM kit.import_refusals r USING kit.imports i WHERE i.id = r.import_id AND i.created_at < $1",
)

Act = Callable[["Run"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of import.

    `columns` are the stage's own, as SQL, in the order of what `line` answers for a row: its cells as COPY takes them.
    `repeats` are the codes that say a row was recorded before. `check` fills `import_faults`, `post` writes.
    """

    kind: str
    layout: Layout
    columns: Sequence[tuple[str, str]]
    line: Callable[[Run, Record], Sequence[str]]
    check: Act
    post: Act
    repeats: Sequence[str] = ()
    most: int = MOST_ROWS


@dataclass(slots=True)
class Run:
    """An import under way."""

    operation: Operation
    session: Session
    who: Principal
    now: datetime
    sheet: Sheet
    memory: dict[Any, str] = field(default_factory=dict)

    @property
    def reason(self) -> str | None:
        """`X-Change-Reason` of the request."""
        return audit.circumstances(self.session).reason

    @property
    def about(self) -> UUID:
        """What the rows belong to, where the import was started with it."""
        return UUID(self.operation.input["about"])

    @property
    def vault(self) -> Vault:
        """The keys of the service."""
        found: Vault = self.operation.runtime.extras["vault"]
        return found

    @property
    def id(self) -> UUID:
        """The operation's id, which is the import's."""
        return self.operation.id

    async def execute(self, sql: str, *arguments: Any) -> list[Any]:
        """One statement of the feature's."""
        return await db.fetch(self.session, sql, arguments)

    async def note(self, share: float, of: float = 1.0, after: float = 0.0) -> None:
        """Shows progress; raises Cancelled when the creator asked to stop."""
        await self.operation.note(round(after + (of - after) * min(share, 1.0), 3))


async def start(
    session: Session,
    who: Principal,
    vault: Vault,
    kind: str,
    file: BinaryIO,
    name: str,
    *,
    dry_run: bool,
    about: UUID | None = None,
) -> UUID:
    """Keeps the file and queues the work; the answer is `operations.accepted(id)`. `about` is what its rows belong to.

    Raises UnknownKind, Unsafe, Unreadable.
    """
    form = await asyncio.to_thread(sheet_gates.inspect, file)
    size, digest = await asyncio.to_thread(_measured, file)
    known = audit.circumstances(session)
    told = {"who": operations.told(who), "reason": known.reason} | ({"about": str(about)} if about is not None else {})
    import_id = await operations.start(session, who, kind, told)
    row = {
        "id": import_id, "service": known.service, "kind": kind, "created_by": who.account_id, "district_id": who.district_id,
        "unit_id": who.unit_id, "created_at": known.now, "file_name": name[-200:], "file_kind": form.told, "size": size,
        "sha256": digest, "dry_run": dry_run,
    }  # fmt: skip
    await session.execute(ADD, row)
    for place in range(-(-size // CHUNK)):
        content = await asyncio.to_thread(_sealed, vault, import_id, place, file)
        await session.execute(KEEP, {"id": import_id, "place": place, "content": content})
    facts = {"sha256": digest, "size": size, "dry_run": dry_run} | ({"about": about} if about is not None else {})
    audit.record(session, who, f"{kind}.started", kind, import_id, who.district_id, who.unit_id, after=facts)
    return import_id


def _measured(file: BinaryIO) -> tuple[int, str]:
    file.seek(0)
    digest = hashlib.sha256()
    size = 0
    while block := file.read(CHUNK):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def _sealed(vault: Vault, import_id: UUID, place: int, file: BinaryIO) -> bytes:
    file.seek(place * CHUNK)
    return vault.seal_bytes(file.read(CHUNK), purpose(import_id, place))


async def run(operation: Operation, work: Work) -> None:
    """Runs an import to its end. Run again after it has ended it does nothing. Raises Cancelled, Unreadable, NoHeadings."""
    runtime = operation.runtime
    async with runtime.database.transaction() as session:
        for setting in PATIENT:
            await session.execute(text(setting))
        row = (await session.execute(TAKE, {"id": operation.id})).mappings().one()
        if row["finished_at"] is not None:
            return
        who, now = operations.caller(operation.input["who"]), runtime.clock()
        reason = operation.input["reason"]
        session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", reason, who=who)
        this = Run(operation, session, who, now, Sheet(work.layout))
        await _stage(this, work, sheet_gates.Kind.of(row["file_kind"]), row["size"])
        await _take_turn(this)
        # What is posted was known from now on, not from when the reading began.
        this.now = runtime.clock()
        await work.check(this)
        await this.note(CHECKED)
        await _post(this, work, dry_run=row["dry_run"])
        await _finish(this, work, row)


def task(work: Work, path: str) -> Task:
    """The job of this kind; its result stands below the path."""

    async def perform(operation: Operation) -> str | None:
        await run(operation, work)
        return f"{path}/{operation.id}"

    return Task(work.kind, perform)


async def _stage(this: Run, work: Work, kind: sheet_gates.Kind, size: int) -> None:
    """Rows into the stage, with what is wrong in their own cells."""
    await this.execute(STAGE.format(columns=", ".join(f"{name} {form}" for name, form in work.columns)))
    await this.execute(FAULTS)
    names = ["row_no", "reasons", *(name for name, _ in work.columns)]
    async with opened(this.operation.runtime, this.id, kind, size) as source:
        await db.copy_in(this.session, "import_stage", names, _lines(this, work, source, kind))
    this.sheet.end()
    await this.note(READ)
    await this.execute(ROW_FAULTS)
    await this.execute("ANALYZE import_stage (row_no)")


async def _lines(this: Run, work: Work, source: Source, kind: sheet_gates.Kind) -> AsyncIterator[bytes]:
    count = 0
    loop = asyncio.get_running_loop()
    told = loop.time()
    async with aclosing(workbooks.rows(source.content, kind, work.most)) as batches:
        async for batch in batches:
            yield await asyncio.to_thread(_copied, this, work, batch)
            count += len(batch)
            if loop.time() - told > NOTE_SECONDS:
                told = loop.time()
                # A workbook is taken in at once; how far its rows have come is told by their number.
                place = source.given if kind.form == "csv" else count * 40
                await this.note(place / max(source.size, 1), of=READ)


def _copied(this: Run, work: Work, batch: list[workbooks.Row]) -> bytes:
    """Rows as lines of COPY's text format."""
    lines = []
    for record in this.sheet.records(batch):
        kept = "{" + ",".join(map(str, record.reasons)) + "}" if record.reasons else "{}"
        lines.append("\t".join((str(record.number), kept, *work.line(this, record))))
    return ("\n".join(lines) + "\n").encode() if lines else b""


async def _take_turn(this: Run) -> None:
    """Imports of a kind for a district are settled one after another; who waits can be cancelled."""
    key = f"{this.operation.kind} {this.who.district_id}"
    while not (await this.session.execute(TURN, {"key": key})).scalar_one():
        await this.note(READ)
        await asyncio.sleep(TURN_SECONDS)


async def _post(this: Run, work: Work, *, dry_run: bool) -> None:
    if not dry_run:
        await work.post(this)
        return
    async with db.tried(this.session):
        await work.post(this)


async def _finish(this: Run, work: Work, row: Any) -> None:
    await this.note(0.99)
    await this.execute(SETTLE, this.id)
    unknown = [heading[:100] for heading in this.sheet.unknown[:50]]
    sums = (await this.execute(FINISH, this.id, unknown, this.now, list(work.repeats)))[0]
    facts = {"rows": sums["rows"], "refused": sums["refused"], "repeated": sums["repeated"], "dry_run": row["dry_run"]}
    place = (row["district_id"], row["unit_id"])
    audit.record(this.session, this.who, f"{work.kind}.finished", work.kind, this.id, *place, after=facts)


async def forget(runtime: Runtime) -> None:
    """Drops files and refusals of imports that are older than their days; the sums stay."""
    until = runtime.clock() - timedelta(days=runtime.settings.import_days)
    async with runtime.database.reading() as read:
        for statement in FORGET:
            await read.fetch(statement, [until])
