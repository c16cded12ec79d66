"""An import of class hours beside the raw COPY of the same rows: `python -m benchmarks.imports [--rows 100000] [--rounds 3]`.

Starts a PostgreSQL of its own, with fsync, and fills a district with officers. Each side works on a fresh copy of the
same database, in turn; the best of the rounds counts. The floor is told twice: COPY into the ledger itself (its indexes,
foreign keys and triggers do their work there as well), and COPY into a bare table of the same columns. To each the time
is added that Python needs to read the file. `--large 1000000` measures the memory of a larger import too; with
`--rounds 0` memory alone. Memory is what the importing process and its reader held at their height (VmHWM), asked of Linux
while they run: what `getrusage` tells includes the process that started them.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

import psycopg

ROOT = Path(__file__).parents[1]
OFFICERS = 2_000
HEADINGS = ["身份证号", "类别", "学时", "日期", "来源", "备注", "外部编号"]
CATEGORIES = {"业务知识": "business", "公共法律知识": "public_law", "行政执法技能": "skills"}
DISTRICT, TOWN, SENDER = (UUID(f"01900000-0000-7000-8000-0000000000{end}") for end in ("d1", "e1", "a1"))
FIRST_DAY = date(2024, 1, 1)
UNIT = (
    "INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement, granting,"
    " vertical, assumed, version, created_at) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,true,false,false,false,1,now())"
)
COLUMNS = (
    "id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days, source, entered_as, note, external_system,"
    " external_id, entered_by, created_at"
)


class Person(NamedTuple):
    """An officer who is nobody."""

    id: UUID
    number: str


class Row(NamedTuple):
    """A row of the file, and the officer it means."""

    person: Person
    category: str
    hundredths: int
    on: date
    note: str
    external_id: str


class Import(NamedTuple):
    """What a child found out about its import."""

    upload: float
    work: float
    megabytes: float
    accepted: int


def rows(people: list[Person], count: int) -> Iterator[Row]:
    """Half a day here, half a day there: nobody's day gets full."""
    categories = list(CATEGORIES)
    for number in range(count):
        turn = number // len(people)
        on = FIRST_DAY + timedelta(days=turn % 600)
        yield Row(
            people[number % len(people)], categories[turn % 3], 150 + turn // 600, on, f"执法业务培训第{turn}课", f"H-{number}"
        )


def write(path: Path, people: list[Person], count: int) -> None:
    """The rows as a file, .csv or .xlsx by its name."""
    table = (
        [each.person.number, each.category, f"{each.hundredths / 100:.2f}", str(each.on), "面授", each.note, each.external_id]
        for each in rows(people, count)
    )
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows(table)
        return
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for place, row in enumerate(table, 1):
        sheet.write_row(place, 0, row)
    book.close()


