"""The ledger of class hours beside what it could be without its guarantees: `python -m benchmarks.ledger [--rounds 3]`.

Starts a PostgreSQL of its own, with fsync. Both sides of a comparison run in turn on the same database; the best of the
rounds counts, and what is told are ratios:

- posting by 32 writers with the chain (queue and sealer at work) beside the same insert without it;
- the district's figures over 20,000 officers and 2,000,000 entries beside a plain GROUP BY over numeric hours;
- one officer's compliance beside a get of the officer, both through the service, one caller;
- recomputing the whole chain, and sealing it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg
import httpx
import psycopg

from services.kit import ids, logs

ROOT = Path(__file__).parents[1]
DISTRICT, TOWN = (UUID(f"01900000-0000-7000-8000-0000000000{end}") for end in ("d1", "e1"))
UNIT = (
    "INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement, granting,"
    " vertical, assumed, version, created_at) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,true,false,false,false,1,now())"
)
OFFICERS = """
    INSERT INTO training.officers (id, district_id, unit_id, name, id_type, id_number, id_index, id_number_masked, kind, posts,
                                   hired_on, version, created_at)
    SELECT gen_random_uuid(), %(district)s, %(town)s, '示例', 'resident', ''::bytea, sha256(n::text::bytea), '350111********0000',
           'officer', '{}', '2015-01-01', 1, now() FROM generate_series(1, %(count)s::integer) n
"""
SPELLS = (
    "INSERT INTO training.officer_units (id, officer_id, district_id, unit_id, kind, from_on, recorded_at)"
    " SELECT gen_random_uuid(), id, district_id, unit_id, 'officer', '2015-01-01', now() FROM training.officers"
)
# Evenly over five years; every entry counts.
ENTRIES = """
    INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days, source,
                                       entered_as, entered_by, created_at)
    SELECT gen_random_uuid(), o.district_id, o.unit_id, o.id,
           (ARRAY['public_law', 'business', 'skills', 'political'])[1 + n %% 4],
           100 + n %% 400, date '2021-01-01' + (n * 1826 / %(each)s), 1, 'class', 'posted', o.id, now()
    FROM generate_series(0, %(each)s::integer - 1) n CROSS JOIN training.officers o
"""
# What the triggers of the ledger would have made of them.
SUMS = """
    INSERT INTO training.hour_sums AS s
    SELECT officer_id, extract(year FROM occurred_on)::integer,
           coalesce(sum(hundredths) FILTER (WHERE category = 'public_law'), 0),
           coalesce(sum(hundredths) FILTER (WHERE category = 'business'), 0),
           coalesce(sum(hundredths) FILTER (WHERE category = 'skills'), 0),
           coalesce(sum(hundredths) FILTER (WHERE category = 'political'), 0)
    FROM training.hour_entries WHERE entered_as = 'posted' GROUP BY 1, 2
    ON CONFLICT (officer_id, year) DO UPDATE SET public_law = excluded.public_law, business = excluded.business,
        skills = excluded.skills, political = excluded.political
"""
PLAIN = """
    CREATE TABLE plain_entries AS
    SELECT officer_id, category, hundredths::numeric / 100 AS hours, occurred_on FROM training.hour_entries
"""
POST = """
    INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days, source,
                                       entered_as, entered_by, created_at)
    VALUES ($1, $2, $3, $4, 'business', 400, '2024-05-06', 1, 'class', 'posted', $4, now())
"""
GROUPED = """
    SELECT officer_id, category, sum(hours) FROM plain_entries WHERE occurred_on BETWEEN '2024-01-01' AND '2024-12-31'
    GROUP BY officer_id, category
"""
ROLL_UP = "SELECT * FROM training.unit_year(2024, NULL, current_date)"
WRITERS = 32


def at(server: str, name: str) -> str:
    """The address of a database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def database(officers: int) -> Iterator[str]:
    """A fresh server with a migrated database and so many officers; its address."""
    from admin.local import postgres

    home = Path(tempfile.mkdtemp(prefix="zhifa-bench-"))
    try:
        server = postgres.ensure(home).url()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        url = at(server, "bench")
        subprocess.run(
            [sys.executable, "-m", "alembic", "upgrade", "head"],
            cwd=ROOT,
            env=os.environ | {"ZHIFA_DATABASE_URL": url},
            check=True,
        )
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(UNIT, [DISTRICT, DISTRICT, None, [DISTRICT], "359111", "示例区", "示例区", "government"])
            connection.execute(UNIT, [TOWN, DISTRICT, DISTRICT, [DISTRICT, TOWN], "359111101", "示例甲镇", "示例甲镇", "town"])
            connection.execute(OFFICERS, {"district": DISTRICT, "town": TOWN, "count": officers})
            connection.execute(SPELLS)
            connection.execute("VACUUM (ANALYZE)")
        yield url
    finally:
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)


