"""zhifa beside its standing peer, over the same rows, in one run: `python -m benchmarks.run [--seconds 8] [--rounds 3]`.

Starts everything on loopback in a home of its own, loads both sides in turn and prints figures and their ratios.
Needs wrk (`apt-get install wrk`). Nothing is left running.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from benchmarks import load

ROOT = Path(__file__).parents[1]
ROWS = 200_000
SEED = """
    INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement, granting,
                                 vertical, assumed, version, created_at)
    SELECT id, %(district)s, %(district)s, ARRAY[%(district)s, id], '359111' || lpad(n::text, 8, '0'), '示例单位' || n,
           '示例' || n, 'department', n %% 2 = 0, false, false, false, 1, now()
    FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(%(first)s, %(last)s) n) made
"""


@dataclass(slots=True)
class Stack:
    """A running zhifa: addresses, process ids, a token, the owner's database address."""

    gateway: str
    directory: str
    pids: dict[str, list[int]]
    database_url: str
    home: Path
    district: str = ""
    token: str = ""
    ids: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """A fresh token; one lives for 15 minutes."""
        self.token = zhifa(self.home, "token", "bench.bureau")


def zhifa(home: Path, *arguments: str) -> str:
    """Runs the command line for this home."""
    environment = os.environ | {
        "ZHIFA_HOME": str(home),
        "ZHIFA_RATE_PER_ACCOUNT": "100000000",
        "ZHIFA_RATE_PER_ADDRESS": "100000000",
    }
    environment["ZHIFA_LOG_LEVEL"] = "WARNING"
    done = subprocess.run([str(ROOT / "zhifa"), *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"zhifa {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout.strip()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_zhifa() -> Iterator[Stack]:
    """The whole system on loopback, in a home of its own."""
    home = Path(tempfile.mkdtemp(prefix="zhifa-bench-"))
    port = free_port()
    try:
        zhifa(home, "up", "--detach", "--port", str(port))
        yield stack_of(home, port)
    finally:
        zhifa(home, "down")
        shutil.rmtree(home, ignore_errors=True)


def stack_of(home: Path, port: int) -> Stack:
    """What the state file of the home tells about its processes."""
    from admin.local import database
    from admin.local import home as homes

    state = json.loads((home / "state.json").read_text())
    processes = {entry["name"]: entry for entry in state["processes"]}
    running = database.running(homes.Home(home))
    assert running.cluster is not None
    postmaster = psycopg.connect(running.cluster.url()).execute("SELECT pg_backend_pid()").fetchone()
    assert postmaster is not None
    parent = int((Path(f"/proc/{postmaster[0]}/stat").read_text().rpartition(")")[2].split())[1])
    pids = {"gateway": [processes["gateway"]["pid"]], "service": [processes["directory_api"]["pid"]], "postgres": [parent]}
    directory = f"http://127.0.0.1:{processes['directory_api']['port']}"
    return Stack(f"http://127.0.0.1:{port}", directory, pids, running.cluster.url("zhifa"), home)


def prepare(stack: Stack) -> None:
    """A district of 200,000 units, an account that may read them, one that may add to them."""
    admin = httpx.Client(base_url=stack.gateway, headers={"Authorization": f"Bearer {zhifa(stack.home, 'token', 'sysadmin')}"})
    unit = {"code": "359111", "name": "示例区人民政府", "short_name": "示例区", "kind": "government"}
    stack.district = admin.post("/v1/units", json=unit).raise_for_status().json()["id"]
    account = {"username": "bench.bureau", "display_name": "示例账号", "roles": ["bureau"], "unit_id": stack.district}
    admin.post("/v1/accounts", json=account).raise_for_status()
    grow(stack, 1, ROWS)
    stack.sign_in()


def grow(stack: Stack, first: int, last: int) -> None:
    """Adds rows by SQL and lets PostgreSQL see them as they are."""
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute(SEED, {"district": stack.district, "first": first, "last": last})
        connection.execute("VACUUM (ANALYZE) directory.units")
        stack.ids = [str(row[0]) for row in connection.execute("SELECT id FROM directory.units ORDER BY random() LIMIT 500")]


@contextmanager
def running_peer(stack: Stack) -> Iterator[tuple[str, list[int]]]:
    """Django REST framework on gunicorn, one worker with eight threads."""
    venv = ROOT / ".zhifa" / "bench-venv"
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "-r", str(ROOT / "benchmarks/peer/requirements.txt")], check=True
        )
    port = free_port()
    environment = os.environ | {"PEER_DATABASE_URL": stack.database_url, "PEER_SECRET": secrets.token_hex(16)}
    command = [str(python), "-m", "gunicorn", "-w", "1", "--threads", "8", "-b", f"127.0.0.1:{port}", "peer:application"]
    process = subprocess.Popen(command, cwd=ROOT / "benchmarks" / "peer", env=environment, stderr=subprocess.DEVNULL)
    try:
        await_answer(f"http://127.0.0.1:{port}/units?district_id={stack.district}")
        yield f"http://127.0.0.1:{port}", [process.pid]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def await_answer(url: str) -> None:
    """Waits until a server answers 200."""
    for _ in range(100):
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"no answer from {url}")


