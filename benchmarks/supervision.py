"""Supervision beside what it is made of: `python -m benchmarks.supervision [--rounds 5] [--watched 1000000] [--due 20000]`.

Starts a PostgreSQL of its own, fills a district by SQL (`supervision.sql`) and calls the service in this process. What is
told are ratios of both sides in one run, in alternation, of processor time (this process, its children and the database) and
by the clock:

- the scoreboard of 24 tasks, 60 units and 3 years beside a list of 50 assignments;
- the obligations of a year over 20,000 officers, 100,000 cases and 10,000 assignments beside the slowest single measure;
- a sweep over a million assignments of which nothing falls due beside one in which a part of them does, on the day after:
  20,000, or all of them with `--only sweep --due 1000000` (a quarter of an hour);
- a quarterly report, gathered and typeset, beside typesetting its empty template.

The server and all data are gone afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import psycopg

from benchmarks import ledger
from services.kit import logs

PLANS = {name: f"01900000-0000-7000-8000-0000000000{end}" for name, end in (("FIRST_PLAN", "f1"), ("SECOND_PLAN", "f2"))}
SCRIPT = Path(__file__).with_suffix(".sql")
# A day in the third year of the plan: the second year's figures are whole.
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
YEAR = 2025
WATCHED = """
    INSERT INTO tasks.assignments (id, district_id, plan_id, task_id, unit_id, role, year, original_due_on, due_on, state,
                                   suspended_days, held_since, watch_on, version, created_at)
    SELECT gen_random_uuid(), %(district)s, t.plan_id, t.id, u.id, 'responsible', 3000 + n, d.due_on, d.due_on,
           'in_progress', 0, '2026-01-02', CASE WHEN n <= %(due)s THEN d.due_on + 1 ELSE d.due_on - 12 END, 1, '2026-01-02'
    FROM generate_series(1, %(each)s::integer) n
    CROSS JOIN LATERAL (SELECT CASE WHEN n <= %(due)s THEN date '2026-11-25' ELSE date '2027-06-30' END) AS d (due_on)
    CROSS JOIN public.bench_units u
    CROSS JOIN (SELECT id, plan_id FROM tasks.tasks WHERE plan_id = %(plan)s AND kind = 'requirement') t
"""
TOUCHED = "SELECT count(*) FROM tasks.assignments WHERE xmin::text::bigint > %s"
SETTLED = "SELECT count(*), count(DISTINCT subject_id) FROM tasks.{}"


def fill(url: str, officers: int, cases: int) -> None:
    """The district, its plan and what proves the plan; foreign keys and triggers rest meanwhile."""
    from services.tasks_api.obligations import external

    each = {kind for wanted in external.registers.EACH for kind in wanted.kinds}
    kinds = sorted(each | {kind for wanted in external.registers.WHOLE for kind in wanted.kinds})
    script = SCRIPT.read_text(encoding="utf-8").replace("KINDS", "{" + ",".join(kinds) + "}")
    places = PLANS | {"DISTRICT": str(ledger.DISTRICT), "OFFICERS": str(officers), "CASES": str(cases)}
    for name, value in places.items():
        script = script.replace(name, value)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET session_replication_role = replica")
        connection.execute(script)
        connection.execute("VACUUM (ANALYZE)")


class Service:
    """The tasks service in this process, and the bureau that calls it."""

    def __init__(self, url: str, folder: Path) -> None:
        from services.kit.principal import Role
        from services.kit.settings import Settings
        from services.tasks_api import main
        from tests import places, tokens

        (folder / "cursor.key").write_bytes(secrets.token_bytes(32))
        (folder / "personal.json").write_text(places.personal_keys())
        settings = Settings(
            database_url=url, database_role="zhifa_tasks", jwks_file=tokens.keys().jwks_file, public_url=tokens.ISSUER,
            personal_keys_file=folder / "personal.json", cursor_key_file=folder / "cursor.key", request_seconds=60,
        )  # fmt: skip
        self.url = url
        self.now = NOW
        self.app = main.create_app(settings, lambda: self.now)
        district = ledger.DISTRICT
        token = tokens.of(Role.BUREAU, unit_id=district, unit_path=(district,), now=int(NOW.timestamp()))
        transport = httpx.ASGITransport(self.app)
        headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.AsyncClient(transport=transport, base_url=tokens.ISSUER, headers=headers, timeout=600)

    @property
    def runtime(self) -> Any:
        """What the process holds."""
        return self.app.state.runtime

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """A call that must succeed."""
        answer = await self.client.request(method, path, json=body)
        if answer.is_error:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text[:2000]}")
        return answer

    async def work(self, task: Any, operation: UUID) -> None:
        """A job to its end."""
        from services.kit import jobs

        await jobs.run(self.runtime, task, operation)
        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT state FROM kit.operations WHERE id = %s", [operation]).fetchone()
        if found != ("succeeded",):
            raise SystemExit(f"{task.name}: {found}")


Act = Callable[[], Awaitable[object]]


class Processor:
    """Processor seconds of this process, its children and the database: what other work on the machine cannot blur."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT pg_backend_pid()").fetchone()
            assert found is not None
            self.postmaster = int(self._stat(found[0])[1])
        self.tick = os.sysconf("SC_CLK_TCK")

    def __call__(self) -> float:
        """Seconds so far."""
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        ours = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        stats = [stat for pid in pids if (stat := self._stat(pid)) and int(stat[1]) == self.postmaster]
        ended = self._stat(self.postmaster)
        return ours + sum(sum(map(int, stat[11:13])) for stat in (*stats, [*ended[2:13], *ended[13:15]])) / self.tick

    @staticmethod
    def _stat(pid: int) -> list[str]:
        """State, parent and so on of a process; nothing when it has ended."""
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return []