async def posting(url: str, seconds: float) -> float:
    """Entries a second by 32 writers, each committing each entry."""
    pool = await asyncpg.create_pool(url, min_size=WRITERS, max_size=WRITERS, server_settings={"role": "zhifa_training"})
    people = [row["id"] for row in await pool.fetch("SELECT id FROM training.officers LIMIT 2000")]
    ends = time.perf_counter() + seconds

    async def write(number: int) -> int:
        done = 0
        async with pool.acquire() as connection:
            while time.perf_counter() < ends:
                await connection.execute(POST, ids.new_id(), DISTRICT, TOWN, people[(number * 61 + done) % len(people)])
                done += 1
        return done

    began = time.perf_counter()
    written = sum(await asyncio.gather(*(write(number) for number in range(WRITERS))))
    rate = written / (time.perf_counter() - began)
    await pool.close()
    return rate


async def sealed(url: str, seconds: float) -> float:
    """The same with the sealer behind the writers; when they stop, a second is enough for it to be done."""
    connection = await asyncpg.connect(url, server_settings={"role": "zhifa_training"})

    async def seal() -> None:
        while True:
            await connection.execute("SELECT training.seal_hours(10000, now())")
            await asyncio.sleep(0.25)

    background = asyncio.create_task(seal())
    rate = await posting(url, seconds)
    await asyncio.sleep(1)
    background.cancel()
    with suppress(asyncio.CancelledError):
        await background
    await connection.close()
    with psycopg.connect(url) as checked:
        waiting = checked.execute("SELECT count(*) FROM training.hour_queue").fetchone()
    if waiting != (0,):
        raise SystemExit(f"not sealed within a second: {waiting}")
    return rate


def chain(url: str, rounds: int, seconds: float) -> None:
    """Posting with and without the chain, in turn."""
    trigger = "ALTER TABLE training.hour_entries {} TRIGGER queue_for_sealing"
    without, with_chain = [], []
    for _ in range(rounds):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(trigger.format("DISABLE"))
            without.append(asyncio.run(posting(url, seconds)))
            connection.execute(trigger.format("ENABLE"))
            with_chain.append(asyncio.run(sealed(url, seconds)))
    print(f"posting, {WRITERS} writers: without chain {max(without):,.0f}/s, with chain {max(with_chain):,.0f}/s")
    print(f"  with / without                            {max(with_chain) / max(without):.2f}", flush=True)


def timed(connection: psycopg.Connection, statement: str) -> float:
    """Seconds until the last row is there."""
    began = time.perf_counter()
    connection.execute(statement).fetchall()
    return time.perf_counter() - began


def figures(url: str, rounds: int) -> None:
    """The district's figures beside the plain sum, in turn."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET jit = off")
        # As the service asks: a statement is planned once per connection (PostgreSQL looks at five plans before it keeps one).
        connection.prepare_threshold = 0
        for _ in range(6):
            timed(connection, ROLL_UP)
        plain, ours = [], []
        for _ in range(rounds):
            plain.append(timed(connection, GROUPED))
            ours.append(timed(connection, ROLL_UP))
    print(f"district's figures of a year: plain GROUP BY {min(plain):.3f} s, unit_year {min(ours):.3f} s")
    print(f"  plain / unit_year                         {min(plain) / min(ours):.2f}", flush=True)


def whole_chain(url: str) -> None:
    """Seals all entries there are, and recomputes them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO training.hour_queue (entry_id, link, district_id) SELECT e.id, 'entry', e.district_id"
            " FROM training.hour_entries e"
            " WHERE NOT EXISTS (SELECT 1 FROM training.hour_seals s WHERE s.entry_id = e.id) LIMIT 100000"
        )
        began, made = time.perf_counter(), 0
        while sealed_now := (connection.execute("SELECT training.seal_hours(10000, now())").fetchone() or (0,))[0]:
            made += sealed_now
        sealing = time.perf_counter() - began
        began = time.perf_counter()
        found = connection.execute("SELECT checked, fault FROM training.verify_links(%s, NULL, 100000)", [DISTRICT]).fetchone()
        checking = time.perf_counter() - began
    assert found is not None
    assert found[1] is None
    print(f"sealing {made / sealing:,.0f} links/s, recomputing {found[0] / checking:,.0f} links/s", flush=True)


