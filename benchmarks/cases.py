"""Case files beside their floors, in one run: `python -m benchmarks.cases [--checked 100000] [--files 1000000] [--rounds 30]`.

Starts a PostgreSQL of its own, with fsync, and the cases service in this process, asked over ASGI as the gateway would ask
it. Three questions, each told as a ratio of two things measured in turn in the same run:

a. the legal check of cases with eleven steps each, beside reading the same cases as JSON from the database;
b. pages of 50 files with filters and words among many files, beside the same pages among 10,000 spread over the same years;
c. registering a case with six steps in one call, beside the smallest call that inserts one row, and beside a bare INSERT.

Everything is made up, nothing is left behind.
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
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import case_rows
from benchmarks.case_rows import Unit
from services.kit import clock, ids, logs
from services.kit.principal import Role
from services.kit.settings import Settings
from tests import places, tokens
from tests.client import Caller, Services
from tests.factories import cases as factory
from tests.factories import legal

ROOT = Path(__file__).parents[1]
FEW = 10_000
SLICE = 500
DISTRICT = tokens.DISTRICT


class Bench:
    """A server of its own with a template database of one district, and copies of it."""

    def __init__(self, home: Path, *, kept: bool = False) -> None:
        from admin.local import postgres

        self.home, self.kept = home, kept
        self.server = postgres.ensure(home).url()
        self.settings = self._settings()
        if self._known("template_bench"):
            self.units = list(self._units_known())
            return
        self._sql("CREATE DATABASE template_bench")
        environment = os.environ | {"ZHIFA_DATABASE_URL": self.url("template_bench")}
        command = [sys.executable, "-m", "alembic", "upgrade", "head"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        with psycopg.connect(self.url("template_bench"), autocommit=True) as connection:
            self.units = list(_units(connection))
            _calendar(connection)

    def url(self, name: str) -> str:
        """The address of a database."""
        return places.in_database(self.server, name)

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def _known(self, name: str) -> bool:
        with psycopg.connect(self.server) as connection:
            return bool(connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall())

    def _units_known(self) -> Iterator[Unit]:
        found = "SELECT unit_id, array_agg(id) FROM training.officers GROUP BY unit_id ORDER BY unit_id"
        with psycopg.connect(self.url("template_bench")) as connection:
            yield from (Unit(*row) for row in connection.execute(found).fetchall())

    def _settings(self) -> Settings:
        files, ledger = tokens.keys(), tokens.ledger_keys()
        if not (self.home / "data").exists():
            (self.home / "cursor.key").write_bytes(secrets.token_bytes(32))
            (self.home / "personal.json").write_text(places.personal_keys())
            (self.home / "data").mkdir()
        return Settings(
            public_url=tokens.ISSUER, jwks_file=files.jwks_file, signing_key_file=files.signing_key_file,
            personal_keys_file=self.home / "personal.json", webhook_keys_file=self.home / "personal.json",
            ledger_key_file=ledger.signing_key_file, ledger_jwks_file=ledger.jwks_file, audit_key_file=ledger.signing_key_file,
            audit_jwks_file=ledger.jwks_file, cursor_key_file=self.home / "cursor.key", data_dir=self.home / "data",
            pool_size=4, request_seconds=60, rate_per_account=10**9, rate_per_address=10**9,
        )  # fmt: skip

    @contextmanager
    def filled(self, name: str, count: int, *, with_steps: bool = False) -> Iterator[str]:
        """A copy of the template with so many files in it, gone afterwards; in a home that is kept it stays for the next run."""
        kept = f"{name}_{count}"
        if not self._known(kept):
            self._sql(f"DROP DATABASE IF EXISTS {name}")
            self._sql(f"CREATE DATABASE {name} TEMPLATE template_bench")
            self.fill(name, count, with_steps=with_steps)
            self._sql(f"ALTER DATABASE {name} RENAME TO {kept}")
        try:
            yield kept
        finally:
            if not self.kept:
                self._sql(f"DROP DATABASE {kept} WITH (FORCE)")

    def services(self, name: str) -> Services:
        """The services on a database."""
        return Services(self.settings.model_copy(update={"database_url": self.url(name)}))

    def fill(self, name: str, count: int, *, with_steps: bool = False) -> None:
        """Puts files in."""
        from services.cases_api.case_files.actions.parties import name_digests
        from services.kit.personal import Vault

        digest = name_digests(Vault.from_settings(self.settings))[0]
        began = time.perf_counter()
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            case_rows.fill(connection, count, self.units, DISTRICT, digest, with_steps=with_steps)
        print(f"{count:,} files made in {time.perf_counter() - began:.0f} s", flush=True)


def _units(connection: psycopg.Connection[Any]) -> Iterator[Unit]:
    add = (
        "INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement, granting,"
        " vertical, assumed, version, created_at) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,true,false,false,false,1,now())"
    )
    connection.execute(add, [DISTRICT, DISTRICT, None, [DISTRICT], "359111", "示例区", "示例区", "government"])
    for number in range(case_rows.UNITS):
        path = (DISTRICT, ids.new_id())
        name = f"示例{number}镇"
        connection.execute(add, [path[1], DISTRICT, DISTRICT, list(path), f"359111{number + 100}", name, name, "town"])
        place = places.Unit(path[1], path, f"359111{number + 100}")
        yield Unit(path[1], [factory.officer(connection, place) for _ in range(2)])


def _calendar(connection: psycopg.Connection[Any]) -> None:
    into = "COPY directory.working_days (day, working, kind) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copying:
        for day, working in legal.KNOWN.items():
            copying.write_row([day, working, "working"])


def p50(seconds: Sequence[float]) -> float:
    """The median in milliseconds."""
    return statistics.median(seconds) * 1000


async def timed(work: Callable[[], Awaitable[Any]], into: list[float]) -> Any:
    """What the work answers; the seconds it took are added to the list."""
    began = time.perf_counter()
    found = await work()
    into.append(time.perf_counter() - began)
    return found


# ------------------------------------------------------------------------------------------------------ the legal check
AS_JSON = """
    SELECT (to_jsonb(f) || jsonb_build_object('steps',
        (SELECT jsonb_agg(to_jsonb(s)) FROM cases.case_steps s WHERE s.case_file_id = f.id)))::text
    FROM cases.case_files f WHERE f.id = ANY($1)
