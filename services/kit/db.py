"""Engines, sessions and the one transaction per request. The only place that commits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import asyncpg
from sqlalchemy import CursorResult, Executable, TextClause, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from services.kit import deadlines
from services.kit.settings import Settings

Session = AsyncSession

NAMING: Mapping[str, str] = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# A full pool or an unreachable server must answer within the request's deadline.
CONNECT_SECONDS = 2.0
POOL_SECONDS = 2.0
SERVER_SETTINGS = {"statement_timeout": "20s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "30s", "jit": "off"}
# For what `services.kit.alike` gathered.
RECORD_ALIKE = (
    "SELECT kit.record_alike($1::text::jsonb, $2::text::jsonb, $3::uuid[], $4::uuid[], $5::uuid[], $7::text[]::jsonb[],"
    " $6::integer[], $8::text[]::jsonb[], $9::uuid[], $10::uuid[])"
)
# Where a session notes the driver's connection of its transaction.
DRIVER = "driver"
RECORD = "SELECT kit.record($1::text::jsonb, $2::text::jsonb)"
# One round trip for all that a request leaves behind beside its change.
RECORD_AND_KEEP = (
    "WITH kept AS (INSERT INTO kit.idempotency_keys (subject, route, key, request_hash, status, headers, body, created_at)"
    " VALUES ($3, $4, $5, $6, $7, $8::text::jsonb, $9, $10) RETURNING 1)"
    " SELECT kit.record($1::text::jsonb, $2::text::jsonb) FROM kept"
)


def connect_arguments(url: str, role: str | None) -> dict[str, Any]:
    """Arguments of `asyncpg.connect` for a `postgresql://` address; a Unix socket stands as `?host=`."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    settings = dict(SERVER_SETTINGS) | ({"role": role} if role else {})
    return {
        "host": query.get("host") or parts.hostname or "127.0.0.1",
        "port": int(query.get("port") or parts.port or 5432),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.lstrip("/"),
        "server_settings": settings,
        "timeout": CONNECT_SECONDS,
    }