class Spans(NamedTuple):
    """Seconds of one call: processor time over all rounds, and the best round by the clock."""

    processor: float
    clock: float


async def compare(service: Service, rounds: int, calls: int, sides: Mapping[str, Act]) -> dict[str, Spans]:
    """Each side so many calls a round, one side after the other, so that all meet the machine as it is."""
    processor = Processor(service.url)
    used, spans = dict.fromkeys(sides, 0.0), {name: list[float]() for name in sides}
    for act in sides.values():
        await act()
    for _ in range(rounds):
        for name, act in sides.items():
            before = processor()
            for _ in range(calls):
                began = time.perf_counter()
                await act()
                spans[name].append(time.perf_counter() - began)
            used[name] += processor() - before
    return {name: Spans(used[name] / rounds / calls, min(spans[name])) for name in sides}


def tell(name: str, spans: Mapping[str, Spans]) -> None:
    """The figures of each side."""
    for side, span in spans.items():
        print(f"{name}, {side}: processor {span.processor * 1000:,.1f} ms, clock {span.clock * 1000:,.1f} ms")


def tell_ratio(spans: Mapping[str, Spans], above: str, below: str, wanted: str) -> None:
    """The ratio of processor times and that of the best calls by the clock."""
    ratios = (spans[above].processor / spans[below].processor, spans[above].clock / spans[below].clock)
    print(f"  {above} / {below}: processor {ratios[0]:.3f}, clock {ratios[1]:.3f}, wanted {wanted}", flush=True)


async def scoreboard(service: Service, rounds: int) -> None:
    """The whole board beside a page of the list it is made of: unchanged since it was last made; made anew with obligations as
    recorded, after a change to one task and from nothing; and with all obligations measured because something has happened."""
    from services.tasks_api.scoreboard import queries

    board = f"/v1/scoreboard?plan_id={PLANS['FIRST_PLAN']}"

    async def anew() -> None:
        queries._MADE.clear()
        await service.send("GET", board)

    async def changed() -> None:
        for key, made in queries._MADE.items():
            parts = dict(made.parts)
            parts.pop(next(iter(parts)))
            queries._MADE[key] = replace(made, mark=made.mark._replace(changes=-1), parts=parts)
        await service.send("GET", board)

    async def measured() -> None:
        with psycopg.connect(service.url, autocommit=True) as connection:
            connection.execute("DELETE FROM tasks.obligation_recordings")
        await anew()

    sides: dict[str, Act] = {
        "list": lambda: service.send("GET", f"/v1/assignments?plan_id={PLANS['FIRST_PLAN']}&limit=50"),
        "board": lambda: service.send("GET", board),
        "board after a change": changed,
        "board made anew": anew,
    }
    told = (await service.send("GET", board)).json()
    cells = sum(len(unit["assignments"]) for task in told["tasks"] for unit in task["units"] if task["kind"] == "task")
    assert cells == 24 * 60 * 3, cells
    await service.send("POST", "/v1/obligations/recordings")
    spans = await compare(service, rounds, 10, sides)
    tell("scoreboard", spans)
    tell_ratio(spans, "board", "list", "at most 5")
    tell_ratio(spans, "board after a change", "list", "at most 5")
    tell_ratio(spans, "board made anew", "list", "at most 5")
    spans = await compare(service, rounds, 1, {"list": sides["list"], "board measured": measured})
    tell("scoreboard", spans)