class Bench:
    """A server of its own, a template database, and copies of it."""

    def __init__(self, home: Path) -> None:
        from admin.local import postgres

        self.home = home
        self.server = postgres.ensure(home).url()
        self.people: list[Person] = []
        self.keys = home / "personal.json"
        self._make()

    def url(self, name: str) -> str:
        """The address of a database."""
        from urllib.parse import urlsplit, urlunsplit

        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def _make(self) -> None:
        import base64

        one, two = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
        self.keys.write_text(json.dumps({"active": "k1", "keys": {"k1": one}, "index": two}))
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_bench")
        environment = os.environ | {"ZHIFA_DATABASE_URL": self.url("template_bench")}
        subprocess.run([sys.executable, "-m", "alembic", "upgrade", "head"], cwd=ROOT, env=environment, check=True)
        with psycopg.connect(self.url("template_bench"), autocommit=True) as connection:
            self._fill(connection)

    def _fill(self, connection: psycopg.Connection[Any]) -> None:
        from services.kit import ids, personal
        from services.kit.settings import Settings
        from services.training_api.officers.actions import SEALED_FOR
        from tests.factories.training import id_number

        vault = personal.Vault.from_settings(Settings(personal_keys_file=self.keys))
        connection.execute(UNIT, [DISTRICT, DISTRICT, None, [DISTRICT], "359111", "示例区", "示例区", "government"])
        connection.execute(UNIT, [TOWN, DISTRICT, DISTRICT, [DISTRICT, TOWN], "359111101", "示例甲镇", "示例甲镇", "town"])
        self.people = [Person(ids.new_id(), id_number(number)) for number in range(1, OFFICERS + 1)]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO training.officers (id, district_id, unit_id, name, id_type, id_number, id_index, id_number_masked,"
                " kind, posts, hired_on, version, created_at) VALUES (%s,%s,%s,'示例','resident',%s,%s,%s,'officer','{}',"
                " '2020-01-01',1,now())",
                [
                    [
                        each.id, DISTRICT, TOWN, vault.seal(each.number, SEALED_FOR), vault.index(each.number, SEALED_FOR),
                        personal.masked_id_number(each.number),
                    ]
                    for each in self.people
                ],
            )  # fmt: skip
            cursor.execute(
                "INSERT INTO training.officer_units (id, officer_id, district_id, unit_id, kind, from_on, recorded_at)"
                " SELECT gen_random_uuid(), id, district_id, unit_id, 'officer', '2020-01-01', now() FROM training.officers"
            )
        connection.execute("VACUUM (ANALYZE)")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """A fresh copy of the template; its name."""
        name = f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template_bench STRATEGY file_copy")
            connection.execute("CHECKPOINT")
            yield name
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def raw_copy(self, people: list[Person], count: int, *, bare: bool) -> float:
        """Seconds for COPY of the rows, ready made, and its commit."""
        now = datetime.now(UTC)  # noqa: TID251, RUF100  # the time of the run
        made = list(rows(people, count))
        from services.kit import ids

        lines = [
            (
                ids.new_id(), DISTRICT, TOWN, each.person.id, CATEGORIES[each.category], each.hundredths, each.on, 1, "class",
                "posted", each.note, "platform", each.external_id, SENDER, now,
            )
            for each in made
        ]  # fmt: skip
        with self.copy() as name, psycopg.connect(self.url(name)) as connection:
            target = "training.hour_entries"
            if bare:
                connection.execute("CREATE TABLE bare AS SELECT * FROM training.hour_entries WHERE false")
                connection.commit()
                target = "bare"
            else:
                connection.execute("SET ROLE zhifa_training")
            began = time.perf_counter()
            with connection.cursor() as cursor, cursor.copy(f"COPY {target} ({COLUMNS}) FROM STDIN") as copying:
                for line in lines:
                    copying.write_row(line)
            connection.commit()
            return time.perf_counter() - began

    def run(self, path: Path) -> Import:
        """An import of the file, by a process of its own."""
        with self.copy() as name:
            command = [sys.executable, "-m", "benchmarks.imports", "--child", self.url(name), str(path), str(self.keys)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise SystemExit(done.stderr)
            return Import(**json.loads(done.stdout.splitlines()[-1]))


def read_time(path: Path) -> float:
    """Seconds that Python needs to read the file to its end."""
    began = time.perf_counter()
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            for _ in csv.reader(file):
                pass
    else:
        from python_calamine import CalamineWorkbook

        CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return time.perf_counter() - began


async def child(url: str, path: Path, keys: Path) -> Import:
    """One import as the service runs it, without HTTP around it."""
    from services.kit import audit, clock, db, imports, jobs
    from services.kit.principal import Principal, Role, Scope
    from services.kit.settings import Settings
    from services.training_api import main
    from services.training_api.hour_imports.jobs import TASK
    from tests import tokens

    files = tokens.keys()
    cursor_key = keys.with_name("cursor.key")
    cursor_key.write_bytes(secrets.token_bytes(32))
    settings = Settings(
        database_url=url, database_role="zhifa_training", jwks_file=files.jwks_file, personal_keys_file=keys,
        cursor_key_file=cursor_key, pool_size=4, ledger_key_file=tokens.ledger_keys().signing_key_file,
        ledger_jwks_file=tokens.ledger_keys().jwks_file,
    )  # fmt: skip
    runtime = main.create_app(settings).state.runtime
    who = Principal(SENDER, "示例", frozenset({Role.BUREAU}), DISTRICT, (DISTRICT,), frozenset({Scope.DISTRICT}))
    began = time.perf_counter()
    async with runtime.database.session() as session:
        session.info["circumstances"] = audit.Circumstances(runtime.service, clock.now(), "", who=who)
        with path.open("rb") as file:
            key = await imports.start(session, who, runtime.extras["vault"], TASK.kind, _named(file), path.name, dry_run=False)
        await db.finish(session)
    uploaded = time.perf_counter()
    async with watching() as readers:
        await jobs.run(runtime, TASK, key)
    ended = time.perf_counter()
    async with runtime.database.reading() as read:
        row = (await read.fetch("SELECT accepted FROM kit.imports WHERE id = $1", [key]))[0]
    await runtime.database.close()
    return Import(uploaded - began, ended - uploaded, (high_water("self") + max(readers, default=0)) / 1024, row["accepted"])


@asynccontextmanager
async def watching() -> AsyncIterator[list[int]]:
    """What the children of this process hold at their height, in KiB, while the context is open."""
    found: list[int] = []

    async def look() -> None:
        while True:
            found.append(largest_child())
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(look())
    try:
        yield found
    finally:
        looking.cancel()


def largest_child() -> int:
    """The most that one of the processes this one has started just now held, in KiB."""
    children = [child for each in Path("/proc/self/task").glob("*/children") for child in each.read_text().split()]
    return max(map(high_water, children), default=0)


def high_water(process: str) -> int:
    """The most memory a process held since its program began, in KiB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def _named(file: Any) -> BinaryIO:
    found: BinaryIO = file
    return found


def compare(bench: Bench, path: Path, count: int, rounds: int) -> None:
    """Prints both sides and their ratios."""
    write(path, bench.people, count)
    reading = min(read_time(path) for _ in range(rounds))
    ledger, bare, runs = [], [], []
    for _ in range(rounds):
        ledger.append(bench.raw_copy(bench.people, count, bare=False))
        bare.append(bench.raw_copy(bench.people, count, bare=True))
        runs.append(bench.run(path))
    best = min(runs, key=lambda run: run.upload + run.work)
    assert {run.accepted for run in runs} == {count}
    whole = best.upload + best.work
    print(f"{path.name}: {count:,} rows, {path.stat().st_size / 1e6:.1f} MB")
    print(f"  reading the file            {reading:7.2f} s")
    print(f"  COPY into the ledger        {min(ledger):7.2f} s")
    print(f"  COPY into a bare table      {min(bare):7.2f} s")
    print(f"  import                      {whole:7.2f} s  (taking in {best.upload:.2f}, work {best.work:.2f})")
    print(f"  import / (COPY into the ledger + reading)    {whole / (min(ledger) + reading):.2f}")
    print(f"  import / (COPY into a bare table + reading)  {whole / (min(bare) + reading):.2f}")
    print(f"  memory at its height        {best.megabytes:7.0f} MB", flush=True)


def height(bench: Bench, path: Path, count: int) -> None:
    """Prints the memory of an import of so many rows, and nothing beside it."""
    write(path, bench.people, count)
    done = bench.run(path)
    assert done.accepted == count
    print(f"{path.name}: {count:,} rows, {path.stat().st_size / 1e6:.1f} MB, import {done.upload + done.work:.2f} s")
    print(f"  memory at its height        {done.megabytes:7.0f} MB", flush=True)


def main() -> None:
    """The run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--child", nargs=3)
    wanted = parser.parse_args()
    if wanted.child:
        url, path, keys = wanted.child
        print(json.dumps(asyncio.run(child(url, Path(path), Path(keys)))._asdict()))
        return
    home = Path(tempfile.mkdtemp(prefix="zhifa-bench-"))
    try:
        bench = Bench(home)
        if wanted.rounds:
            compare(bench, home / "hours.csv", wanted.rows, wanted.rounds)
            compare(bench, home / "hours.xlsx", min(wanted.rows, 100_000), wanted.rounds)
        else:
            height(bench, home / "small.csv", wanted.rows)
        if wanted.large:
            height(bench, home / "large.csv", wanted.large)
    finally:
        from admin.local import postgres

        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