"""


async def check(bench: Bench, count: int) -> None:
    """Checks every case, and reads it as JSON, slice by slice in turn."""
    from services.cases_api.legal_checks import actions
    from services.cases_api.legal_checks.queries import snapshots

    with bench.filled("checked", count, with_steps=True) as name:
        services = bench.services(name)
        checking: list[float] = []
        loading: list[float] = []
        reading: list[float] = []
        found = 0
        async with services.database("cases_api").reading() as read:
            context = await snapshots.context(read, DISTRICT)
            rows = await read.fetch("SELECT id FROM cases.case_files ORDER BY filed_on, id", [])
            known = [row[0] for row in rows]

            async def checked(some: list[UUID]) -> int:
                cases = await timed(lambda: snapshots.of_files(read, some, clock.now()), loading)
                return sum(bool(result.checked.told) for result in await actions.results_of(cases, context))

            async def as_json(some: list[UUID]) -> list[Any]:
                return [json.loads(row[0]) for row in await read.fetch(AS_JSON, [some])]

            for place in range(0, count, SLICE):
                some = known[place : place + SLICE]
                sides = [(as_json, reading), (checked, checking)]
                for side, into in sides if place // SLICE % 2 else reversed(sides):
                    answer = await timed(lambda side=side, some=some: side(some), into)  # type: ignore[misc]  # bound at once
                    found += answer if isinstance(answer, int) else 0
        await services.close()
    print(f"{count:,} cases of eleven steps: checked in {sum(checking):.1f} s ({sum(loading):.1f} s of it loading),")
    print(f"  read as JSON in {sum(reading):.1f} s; something found or undecidable in {found:,}")
    print(f"  check / reading as JSON                        {sum(checking) / sum(reading):.2f}", flush=True)


# ------------------------------------------------------------------------------------------------------------ pages
RARE = f"特种事项{chr(21000 + 170 * 7)}{chr(22000 + 170 * 11)}"


REVIEWER = UUID(int=0x01900000_0000_7000_8000_0000000000A1)
ASSIGN = """
    WITH round AS (
        INSERT INTO cases.review_rounds (id, district_id, campaign_id, mode, state, hide_units, reviewers_per_file,
                                         legal_reviewers, created_by, created_at, version)
        VALUES (gen_random_uuid(), '{district}', gen_random_uuid(), 'self', 'reviewing', false, 1, 0, '{account}', now(), 1)
        RETURNING id)
    INSERT INTO cases.review_assignments (id, district_id, unit_id, round_id, mode, case_file_id, account_id, reason, hide_unit,
                                          state, created_at, saves, version)
    SELECT gen_random_uuid(), f.district_id, f.unit_id, round.id, 'self', f.id, '{account}', 'solved', false, 'assigned', now(),
           0, 1
    FROM (SELECT id, district_id, unit_id FROM cases.case_files TABLESAMPLE SYSTEM (20) LIMIT 200) f CROSS JOIN round