async def obligations(service: Service, rounds: int) -> None:
    """All obligations of a year in one statement beside each of its measures alone, in SQL."""
    page = await service.send("GET", f"/v1/obligations?year={YEAR}&limit=200")
    assert len(page.json()["items"]) == 200
    measures = await single_measures(service)
    sides: dict[str, Act] = {"all": lambda: service.send("GET", f"/v1/obligations?year={YEAR}&limit=200"), **measures}
    spans = await compare(service, rounds, 1, sides)
    slowest = sorted(measures, key=lambda name: spans[name].processor)[-4:]
    tell("obligations", {name: spans[name] for name in ("all", *slowest)})
    tell_ratio(spans, "all", slowest[-1], "at most 2")


async def single_measures(service: Service) -> dict[str, Act]:
    """Each obligation measured alone, as the service would ask for it."""
    from sqlalchemy import select, text

    from services.tasks_api.obligations import external, queries, rules

    asked = {"owed_year": YEAR, "district": ledger.DISTRICT}
    view = text(
        "SELECT * FROM published.training_obligations WHERE obligation = :name AND year = :owed_year AND district_id = :district"
    )
    async with service.runtime.database.reading() as read:
        owed = await queries.asked(read, ledger.DISTRICT, YEAR, None, NOW)
    question = owed.places | {"who_district_id": ledger.DISTRICT}
    found = external.measured()

    async def alone(name: str) -> None:
        async with service.runtime.database.reading() as read:
            if name.startswith("O2"):
                await read.execute(view, asked | {"name": name})
            else:
                await read.execute(select(found).where(found.c.obligation == name), question)

    return {each.id: partial(alone, each.id) for each in rules.OBLIGATIONS if each.id not in {"O4", "O20"}}


async def report(service: Service, rounds: int) -> None:
    """Gathering and typesetting a quarter beside typesetting the template without words, rows and charts; with obligations as
    kept when nothing has happened since, and kept anew."""
    from services.kit.documents import papers, rendering
    from services.tasks_api.reports import external, jobs

    async def whole() -> None:
        body = {"kind": "quarterly", "year": YEAR, "quarter": 3, "sections": [{"heading": "总体情况", "text": "演示文字。"}]}
        asked = await service.send("POST", "/v1/reports", body)
        operation = UUID(asked.headers["Location"].rsplit("/", 1)[-1])
        await service.work(jobs.TASK, operation)
        [latest] = (await service.send("GET", "/v1/reports?limit=1")).json()["items"]
        await service.send("GET", f"/v1/reports/{latest['id']}/file?format=pdf")

    async def empty() -> None:
        blocks: list[Any] = [papers.Heading("主要指标"), papers.Heading("分项情况")]
        blocks += [papers.Heading(source.caption, 2) for source in external.SOURCES]
        paper = papers.Paper(title="示例报告", blocks=blocks, addressee="示例区人民政府", signature="示例区司法局")
        await rendering.render(paper, "pdf", NOW)

    async def anew() -> None:
        with psycopg.connect(service.url, autocommit=True) as connection:
            connection.execute("DELETE FROM tasks.obligation_recordings")
        await whole()

    spans = await compare(service, rounds, 1, {"template": empty, "report": whole, "obligations kept anew": anew})
    tell("quarterly report", spans)
    tell_ratio(spans, "report", "template", "at most 10")
    tell_ratio(spans, "obligations kept anew", "template", "at most 10")


