"""A trail to try things on: rows written as requests write them, and what a superuser may do to them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from services.kit import ids

MOMENT = datetime(2025, 3, 1, 8, tzinfo=UTC)
TABLES = ("kit.audit_events", "kit.audit_seals")
Statements = Sequence[tuple[str, Sequence[Any]]]


def event(**facts: Any) -> dict[str, Any]:
    """A row as the kit writes it."""
    usual = {
        "id": ids.new_id(), "recorded_at": MOMENT, "service": "directory_api", "actor_id": ids.new_id(),
        "actor_name": "演示人员", "action": "unit.changed", "object_type": "unit", "object_id": ids.new_id(),
        "district_id": None, "unit_id": None, "result": "done", "before": {"name": "旧名"}, "after": {"name": "新名", "n": 1.5},
        "reason": None, "trace_id": "0" * 32, "address": "192.0.2.1",
    }  # fmt: skip
    return usual | facts


def write(connection: psycopg.Connection, events: Sequence[dict[str, Any]]) -> None:
    """Records these rows in the connection's transaction, as `kit.db.finish` does."""
    connection.execute("SELECT kit.record(%s::jsonb, '[]')", [json.dumps(list(events), default=str)])


def seal(connection: psycopg.Connection) -> int:
    """Closes the chain behind the writers; answers how many rows were sealed."""
    row = connection.execute("SELECT kit.seal_audit()").fetchone()
    assert row is not None
    return int(row[0])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification says."""

    checked: int
    first_bad: UUID | None
    kind: str | None
    sequence: int | None


def verify(connection: psycopg.Connection, stretch: int = 20_000) -> Verdict:
    """Recomputes the chain, so many links at a time."""
    statement = "SELECT checked, first_bad, kind, at_sequence, last_sequence, more FROM kit.verify_audit(%s, %s)"
    behind, checked, more = None, 0, True
    while more:
        row = connection.execute(statement, [behind, stretch]).fetchone()
        assert row is not None
        found = Verdict(checked + row[0], *row[1:4])
        checked, behind, more = found.checked, row[4], row[5] and found.kind is None
    return found


@contextmanager
def unguarded(connection: psycopg.Connection) -> Iterator[None]:
    """Takes the triggers away, as only the owner of everything can, and puts them back."""
    with connection.transaction(force_rollback=True):
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield


@dataclass(frozen=True, slots=True)
class Tamper:
    """One attack: what is done, and the verdict it must lead to."""

    statements: Statements
    expected: tuple[UUID | None, str, int | None]


COLUMNS = (
    ("recorded_at", "recorded_at + interval '1 microsecond'"),
    ("service", "'tasks_api'"),
    ("actor_id", "gen_random_uuid()"),
    ("actor_id", "NULL"),
    ("actor_name", "actor_name || ' '"),
    ("action", "'unit.created'"),
    ("object_type", "'account'"),
    ("object_id", "NULL"),
    ("district_id", "gen_random_uuid()"),
    ("unit_id", "gen_random_uuid()"),
    ("result", "'refused'"),
    ("before", "NULL"),
    ("before", "before || '{\"more\": null}'"),
    ("after", "after || '{\"n\": 2}'"),
    ("reason", "''"),
    ("trace_id", "repeat('1', 32)"),
    ("address", "'192.0.2.2'"),
)


def tamper(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """A random attack on a sealed trail, whose rows are given in the order of their seals (the first has sequence 1)."""
    kinds = (change, remove, remove_with_seal, insert, insert_with_seal, insert_before, swap, swap_seals, bend_seal)
    return chance.choice(kinds)(rows, chance)


def change(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """Another value in one column."""
    place = chance.randrange(len(rows))
    column, value = chance.choice(COLUMNS)
    statement = f"UPDATE kit.audit_events SET {column} = {value} WHERE id = %s"
    return Tamper([(statement, [rows[place]])], (rows[place], "changed", place + 1))


def remove(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """The row goes, its seal stays."""
    place = chance.randrange(len(rows))
    return Tamper([("DELETE FROM kit.audit_events WHERE id = %s", [rows[place]])], (rows[place], "removed", place + 1))


def remove_with_seal(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """Row and seal go: the link behind the gap does not hold any more."""
    place = chance.randrange(len(rows) - 1)
    statements: Statements = [
        ("DELETE FROM kit.audit_events WHERE id = %s", [rows[place]]),
        ("DELETE FROM kit.audit_seals WHERE event_id = %s", [rows[place]]),
    ]
    return Tamper(statements, (rows[place + 1], "chain", place + 2))


def insert(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """A row that never went through the kit."""
    forged = ids.new_id()
    statement = """
        INSERT INTO kit.audit_events
        SELECT (jsonb_populate_record(e, jsonb_build_object('id', %s::text))).* FROM kit.audit_events e WHERE id = %s
    """
    return Tamper([(statement, [forged, chance.choice(rows)])], (forged, "inserted", None))


def insert_with_seal(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """A row with a seal in the middle, the later seals moved up: the first link behind it does not hold."""
    place = chance.randrange(1, len(rows) - 1)
    forged = ids.new_id()
    copy = """
        INSERT INTO kit.audit_events
        SELECT (jsonb_populate_record(e, jsonb_build_object('id', %s::text))).* FROM kit.audit_events e WHERE id = %s
    """
    moved_up = "UPDATE kit.audit_seals SET sequence = -sequence - 1 WHERE sequence > %s"
    turned = "UPDATE kit.audit_seals SET sequence = -sequence WHERE sequence < 0"
    sealed = """
        INSERT INTO kit.audit_seals (sequence, event_id, event_hash, chain_hash)
        SELECT %s, e.id, kit.event_hash(e), sha256(s.chain_hash || kit.event_hash(e))
        FROM kit.audit_events e, kit.audit_seals s WHERE e.id = %s AND s.sequence = %s
    """
    statements: Statements = [
        (copy, [forged, rows[place]]), (moved_up, [place]), (turned, []), (sealed, [place + 1, forged, place]),
    ]  # fmt: skip
    return Tamper(statements, (rows[place], "chain", place + 2))


def insert_before(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """A row sealed before the first one."""
    forged = ids.new_id()
    copy = """
        INSERT INTO kit.audit_events
        SELECT (jsonb_populate_record(e, jsonb_build_object('id', %s::text))).* FROM kit.audit_events e WHERE id = %s
    """
    sealed = """
        INSERT INTO kit.audit_seals (sequence, event_id, event_hash, chain_hash)
        SELECT %s, e.id, kit.event_hash(e), sha256(kit.event_hash(e)) FROM kit.audit_events e WHERE e.id = %s
    """
    place = chance.choice([0, -1, -(2**40)])
    return Tamper([(copy, [forged, rows[0]]), (sealed, [place, forged])], (forged, "chain", place))


def swap(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """Two rows change their contents."""
    first, second = sorted(chance.sample(range(len(rows)), 2))
    statement = """
        UPDATE kit.audit_events t SET actor_id = o.actor_id, object_id = o.object_id
        FROM kit.audit_events o WHERE (t.id = %s AND o.id = %s) OR (t.id = %s AND o.id = %s)
    """
    pair = [rows[first], rows[second], rows[second], rows[first]]
    return Tamper([(statement, pair)], (rows[first], "changed", first + 1))


def swap_seals(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """Two seals name each other's rows, hashes and all."""
    first, second = sorted(chance.sample(range(len(rows)), 2))
    exchange = "UPDATE kit.audit_seals SET sequence = %s WHERE event_id = %s"
    statements: Statements = [
        (exchange, [-1, rows[first]]),
        (exchange, [first + 1, rows[second]]),
        (exchange, [second + 1, rows[first]]),
    ]
    return Tamper(statements, (rows[second], "chain", first + 1))


def bend_seal(rows: Sequence[UUID], chance: random.Random) -> Tamper:
    """Another hash in a seal."""
    place = chance.randrange(len(rows))
    column = chance.choice(["event_hash", "chain_hash"])
    kind = "changed" if column == "event_hash" else "chain"
    statement = f"UPDATE kit.audit_seals SET {column} = sha256({column}) WHERE event_id = %s"
    return Tamper([(statement, [rows[place]])], (rows[place], kind, place + 1))