"""


def asked(unit_id: UUID) -> Mapping[str, dict[str, Any]]:
    """Pages by what they ask for."""
    span = {"filed_on__gte": "2018-01-01", "filed_on__lte": "2023-12-31"}
    facets = {"unit_id": str(unit_id), "kind": "penalty", "state": "closed"} | span
    return {
        "no filter": {},
        "unit, kind, state, days": facets,
        "kind of one in ten": {"kind": "inspection"},
        "state of one in a hundred": {"state": "void"},
        "word of one in ten": {"q": "占道经营"},
        "word of one in ten, unit, kind, state, days": {"q": "占道经营"} | facets,
        "word of one in ten, rare state": {"q": "占道经营", "state": "void"},
        "two words, kind, days": {"q": "占道 有限公司", "kind": "penalty"} | span,
        "word of one in a thousand": {"q": RARE},
        "word of one in a thousand, unit, kind": {"q": RARE, "unit_id": str(unit_id), "kind": "penalty"},
        "name of a firm": {"q": f"示例{chr(19970)}{chr(19980)}商贸"},
        "word that stands nowhere": {"q": "绝无此词"},
        "case number": {"q": "〔2019〕3500号"},
        "word that stands everywhere": {"q": "演示"},
    }


async def pages(bench: Bench, count: int, rounds: int) -> None:
    """The same pages among many files and among few, in turn."""
    with bench.filled("few", FEW) as few_files, bench.filled("many", count) as many_files:
        sides = {"few": bench.services(few_files), "many": bench.services(many_files)}
        unit = bench.units[3]
        place = places.Unit(unit.id, (DISTRICT, unit.id), "359111103")
        district = places.Unit(DISTRICT, (DISTRICT,), "359111")
        print(f"pages of 50, p50 in ms over the whole call: among {FEW:,} / among {count:,}")
        overall: list[float] = []
        for name in (few_files, many_files):
            _assign(bench.url(name))
        somebody = {"account_id": REVIEWER}
        for role, roles, home in (
            ("bureau", (Role.BUREAU,), district),
            ("unit_manager", (Role.UNIT_MANAGER,), place),
            ("and reviewer", (Role.UNIT_MEMBER, Role.REVIEWER), place),
        ):
            callers = {name: Caller(each.client("cases_api"), *roles, unit=home, **somebody) for name, each in sides.items()}
            for said, params in asked(unit.id).items():
                taken: dict[str, list[float]] = {name: [] for name in sides}
                shown = {name: await _page(caller, params) for name, caller in callers.items()}
                for _ in range(rounds):
                    for name, caller in callers.items():
                        await timed(lambda caller=caller, params=params: _page(caller, params), taken[name])  # type: ignore[misc]
                few, many = p50(taken["few"]), p50(taken["many"])
                overall.append(many / few)
                files = f"{shown['few']:>3} / {shown['many']:>3} files"
                print(f"  {role:<13} {said:<44} {files}  {few:7.1f} {many:7.1f}   {many / few:5.2f}", flush=True)
        for each in sides.values():
            await each.close()
    print(f"  many / few: median {statistics.median(overall):.2f}, greatest {max(overall):.2f}", flush=True)


def _assign(url: str) -> None:
    """Gives somebody two hundred files of all units to review."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(ASSIGN.format(district=DISTRICT, account=REVIEWER).encode())
        connection.execute("ANALYZE cases.review_assignments, cases.review_rounds")


async def _page(caller: Caller, params: dict[str, Any]) -> int:
    answer = await caller.get("/v1/case-files", params=params | {"limit": 50})
    if answer.status_code != 200:
        raise SystemExit(answer.text)
    return len(answer.json()["items"])


# ------------------------------------------------------------------------------------------------------- registering
BARE: str = """
    WITH number AS (INSERT INTO cases.case_numbers (id, district_id, unit_id, kind, year, sequence, number, state, created_by,
            created_at, version)
        VALUES (%(number)s, %(district)s, %(unit)s, 'penalty', 2024, %(turn)s, 'bare-' || %(turn)s, 'used', %(unit)s, now(), 1))
    INSERT INTO cases.case_files (id, district_id, unit_id, case_number_id, case_no, kind, procedure, state, item, legal_bases,
        officers, party_kind, party_name_shown, party_digest, filed_on, created_by, created_at, updated_at, version)
    VALUES (%(id)s, %(district)s, %(unit)s, %(number)s, 'bare-' || %(turn)s, 'penalty', 'ordinary', 'open',
        '占用公共场地经营（演示）', '{示例条例}', %(officers)s, 'natural', '林**', '', '2024-03-03', %(unit)s, now(), now(), 1)
"""