async def sweep(service: Service, url: str, watched: int, due: int) -> None:
    """A sweep in which nothing falls due, and one on the next day, when a part of all assignments has."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET session_replication_role = replica")
        values = {"district": ledger.DISTRICT, "plan": PLANS["FIRST_PLAN"], "each": watched // 180, "due": due // 180}
        made = connection.execute(WATCHED, values).rowcount
        connection.execute("VACUUM (ANALYZE) tasks.assignments")
    processor = Processor(url)
    pace = Pace(service, processor)
    quiet = [await swept(service, processor) for _ in range(3)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        before = connection.execute("SELECT max(xmin::text::bigint) FROM tasks.assignments").fetchone()
        service.now = NOW + timedelta(1)
        async with pace.watched():
            busy = await swept(service, processor)
        touched = connection.execute(TOUCHED, before).fetchone()
        settled = {name: connection.execute(SETTLED.format(name)).fetchone() for name in ("escalations", "lateness")}
    changed = due // 180 * 180
    part = f"{changed:,} due"
    print(f"sweep over {made:,} assignments: {part}, {(touched or (0,))[0]:,} touched; rows and assignments: {settled}")
    print(f"  {changed / busy.clock:,.0f} a second, {pace.told(changed)}")
    spans = {"none due": min(quiet), part: busy}
    tell("sweep", spans)
    tell_ratio(spans, "none due", part, "at most 0.05")


class Seen(NamedTuple):
    """A look at a running sweep: moment and processor time in seconds, part done, megabytes."""

    moment: float
    processor: float
    progress: float
    memory: float


class Pace:
    """How a sweep gets on: its progress, what processor time it took, and the memory of this process, asked for while it runs."""

    def __init__(self, service: Service, processor: Processor) -> None:
        self.service, self.processor = service, processor
        self.seen: list[Seen] = []

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Looks while the context is open."""
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()

    async def _look(self) -> None:
        """Until it is cancelled."""
        from sqlalchemy import text

        progress = text("SELECT progress FROM kit.operations WHERE state = 'running' ORDER BY created_at DESC LIMIT 1")
        while True:
            async with self.service.runtime.database.reading() as read:
                found = (await read.execute(progress)).scalar() or 0.0
            self.seen.append(Seen(time.perf_counter(), self.processor(), found, memory()))
            await asyncio.sleep(0.5)

    def told(self, due: int) -> str:
        """The rates of the first and the last fifth, and the memory at the beginning and at most."""
        sizes = [each.memory for each in self.seen]
        first, last = (self._rates(due, *part) for part in ((0.0, 0.2), (0.78, 0.98)))
        return f"{first} in the first fifth, {last} in the last; memory {sizes[0]:,.0f} MB, at most {max(sizes):,.0f} MB"

    def _rates(self, due: int, low: float, high: float) -> str:
        inside = [each for each in self.seen if low <= each.progress <= high]
        if len(inside) < 2:
            return "too soon to tell"
        begin, end = inside[0], inside[-1]
        done = (end.progress - begin.progress) * due
        by_clock, by_processor = done / (end.moment - begin.moment), done / (end.processor - begin.processor)
        return f"{by_clock:,.0f} ({by_processor:,.0f} a processor second)"


def memory() -> float:
    """Megabytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 2**20


async def swept(service: Service, processor: Processor) -> Spans:
    """A sweep asked for as the service asks for it when something falls due."""
    from services.kit import audit, operations
    from services.tasks_api.escalations import jobs
    from services.tasks_api.escalations.actions import SWEEPER

    async with service.runtime.database.transaction() as session:
        session.info["circumstances"] = audit.Circumstances("tasks_api", service.now, "", who=SWEEPER)
        asked = await operations.start(session, SWEEPER, jobs.KIND, {})
    before, began = processor(), time.perf_counter()
    await service.work(jobs.TASK, asked)
    took = time.perf_counter() - began
    return Spans(processor() - before, took)


async def measure(url: str, wanted: argparse.Namespace) -> None:
    """Everything, one after the other."""
    folder = Path(tempfile.mkdtemp(prefix="zhifa-bench-keys-"))
    service = Service(url, folder)
    try:
        parts: dict[str, Act] = {
            "scoreboard": lambda: scoreboard(service, wanted.rounds),
            "obligations": lambda: obligations(service, wanted.rounds),
            "report": lambda: report(service, wanted.rounds),
            "sweep": lambda: sweep(service, url, wanted.watched, min(wanted.due, wanted.watched)),
        }
        for part in wanted.only or parts:
            await parts[part]()
    finally:
        await service.client.aclose()
        await service.runtime.database.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """The run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--officers", type=int, default=20_000)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--watched", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=20_000)
    parser.add_argument("--only", nargs="+", choices=("scoreboard", "obligations", "report", "sweep"))
    wanted = parser.parse_args()
    logs.configure("benchmark", "WARNING")
    with ledger.database(0) as url:
        began = time.perf_counter()
        fill(url, wanted.officers, wanted.cases)
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"filled in {time.perf_counter() - began:.0f} s; load {load}; {json.dumps(PLANS)}", flush=True)
        asyncio.run(measure(url, wanted))


if __name__ == "__main__":
    main()
