"""A round of 20,000 files over REST, on a running home: `python -m benchmarks.rounds HOME [--files 200000] [--people 600]`.

Fills the home with synthetic closed files and reviewers by SQL, then freezes, seeds, draws and assigns through the gateway
as the bureau would, and tells how long each step took and the most memory of the service meanwhile. The home serves this
alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg

ROOT = Path(__file__).parents[1]
FILES = """
    WITH units AS (SELECT array_agg(id ORDER BY code) ids FROM directory.units WHERE enforcement),
    made AS (SELECT n, gen_random_uuid() id, gen_random_uuid() number_id, ids[1 + n %% cardinality(ids)] unit_id
             FROM units, generate_series(1, %(files)s) n),
    numbered AS (
        INSERT INTO cases.case_numbers (id, district_id, unit_id, kind, year, sequence, number, state, created_by, created_at,
                                        version)
        SELECT number_id, %(district)s, unit_id, 'penalty', 2025, n, '示例〔2025〕' || lpad(n::text, 7, '0') || '号',
               'used', gen_random_uuid(), now(), 1 FROM made)
    INSERT INTO cases.case_files (id, district_id, unit_id, case_number_id, case_no, kind, procedure, state, item, legal_bases,
        officers, party_kind, party_name_shown, party_digest,
        filed_on, decided_on, closed_on, created_by, created_at, updated_at, version)
    SELECT id, %(district)s, unit_id, number_id, '示例〔2025〕' || lpad(n::text, 7, '0') || '号', 'penalty',
           CASE WHEN n %% 3 = 0 THEN 'summary' ELSE 'ordinary' END, 'closed', '占道经营（演示）',
           ARRAY['示例条例第1条'], ARRAY[gen_random_uuid(), gen_random_uuid()], 'organisation', '示例公司（虚构）', 'synthetic',
           '2025-01-10', '2025-02-10',
           '2025-02-20', gen_random_uuid(), now(), now(), 1 FROM made
"""
PEOPLE = """
    WITH units AS (SELECT array_agg(id ORDER BY code) ids FROM directory.units WHERE enforcement),
    made AS (SELECT n, gen_random_uuid() id, ids[1 + n %% cardinality(ids)] unit_id FROM units, generate_series(1, %(people)s) n),
    known AS (
        INSERT INTO directory.accounts (id, username, display_name, roles, unit_id, state, password_hash, must_change_password,
                                        version, created_at)
        SELECT id, 'bench.reviewer.' || n, '示例评查人', ARRAY['unit_member', 'reviewer'], unit_id, 'active', '', false, 1, now()
        FROM made)
    INSERT INTO cases.reviewers (id, district_id, account_id, kinds, legal_review, former_units, is_active, created_by,
                                 created_at, version)
    SELECT gen_random_uuid(), %(district)s, id, ARRAY['penalty'], n %% 2 = 0, '[]', true, id, now(), 1 FROM made
"""


def zhifa(home: Path, *arguments: str) -> str:
    """Runs the command line for this home."""
    environment = os.environ | {"ZHIFA_HOME": str(home)}
    command = [sys.executable, "-m", "admin.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


class Bureau:
    """The bureau at work, with the clock in hand."""

    def __init__(self, home: Path, origin: str, pid: int) -> None:
        self.home, self.pid = home, pid
        self.http = httpx.Client(base_url=origin, timeout=600)
        self.path = ""

    def send(self, method: str, path: str, body: Any = None, version: int | None = None) -> Any:
        """A call that must succeed."""
        headers = {"Authorization": f"Bearer {zhifa(self.home, 'token', 'bench.bureau')}"}
        headers |= {"If-Match": f'"v{version}"'} if version is not None else {}
        began = time.perf_counter()
        answer = self.http.request(method, path, json=body, headers=headers)
        took = time.perf_counter() - began
        if answer.is_error:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text[:2000]}")
        if took > 0.3:
            print(f"  {method} {path.rsplit('/', 1)[-1]:22} {took:7.2f} s, {len(answer.content):,} bytes", flush=True)
        return answer.json()

    def act(self, verb: str, body: Any = None) -> Any:
        """A step of the round as it stands, to its end."""
        version = self.send("GET", self.path)["version"]
        began = time.perf_counter()
        answer = self.send("POST", f"{self.path}/{verb}", body, version)
        while "progress" in answer and answer["state"] in {"queued", "running"}:
            time.sleep(1)
            answer = self.send("GET", f"/v1/operations/{answer['id']}")
        if answer["state"] in {"failed", "cancelled"}:
            raise SystemExit(f"{verb}: {json.dumps(answer, ensure_ascii=False)[:2000]}")
        print(f"{verb}: {time.perf_counter() - began:.1f} s, most memory {peak(self.pid)}", flush=True)
        return answer


def peak(pid: int) -> str:
    """The most memory a process has held."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return f"{int(line.split()[1]) // 1024:,} MB"


def main() -> None:
    """One round from end to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--filled", action="store_true", help="the home is filled already")
    wanted = parser.parse_args()
    from admin.local import database
    from admin.local import home as homes

    state = json.loads((wanted.home / "state.json").read_text())
    processes = {entry["name"]: entry for entry in state["processes"]}
    cluster = database.running(homes.Home(wanted.home)).cluster
    assert cluster is not None
    if not wanted.filled:
        fill(cluster.url("zhifa"), wanted.files, wanted.people)
    walk(Bureau(wanted.home, f"http://127.0.0.1:{processes['gateway']['port']}", processes["cases_api"]["pid"]))


def fill(url: str, files: int, people: int) -> None:
    """Closed files, reviewers and an account of the bureau."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        found = connection.execute("SELECT id FROM directory.units WHERE parent_id IS NULL").fetchone()
        assert found is not None
        values = {"district": found[0], "files": files, "people": people}
        connection.execute(
            "INSERT INTO directory.accounts (id, username, display_name, roles, unit_id, state, password_hash,"
            " must_change_password, version, created_at) SELECT gen_random_uuid(), 'bench.bureau', '示例账号', ARRAY['bureau'],"
            " id, 'active', '', false, 1, now() FROM directory.units WHERE parent_id IS NULL",
        )
        for statement in (FILES, PEOPLE):
            began = time.perf_counter()
            connection.execute(statement, values)
            print(f"filled in {time.perf_counter() - began:.1f} s", flush=True)
        # The legal check of so many files is another matter.
        connection.execute("DELETE FROM cases.legal_check_queue")
        connection.execute("ANALYZE")


def walk(bureau: Bureau) -> None:
    """The round from end to end."""
    rubrics = bureau.send("GET", "/v1/rubrics?state=published&kind=penalty")["items"]
    campaign = bureau.send(
        "POST", "/v1/review-campaigns", {"title": "示例评查", "year": 2025, "rubric_id": rubrics[0]["id"], "online": True}
    )
    campaign = bureau.send("POST", f"/v1/review-campaigns/{campaign['id']}/open", version=campaign["version"])
    body = {"campaign_id": campaign["id"], "mode": "sample", "quota": {"share_per_10000": 1_000, "min": 0}, "legal_reviewers": 1}
    turn = bureau.send("POST", "/v1/review-rounds", body)
    bureau.path = f"/v1/review-rounds/{turn['id']}"
    bureau.act("freeze")
    bureau.act("seed", {"seed": f"公开掷骰（演示） {turn['id']}", "source": "公开掷骰（演示）"})
    bureau.act("draw")
    bureau.act("assign", {"most_load": 100})
    print(bureau.send("GET", bureau.path))


if __name__ == "__main__":
    main()