class Reader:
    """Reads outside a transaction: each statement sees the latest commit. Connections are taken when first needed.

    `execute` takes statements of SQLAlchemy; `fetch` hands SQL text to the driver at a third of the cost.
    """

    def __init__(self, database: Database, stack: AsyncExitStack) -> None:
        self._database = database
        self._stack = stack
        self._connection: AsyncConnection | None = None

    async def execute(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Runs one statement, in autocommit."""
        if self._connection is None:
            self._connection = await self._stack.enter_async_context(self._database.reader.connect())
        return await self._connection.execute(statement, parameters)

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
        """Runs one text with `$1` placeholders."""
        pool = await self._database.hot_pool()
        async with pool.acquire(timeout=POOL_SECONDS) as driver:
            with deadlines.holding(driver):
                found: list[asyncpg.Record] = await driver.fetch(sql, *arguments)
                return found


class Watched(OrmSession):
    """A session that knows whether it wrote anything: `info["wrote"]`. Functions called by a SELECT are taken for reading."""


@event.listens_for(Watched, "after_flush")
def _note_flush(session: OrmSession, _: Any) -> None:
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        session.info["wrote"] = True


@event.listens_for(Watched, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if isinstance(state.statement, TextClause):
        _note_text(state.session, state.statement.text)
    elif not state.is_select:
        state.session.info["wrote"] = True


def _note_text(session: OrmSession, sql: str) -> None:
    if sql.lstrip()[:6].upper() != "SELECT":
        session.info["wrote"] = True


class Database:
    """The pools of one process: one for writes, one in autocommit for reads, one of the bare driver for hot reads."""

    def __init__(self, settings: Settings) -> None:
        if settings.database_url is None:
            raise RuntimeError("ZHIFA_DATABASE_URL is not set")
        self.url = settings.database_url
        self.arguments = connect_arguments(settings.database_url, settings.database_role)
        if settings.database_password_file is not None:
            self.arguments["password"] = settings.database_password_file.read_text(encoding="ascii").strip()
        self.size = settings.pool_size
        self.hot: asyncpg.Pool | None = None
        self.opening = asyncio.Lock()
        self.writer = self._engine(settings.pool_size)
        self.reader = self._engine(settings.pool_size, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)

    def _engine(self, size: int, **options: Any) -> AsyncEngine:
        engine = create_async_engine(
            "postgresql+asyncpg://",
            connect_args=self.arguments,
            pool_size=size,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            pool_recycle=1800,
            **options,
        )
        event.listen(engine.sync_engine, "checkout", _on_checkout)
        return engine

    async def hot_pool(self) -> asyncpg.Pool:
        """The bare driver's pool, opened with the first use."""
        if self.hot is None:
            async with self.opening:
                if self.hot is None:
                    # Nothing is set on these connections, so nothing needs to be reset when one comes back.
                    self.hot = await asyncpg.create_pool(**self.arguments, min_size=0, max_size=self.size, reset=_keep_as_is)
        return self.hot

    async def close(self) -> None:
        """Closes all pools."""
        if self.hot is not None:
            self.hot.terminate()
        await self.writer.dispose()
        await self.reader.dispose()

    async def ping(self) -> None:
        """One round trip, for readiness; raises when the database cannot be reached."""
        async with self.reader.connect() as connection:
            await connection.execute(text("SELECT 1"))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """A reader in autocommit."""
        async with AsyncExitStack() as stack:
            yield Reader(self, stack)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A session in one transaction that the caller of this method ends; nothing is committed by leaving it."""
        async with AsyncSession(self.writer, sync_session_class=Watched, expire_on_commit=False, autoflush=True) as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """A session committed on leaving and rolled back on an error; for jobs and processes, not for requests."""
        async with self.session() as session:
            yield session
            await finish(session)


def _on_checkout(connection: Any, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
    driver = connection.driver_connection
    # After a restart of the server each pooled connection is dead; asyncpg knows it without a round trip.
    if driver.is_closed():
        raise DisconnectionError
    deadlines.hold(driver)


async def _keep_as_is(driver: asyncpg.Connection) -> None:
    """Takes the place of the driver's reset, which would cost a round trip."""


async def fetch(connection: Reader | Session, sql: str, arguments: Sequence[Any]) -> list[asyncpg.Record]:
    """Runs one text with `$1` placeholders: outside a transaction, or within that of a session."""
    if isinstance(connection, Reader):
        return await connection.fetch(sql, arguments)
    await _flush(connection)
    _note_text(connection.sync_session, sql)
    driver = await _driver(connection)
    found: list[asyncpg.Record] = await driver.fetch(sql, *arguments)
    return found


async def copy_in(session: Session, table: str, columns: Sequence[str], lines: AsyncIterator[bytes]) -> None:
    """Sends lines of COPY's text format into a table, within the session's transaction."""
    await session.flush()
    driver = await _driver(session)
    await driver.copy_to_table(table, source=lines, columns=list(columns))


async def copy_rows(session: Session, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes many rows of a table at once, within the session's transaction; all name the same columns. The driver's errors."""
    if not rows:
        return
    await _flush(session)
    session.info["wrote"] = True
    driver = await _driver(session)
    columns = list(rows[0])
    records = [[row[name] for name in columns] for row in rows]
    await driver.copy_records_to_table(table.name, schema_name=table.schema, columns=columns, records=records)


async def _flush(session: Session) -> None:
    """Writes what waits in the session; asking first is cheaper than a flush of nothing."""
    if session.new or session.dirty or session.deleted:
        await session.flush()


async def _driver(session: Session) -> asyncpg.Connection:
    """The driver's connection of a session, inside the session's transaction; looked up once per transaction."""
    known: asyncpg.Connection | None = session.info.get(DRIVER)
    if known is not None:
        return known
    raw = await (await session.connection()).get_raw_connection()
    driver: asyncpg.Connection = raw.driver_connection
    if not driver.is_in_transaction():
        # SQLAlchemy begins with its first statement only; the driver alone would be in autocommit.
        await cast(Any, raw.dbapi_connection)._start_transaction()
    session.info[DRIVER] = driver
    return driver


class Kept(NamedTuple):
    """An answer to keep under its Idempotency-Key, in the order of the statement's places."""

    subject: UUID
    route: str
    key: str
    request_hash: bytes
    status: int
    headers: str
    body: bytes
    created_at: datetime


async def finish(session: Session, *, dry: bool = False, kept: Kept | None = None) -> None:
    """Flushes, writes audit rows, messages and the kept answer, and commits; a dry run checks all that and rolls back."""
    await _flush(session)
    for alike in session.info.get("alike", []):
        await fetch(session, RECORD_ALIKE, alike)
    events, messages = session.info.get("audit", []), session.info.get("outbox", [])
    if events or messages or kept:
        told = [_json(events), _json(messages)]
        await fetch(session, RECORD_AND_KEEP if kept else RECORD, [*told, *(kept or ())])
    if dry:
        await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.info.pop(DRIVER, None)
    await (session.rollback() if dry else session.commit())


# What a session keeps to tell at its end.
TOLD = ("audit", "outbox", "alike")


@asynccontextmanager
async def tried(session: Session) -> AsyncIterator[None]:
    """Work behind a savepoint that is undone at the end, after every deferred constraint was asked; for dry runs of jobs.

    What was told of it (audit rows, messages) is taken back as well.
    """
    told = {name: len(session.info.setdefault(name, [])) for name in TOLD}
    savepoint = await session.begin_nested()
    # SQLAlchemy sets it with its own first statement, and work by the driver alone would come before that.
    await session.connection()
    yield
    await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    await savepoint.rollback()
    for name, length in told.items():
        del session.info[name][length:]


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)


async def cancel_safely(task: asyncio.Task[Any]) -> None:
    """Ends a background task and waits for it."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