def _bare_row(connection: psycopg.Connection[Any], unit: Unit, turn: int, into: list[float]) -> None:
    """One file and its number by one statement, committed; indexes and triggers at work, no service."""
    values = {
        "number": ids.new_id(), "id": ids.new_id(), "district": DISTRICT, "unit": unit.id, "turn": turn,
        "officers": list(unit.officers),
    }  # fmt: skip
    began = time.perf_counter()
    connection.execute(BARE, values)
    connection.commit()
    into.append(time.perf_counter() - began)


async def _created(caller: Caller, path: str, body: Mapping[str, Any]) -> None:
    answer = await caller.post(path, json=body, headers={"Idempotency-Key": str(ids.new_id())})
    if answer.status_code != 201:
        raise SystemExit(answer.text)


async def registering(bench: Bench, rounds: int) -> None:
    """A case with six steps in one call, a case without steps, a call that inserts one record, a bare row; in turn."""
    with bench.filled("entered", 1_000) as name:
        services = bench.services(name)
        unit = bench.units[3]
        caller = Caller(
            services.client("cases_api"), Role.UNIT_MANAGER, unit=places.Unit(unit.id, (DISTRICT, unit.id), "359111103")
        )
        body = factory.body(places.Unit(unit.id, (DISTRICT, unit.id), ""), list(unit.officers))
        steps = [
            {"step": "evidence", "on": "2025-03-04", "kind": "scene_record"},
            {"step": "evidence", "on": "2025-03-06", "kind": "testimony"},
            {"step": "investigation_end", "on": "2025-03-10", "report": True},
            {"step": "notice", "on": "2025-03-11", "contents": ["facts", "reasons", "basis", "statement_right"]},
            {"step": "statement", "on": "2025-03-14", "made": False},
            {"step": "legal_review", "on": "2025-03-17", "opinion": "passed"},
        ]
        record = {
            "unit_id": str(unit.id), "mediated_on": "2025-03-12", "stage": "enforcement", "venue": "judicial_office",
            "matter": "占道经营处罚争议（演示）", "result": "agreed", "ended_on": "2025-03-14",
        }  # fmt: skip
        sides: dict[str, Callable[[], Awaitable[Any]]] = {
            "case with six steps": lambda: _created(caller, "/v1/case-files", body | {"steps": steps}),
            "case without steps": lambda: _created(caller, "/v1/case-files", body),
            "record of one row": lambda: _created(caller, "/v1/mediations", record),
        }
        taken: dict[str, list[float]] = {said: [] for said in (*sides, "bare row")}
        with psycopg.connect(bench.url(name)) as connection:
            for turn in range(10 + rounds):
                for said, side in sides.items():
                    await timed(side, taken[said] if turn >= 10 else [])
                _bare_row(connection, unit, turn + 1, taken["bare row"] if turn >= 10 else [])
        await services.close()
    print("registering, p50 in ms: " + ", ".join(f"{name} {p50(each):.1f}" for name, each in taken.items()))
    whole = p50(taken["case with six steps"])
    for name in ("case without steps", "record of one row", "bare row"):
        print(f"  case with six steps / {name:<24} {whole / p50(taken[name]):.2f}", flush=True)


def main() -> None:
    """The run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checked", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--entered", type=int, default=150, help="calls of each sort")
    parser.add_argument("--rounds", type=int, default=30, help="calls for each page")
    parser.add_argument("--home", type=Path, help="keeps server and files here for the next run")
    wanted = parser.parse_args()
    logs.configure("benchmarks", "WARNING")
    home: Path = wanted.home or Path(tempfile.mkdtemp(prefix="zhifa-bench-"))
    home.mkdir(exist_ok=True)
    try:
        bench = Bench(home, kept=wanted.home is not None)
        if wanted.entered:
            asyncio.run(registering(bench, wanted.entered))
        if wanted.checked:
            asyncio.run(check(bench, wanted.checked))
        if wanted.files:
            asyncio.run(pages(bench, wanted.files, wanted.rounds))
    finally:
        from admin.local import postgres

        postgres.stop(home)
        if wanted.home is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
