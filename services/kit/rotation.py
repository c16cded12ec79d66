"""Sealing everything anew when keys of personal data or secrets change: in batches, beside the writers, from where it stopped.

A service names its tables with sealed columns. A step behind the writers takes up a changed secret file, and seals rows
anew whose values begin with the name of another key than the active one. Nothing remembers how far it came: the values
say so themselves. When none is left, and long enough after the change for every process to have taken it up, the step
writes down how many values rest under which key, so that an operator knows when an old key can go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.kit import audit, db, file_rotation, logs, relay
from services.kit.db import Session
from services.kit.personal import UnreadablePersonalData, Vault
from services.kit.runtime import Runtime

log = logs.logger(__name__)

EVERY_SECONDS = 2.0
BATCH = 200
# A step may take ten seconds; what is left over is done by the next.
MOST_SECONDS = 5.0
COUNT_AGAIN = timedelta(hours=1)
FIRST = UUID(int=0)

FORGET = text("DELETE FROM kit.personal_key_use WHERE service = :service")
COUNT = """
    INSERT INTO kit.personal_key_use (service, place, key, amount)
    SELECT :service, '{table}.{name}', convert_from(substring({name} FROM 1 FOR position('\\x3a'::bytea IN {name}) - 1), 'UTF8'),
           count(*)
    FROM {table} WHERE {name} IS NOT NULL GROUP BY 3
"""
SEEN = text(
    "INSERT INTO kit.personal_keys_seen (service, mark, seen_at) VALUES (:service, :mark, :now)"
    " ON CONFLICT (service) DO UPDATE SET mark = excluded.mark, seen_at = excluded.seen_at"
)

Opened = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with sealed columns. `index` names the column of a blind index and says what is indexed for which purpose,
    told the opened columns and the `plain` ones; `signs` names a column of whole numbers made with the key of the index,
    and makes them. The key of the table is a uuid. `subject` is what the audit trail calls the values."""

    name: str
    sealed: Mapping[str, str]
    index: tuple[str, Callable[[Opened], tuple[str, str]]] | None = None
    plain: Sequence[str] = ()
    key: str = "id"
    signs: tuple[str, Callable[[Vault, Opened], Sequence[int]]] | None = None
    subject: str = "personal_data"

    @property
    def columns(self) -> tuple[str, ...]:
        """All that is read of a row: the key, the sealed columns, the plain ones."""
        return (self.key, *self.sealed, *self.plain)

    @property
    def written(self) -> tuple[str, ...]:
        """All that is written of a row beside its key."""
        return (*self.sealed, *([self.index[0]] if self.index else []))

    def stale(self, vault: Vault) -> tuple[str, dict[str, bytes]]:
        """Predicate and values: some column begins with another key's name than the active one."""
        seal, index = vault.keys.seals.active.prefix, vault.keys.indexes.active.prefix
        parts = [f"({name} IS NOT NULL AND substring({name} FROM 1 FOR {len(seal)}) <> :seal)" for name in self.sealed]
        values = {"seal": seal}
        if self.index is not None:
            parts.append(f"substring({self.index[0]} FROM 1 FOR {len(index)}) <> :index")
            values["index"] = index
        return " OR ".join(parts), values


class Batch(NamedTuple):
    """How many stale rows a batch met, and how many of them it sealed anew."""

    seen: int
    sealed: int


@dataclass(slots=True)
class Progress:
    """How far this process has come with the keys it knows; lost with the process, and no harm done."""

    mark: str = ""
    since: datetime | None = None
    counted_at: datetime | None = None
    after: dict[str, UUID] = field(default_factory=dict)
    # None for a service without any.
    files: file_rotation.Place | None = file_rotation.FIRST


def step(tables: Sequence[Table], *, vault_name: str = "vault", files: bool = True) -> relay.Step:
    """The step of a service: its tables, and the files of its imports, if it has any, under the keys of this vault."""
    progress = Progress()

    async def keep_current(runtime: Runtime) -> None:
        vault: Vault = runtime.extras[vault_name]
        vault.refresh()
        now = runtime.clock()
        if progress.mark != vault.keys.mark:
            progress.mark, progress.since, progress.counted_at = vault.keys.mark, now, None
            progress.after.clear()
            progress.files = file_rotation.FIRST if files else None
        if progress.counted_at is not None and now - progress.counted_at < COUNT_AGAIN:
            return
        settle = timedelta(seconds=runtime.settings.personal_settle_seconds)
        settled = progress.since is not None and now - progress.since >= settle
        if await _all_current(runtime, vault, tables, progress) and settled:
            await _report(runtime, vault, tables, files=files)
            progress.counted_at = now

    return keep_current


