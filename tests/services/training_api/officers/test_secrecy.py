"""No identity number stands in clear anywhere: not in an answer, a log line, or any column of any table."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from services.kit import logs
from services.kit.principal import Role
from tests.factories.training import World, id_number

# Planted numbers; also how they would stand as hexadecimal digits in a dump.
NUMBERS = [id_number(serial) for serial in (77001, 77002, 77003)]
PASSPORT = "E99887766"
GROUND = "脊柱侧弯术后（虚构）"
COLUMNS = """
    SELECT table_schema, table_name, column_name FROM information_schema.columns
    WHERE table_schema IN ('kit', 'directory', 'tasks', 'cases', 'training', 'published')
"""
# Large values are compressed or moved aside; none of these are.
IN_FILES = """
    SELECT 'table:' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('kit', 'directory', 'tasks', 'cases', 'training', 'pg_toast') AND c.relkind IN ('r', 'i', 't')
      AND position(%(text)s::bytea IN coalesce(pg_read_binary_file(pg_relation_filepath(c.oid), true), ''::bytea)) > 0
"""
IN_LOG = """
    SELECT 'log:' || w.name FROM pg_ls_waldir() w
    WHERE w.name >= %(since)s AND w.name <= pg_walfile_name(pg_current_wal_lsn())
      AND position(%(text)s::bytea IN coalesce(pg_read_binary_file('pg_wal/' || w.name, true), ''::bytea)) > 0
"""


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Every log line of the process, in full detail."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.configure("training_api", "DEBUG")
    lines = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)
    # The test's own client logs the address it calls; it is no part of the service.
    client = logging.getLogger("httpx")
    client.setLevel(logging.WARNING)
    yield lines
    client.setLevel(logging.NOTSET)
    root.handlers[:] = before
    root.setLevel(level)


def columns_holding(connection: psycopg.Connection, marker: str) -> list[str]:
    """Columns of all tables with a row that shows the marker as text or as bytes."""
    found = []
    for schema, table, column in connection.execute(COLUMNS).fetchall():
        statement = sql.SQL("SELECT count(*) FROM {}.{} WHERE strpos({}::text, %s) > 0 OR strpos({}::text, %s) > 0").format(
            *(sql.Identifier(name) for name in (schema, table, column, column))
        )
        row = connection.execute(statement, [marker, marker.encode().hex()]).fetchone()
        if row and row[0]:
            found.append(f"{schema}.{table}.{column}")
    return found


async def provoke(world: World) -> list[str]:
    """Sends the planted numbers every way there is; the answers, but for the disclosures'."""
    first, second, third = NUMBERS
    keyed: dict[str, Any] = {"headers": {"Idempotency-Key": "planted"}}
    made = await world.manager.post("/v1/officers", json=world.officer_in(world.place.town, id_number=first), **keyed)
    other = world.officer_in(world.place.town, id_type="other", id_number=PASSPORT)
    path = f"/v1/officers/{made.json()['id']}"
    answers = [
        made,
        await world.manager.post("/v1/officers", json=world.officer_in(world.place.town, id_number=first)),
        await world.manager.post("/v1/officers", json=world.officer_in(world.place.town, id_number=second[:-1] + "A")),
        await world.manager.post("/v1/officers", json=world.officer_in(world.place.town, id_number=[second])),
        await world.manager.post("/v1/officers", json=world.officer_in(world.place.town, unknown=second)),
        await world.manager.post(
            "/v1/officers/batch", json={"items": [world.officer_in(world.place.town, id_number=second), other]}
        ),
        await world.manager.post("/v1/officers/search", json={"id_number": second}, **keyed),
        await world.manager.get("/v1/officers", params={"external_id": second}),
        await world.manager.patch(path, json={"id_number": third}, version=1),
        await world.bureau.get("/v1/officers", params={"limit": 200}),
        await world.caller(Role.PLATFORM).get(path),
    ]
    shown = await world.manager.post(f"{path}/identity-disclosure", json={"reason": "办证"}, **keyed)
    assert shown.json()["id_number"] == third
    answers += await provoke_grounds(world, made.json()["id"])
    return [answer.text for answer in answers] + [str(answer.headers) for answer in answers]


async def provoke_grounds(world: World, officer_id: str) -> list[Any]:
    """Sends the planted ground every way there is; the answers, but for the disclosure's."""
    body = {"officer_id": officer_id, "reason": "seconded", "from_on": "2024-03-01", "ground": GROUND}
    keyed: dict[str, Any] = {"headers": {"Idempotency-Key": "ground"}}
    proposed = await world.manager.post("/v1/exemptions", json=body, **keyed)
    path = f"/v1/exemptions/{proposed.json()['id']}"
    answers = [
        proposed,
        await world.manager.post("/v1/exemptions", json=body | {"from_on": GROUND}),
        await world.manager.post("/v1/exemptions", json=body | {"unknown": GROUND}),
        await world.manager.patch(path, json={"ground": GROUND, "to_on": "2024-09-30"}, version=1),
        await world.bureau.post(f"{path}/approve", version=2),
        await world.bureau.get("/v1/exemptions"),
    ]
    shown = await world.bureau.post(f"{path}/ground-disclosure", json={"reason": "核对"}, **keyed)
    assert shown.json()["ground"] == GROUND
    return answers


def files_holding(connection: psycopg.Connection, markers: list[str], since: str) -> list[str]:
    """Files of the tables, and pieces of the write-ahead log since a place, that show a marker."""
    connection.execute("CHECKPOINT")
    found = []
    for marker in markers:
        for text in (marker.encode(), marker.encode().hex().encode()):
            found += [name for (name,) in connection.execute(IN_FILES, {"text": text}).fetchall()]
            found += [name for (name,) in connection.execute(IN_LOG, {"text": text, "since": since}).fetchall()]
    return found


async def test_planted_numbers_are_nowhere(world: World, log_lines: io.StringIO) -> None:
    with world.superuser() as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row is not None
    texts = await provoke(world)
    markers = [*NUMBERS, PASSPORT, GROUND]
    assert [marker for marker in markers for text in texts if marker in text] == []
    assert "request" in log_lines.getvalue()
    hits = [line[:240] for line in log_lines.getvalue().splitlines() if any(m in line for m in markers)]
    assert not hits, hits
    with world.superuser() as connection:
        assert {marker: columns_holding(connection, marker) for marker in markers} == {marker: [] for marker in markers}
        assert files_holding(connection, markers, row[0]) == []
        # The search itself is sharp: what is public knowledge is found.
        assert {name.split(":")[0] for name in files_holding(connection, ["350111********"], row[0])} == {"table", "log"}
        assert "training.officers.id_number_masked" in columns_holding(connection, "350111********")