async def one_officer(url: str, rounds: int) -> None:
    """One caller: an officer's compliance beside the officer, medians."""
    from services.kit.principal import Role
    from services.kit.settings import Settings
    from services.training_api import main as training
    from tests import places, tokens

    folder = Path(tempfile.mkdtemp(prefix="zhifa-bench-keys-"))
    (folder / "cursor.key").write_bytes(secrets.token_bytes(32))
    (folder / "personal.json").write_text(places.personal_keys())
    settings = Settings(
        database_url=url, database_role="zhifa_training", jwks_file=tokens.keys().jwks_file, public_url=tokens.ISSUER,
        ledger_key_file=tokens.ledger_keys().signing_key_file, ledger_jwks_file=tokens.ledger_keys().jwks_file,
        personal_keys_file=folder / "personal.json", cursor_key_file=folder / "cursor.key",
    )  # fmt: skip
    app = training.create_app(settings)
    token = tokens.of(Role.BUREAU, unit_id=DISTRICT, unit_path=(DISTRICT,))
    headers = {"Authorization": f"Bearer {token}"}
    with psycopg.connect(url) as connection:
        people = [str(row[0]) for row in connection.execute("SELECT id FROM training.officers LIMIT 300")]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=tokens.ISSUER, headers=headers) as client:
        pairs = ("/v1/officers/{}", "/v1/compliance/officers/{}?year=2024")
        # One after the other, so that both meet the machine as it is at that moment.
        spans = {path: [await span(client, person, path) for person in people[:10]] for path in pairs}
        for _ in range(rounds):
            for person in people:
                for path in pairs:
                    spans[path].append(await span(client, person, path))
    gets, ours = (statistics.median(spans[path][10:]) for path in pairs)
    await app.state.runtime.database.close()
    shutil.rmtree(folder, ignore_errors=True)
    print(f"one officer: get {gets * 1000:.2f} ms, compliance {ours * 1000:.2f} ms (medians)")
    print(f"  compliance / get                          {ours / gets:.2f}", flush=True)


async def span(client: httpx.AsyncClient, person: str, path: str) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    answer = await client.get(path.format(person))
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code} {json.dumps(answer.json(), ensure_ascii=False)}")
    return took


def fill(url: str, officers: int, entries: int) -> None:
    """All entries with their sums, and the plain table beside them; nothing waits for the sealer. The walls and triggers of
    the ledger are down meanwhile, or filling would take longer than measuring; that the sums are right is checked.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET session_replication_role = replica")
        connection.execute(ENTRIES, {"each": entries // officers})
        connection.execute(SUMS)
        astray = connection.execute("SELECT first_bad FROM training.astray_hours(%s)", [DISTRICT]).fetchone()
        assert astray == (None,)
        connection.execute(PLAIN)
        connection.execute("VACUUM (ANALYZE)")


def attempt(name: str, act: Callable[[], None]) -> None:
    """A part that fails is told, and does not take the others with it."""
    try:
        act()
    except (psycopg.Error, AssertionError) as error:
        print(f"{name}: {type(error).__name__} {error}", flush=True)


def main() -> None:
    """The run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--officers", type=int, default=20_000)
    parser.add_argument("--entries", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    wanted = parser.parse_args()
    logs.configure("benchmark", "WARNING")
    with database(wanted.officers) as url:
        attempt("chain", lambda: chain(url, wanted.rounds, wanted.seconds))
        fill(url, wanted.officers, wanted.entries)
        attempt("figures", lambda: figures(url, wanted.rounds))
        asyncio.run(one_officer(url, wanted.rounds))
        attempt("whole chain", lambda: whole_chain(url))


if __name__ == "__main__":
    main()