async def _all_current(runtime: Runtime, vault: Vault, tables: Sequence[Table], progress: Progress) -> bool:
    """Seals anew what is stale, for a while; True when a whole pass found nothing."""
    began, found = asyncio.get_running_loop().time(), 0
    for table in tables:
        while (batch := await reseal(runtime, vault, table, progress.after)).seen > 0:
            found += batch.sealed
            if asyncio.get_running_loop().time() - began > MOST_SECONDS:
                return False
        progress.after.pop(table.name, None)
    place = progress.files
    while place is not None:
        sealed, place = await file_rotation.reseal(runtime, vault, place)
        progress.files, found = place or file_rotation.FIRST, found + sealed
        if asyncio.get_running_loop().time() - began > MOST_SECONDS:
            return False
    return found == 0


async def reseal(runtime: Runtime, vault: Vault, table: Table, after: dict[str, UUID]) -> Batch:
    """One batch in a transaction of its own: seals its rows with the active keys.

    Rows that a writer holds are passed over; the next pass finds them. What cannot be opened is told in the log and left
    as it is: one bent value must not keep all others under an old key.
    """
    async with runtime.database.session() as session:
        stale = await _stale_rows(session, vault, table, after.get(table.name, FIRST))
        rows = [anew for row in stale if (anew := _anew(vault, table, row)) is not None]
        if rows:
            await _write(session, table, rows)
            session.info["circumstances"] = audit.Circumstances(runtime.service, runtime.clock(), "")
            keys = {"seal": vault.keys.seals.active.name, "index": vault.keys.indexes.active.name}
            told = {"table": table.name, "rows": len(rows)} | keys
            audit.record(session, None, f"{table.subject}.sealed_anew", table.subject, None, after=told)
            await db.finish(session)
        if stale:
            after[table.name] = stale[-1][table.key]
    return Batch(len(stale), len(rows))


async def _stale_rows(session: Session, vault: Vault, table: Table, after: UUID) -> list[Opened]:
    stale, values = table.stale(vault)
    statement = text(
        f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {table.key} > :after AND ({stale})"  # noqa: S608  # names from code
        f" ORDER BY {table.key} LIMIT {BATCH} FOR NO KEY UPDATE SKIP LOCKED"
    )
    return [dict(row) for row in (await session.execute(statement, values | {"after": after})).mappings()]


def _anew(vault: Vault, table: Table, row: Opened) -> dict[str, Any] | None:
    try:
        opened = {name: None if row[name] is None else vault.open(row[name], purpose) for name, purpose in table.sealed.items()}
    except UnreadablePersonalData:
        log.error("personal_data.unreadable", table=table.name, id=str(row[table.key]))
        return None
    anew: dict[str, Any] = {table.key: row[table.key]}
    for name, purpose in table.sealed.items():
        clear = opened[name]
        anew[name] = None if clear is None else vault.seal(clear, purpose)
    if table.index is not None:
        column, indexed = table.index
        anew[column] = vault.index(*indexed({**row, **opened}))
    if table.signs is not None:
        column, make = table.signs
        # As text: a list of lists would be flattened on its way into the statement.
        anew[column] = "{" + ",".join(map(str, make(vault, {**row, **opened}))) + "}"
    return anew


async def _write(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """One statement for the batch. The row's version stays: what it says to its readers has not changed."""
    signs = [table.signs[0]] if table.signs is not None else []
    lists = {name: [row[name] for row in rows] for name in (table.key, *table.written, *signs)}
    kinds = dict.fromkeys(table.written, "bytea[]") | {table.key: "uuid[]"} | dict.fromkeys(signs, "text[]")
    given = ", ".join(f"CAST(:{name} AS {kinds[name]})" for name in lists)
    new = ", ".join(
        [f"{name} = anew.{name}" for name in table.written] + [f"{name} = anew.{name}\\:\\:integer[]" for name in signs]
    )
    statement = text(
        f"UPDATE {table.name} SET {new} FROM unnest({given}) AS anew ({', '.join(lists)})"  # noqa: S608  # names from code
        f" WHERE {table.name}.{table.key} = anew.{table.key}"
    )
    await session.execute(statement, lists)


async def _report(runtime: Runtime, vault: Vault, tables: Sequence[Table], *, files: bool) -> None:
    """Writes down how many values rest under which key, as of these keys."""
    columns = [(table.name, name) for table in tables for name in table.written]
    columns += [(file_rotation.TABLE, "content")] if files else []
    facts = {"service": runtime.service, "mark": vault.keys.mark, "now": runtime.clock()}
    async with runtime.database.session() as session:
        await session.execute(FORGET, facts)
        for table, name in columns:
            await session.execute(text(COUNT.format(table=table, name=name)), {"service": runtime.service})
        await session.execute(SEEN, facts)
        await db.finish(session)
    log.info("personal_keys.current", mark=vault.keys.mark)