@dataclass(frozen=True, slots=True)
class Contest:
    """Both sides under the same load."""

    stack: Stack
    peer: str
    peer_pids: list[int]
    seconds: int
    rounds: int

    def hold(self, connections: int) -> None:
        """List, get and insert at so many connections; prints figures and ratios."""
        self.stack.sign_in()
        admin = zhifa(self.stack.home, "token", "sysadmin")
        lists = self._best(
            "list of 50", connections, ["/v1/units?limit=50"], [f"/units?district_id={self.stack.district}"], direct=True
        )
        ours, theirs = ([f"{prefix}/{found}" for found in self.stack.ids] for prefix in ("/v1/units", "/units"))
        gets = self._best("get one", connections, ours, theirs)
        body = json.dumps({"code": "359999@UNIQUE@", "name": "新增单位", "short_name": "新增", "kind": "government"})
        inserts = self._best("insert", connections, ["/v1/units"], ["/units"], token=admin, body=body)
        for name, figures in (("list", lists), ("get", gets), ("insert", inserts)):
            print(f"  ratio {name}, {connections} conn.: {figures['by gateway'].rps / figures['peer'].rps:.2f} x the peer")
        print(f"  gateway / direct, list: {lists['by gateway'].rps / lists['direct'].rps:.2f}", flush=True)

    def _best(
        self, name: str, connections: int, ours: list[str], theirs: list[str], *, direct: bool = False, **options: str
    ) -> dict[str, load.Figure]:
        """Loads the sides in turn, several rounds, and keeps each one's best."""
        found: dict[str, load.Figure] = {}
        for _ in range(self.rounds):
            for side, figure in self._round(connections, ours, theirs, direct, options):
                if side not in found or figure.rps > found[side].rps:
                    found[side] = figure
        for side, figure in found.items():
            print(figure.line(f"{name}, {connections} conn.: {side}"), flush=True)
        return found

    def _round(
        self, connections: int, ours: list[str], theirs: list[str], direct: bool, options: dict[str, str]
    ) -> Iterator[tuple[str, load.Figure]]:
        common = {"seconds": self.seconds, "connections": connections}
        body, token = options.get("body"), options.get("token", self.stack.token)
        peer_servers = {"gunicorn": self.peer_pids, "postgres": self.stack.pids["postgres"]}
        yield "peer", load.run(self.peer, theirs, servers=peer_servers, body=body, stamp=secrets.token_hex(4), **common)
        bases = {"by gateway": self.stack.gateway} | ({"direct": self.stack.directory} if direct else {})
        for side, base in bases.items():
            stamp = secrets.token_hex(4)
            yield side, load.run(base, ours, servers=self.stack.pids, token=token, body=body, stamp=stamp, **common)


def depths(stack: Stack) -> None:
    """Time of one page at the beginning, the middle and the end, over 200 thousand and over 2 million rows."""
    medians: dict[tuple[int, str], float] = {}
    for rows in (ROWS, 10 * ROWS):
        if rows > ROWS:
            grow(stack, ROWS + 1, rows)
        stack.sign_in()
        for name, share in (("first page", 0.0), ("middle", 0.5), ("end", 0.99)):
            path = page_at(stack, int(rows * share))
            figure = load.run(stack.gateway, [path], servers=stack.pids, token=stack.token, seconds=4, connections=1)
            medians[rows, name] = figure.p50
            print(figure.line(f"page of 50, {rows:,} rows, {name}"), flush=True)
    least, most = min(medians.values()), max(medians.values())
    print(f"  slowest / fastest page: {most / least:.2f}")


def page_at(stack: Stack, row: int) -> str:
    """Path of the page behind this row, with the cursor the API itself gives there."""
    if row == 0:
        return "/v1/units?limit=50"
    # A cursor is signed, so it is made by the code that makes them, with the key of the home.
    from services.directory_api.units.schemas import UnitFilter
    from services.kit import pagination

    with psycopg.connect(stack.database_url) as connection:
        found = connection.execute(
            "SELECT code, id FROM directory.units WHERE district_id = %s ORDER BY code, id OFFSET %s LIMIT 1",
            [stack.district, row],
        ).fetchone()
    assert found is not None
    key = (stack.home / "secrets" / "cursor.key").read_bytes()
    cursor = pagination.signed(key, "/v1/units", UnitFilter(limit=50), tuple(found))
    return f"/v1/units?limit=50&cursor={cursor}"


def main() -> None:
    """Runs everything once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with running_zhifa() as stack:
        prepare(stack)
        with running_peer(stack) as (peer, peer_pids):
            for connections in (32, 1):
                Contest(stack, peer, peer_pids, chosen.seconds, chosen.rounds).hold(connections)
        depths(stack)


if __name__ == "__main__":
    main()
