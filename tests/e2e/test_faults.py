"""Processes that die while people work: nothing acknowledged is lost, nothing happens twice, and it goes on by itself."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from admin.local import database, postgres
from admin.local import home as homes
from tests.e2e.conftest import System

# From the blow to the next acknowledged writes, the restart by the supervisor included, on a busy machine.
RECOVERY_SECONDS = 10.0


class Writers:
    """Threads that add units under keys of their own and try again until each is acknowledged."""

    def __init__(self, clients: list[httpx.Client], prefix: str) -> None:
        self.clients, self.prefix = clients, prefix
        self.acknowledged: list[str] = []
        self.bad: list[tuple[int, str]] = []
        self.stop = threading.Event()

    def write(self, number: int) -> None:
        """One thread: each request is repeated with the same key until somebody answers it."""
        count = 0
        while not self.stop.is_set():
            count += 1
            self._until_done(self.clients[number], f"{self.prefix}{number}{count:05}")

    def _until_done(self, client: httpx.Client, code: str) -> None:
        body = {"code": code, "name": "故障测试单位", "short_name": "故障测试", "kind": "government"}
        while not self.stop.is_set():
            try:
                answer = client.post("/v1/units", json=body, headers={"Idempotency-Key": code})
            except httpx.TransportError:
                continue
            if answer.status_code == 201:
                self.acknowledged.append(code)
                return
            if answer.status_code not in {409, 502, 503, 504} or "problem+json" not in answer.headers["Content-Type"]:
                self.bad.append((answer.status_code, answer.text))
                return
            if answer.status_code != 409 and "Retry-After" not in answer.headers:
                self.bad.append((answer.status_code, "no Retry-After"))
            time.sleep(0.05)


@contextmanager
def writing(system: System, prefix: str) -> Iterator[Writers]:
    """Two writers at work while the context is open; they have their tokens before anything is struck."""
    with system.client("sysadmin") as first, system.client("sysadmin") as second:
        writers = Writers([first, second], prefix)
        threads = [threading.Thread(target=writers.write, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        try:
            await_writes(writers, 4, 30)
            yield writers
        finally:
            writers.stop.set()
            for thread in threads:
                thread.join(30)


def await_writes(writers: Writers, count: int, seconds: float) -> None:
    """Until so many writes were acknowledged."""
    started = time.monotonic()
    while len(writers.acknowledged) < count:
        assert time.monotonic() - started < seconds, "writes go on within the time demanded"
        time.sleep(0.01)


def demand_nothing_lost_or_doubled(system: System, writers: Writers) -> None:
    url = database.running(homes.Home(system.home)).owner_url
    with psycopg.connect(url) as connection:
        found = [
            row[0] for row in connection.execute("SELECT code FROM directory.units WHERE code LIKE %s", [f"{writers.prefix}%"])
        ]
        twice = connection.execute(
            "SELECT count(*) FROM (SELECT object_id FROM kit.audit_events WHERE action = 'unit.created'"
            " GROUP BY object_id HAVING count(*) > 1) doubled"
        ).fetchone()
    assert writers.bad == []
    assert len(found) == len(set(found))
    assert set(writers.acknowledged) <= set(found)
    assert len(set(found) - set(writers.acknowledged)) <= 2, "at most the two requests under way at the end"
    assert twice == (0,)
    assert len(writers.acknowledged) > 20


def await_ready(system: System, seconds: float) -> float:
    """Time until the gateway says ready."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            if httpx.get(f"{system.address}/readyz", timeout=5).status_code == 200:
                return time.monotonic() - started
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"not ready within {seconds} s")


def kill_directory(system: System) -> None:
    os.kill(system.pid("directory_api"), signal.SIGKILL)


def crash_postgres(system: System) -> None:
    cluster = postgres.running_cluster(system.home)
    assert cluster is not None
    os.kill(int((Path(cluster.data) / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)


def survive(system: System, prefix: str, strike: Callable[[System], None], times: int) -> None:
    with writing(system, prefix) as writers:
        for _ in range(times):
            time.sleep(1.0)
            before = len(writers.acknowledged)
            strike(system)
            await_writes(writers, before + 4, RECOVERY_SECONDS)
        time.sleep(0.5)
    await_ready(system, 30)
    demand_nothing_lost_or_doubled(system, writers)


def test_a_killed_service_loses_nothing_and_comes_back(system: System) -> None:
    survive(system, "kill", kill_directory, 2)


def test_a_crashed_database_loses_nothing_and_comes_back(system: System) -> None:
    survive(system, "crash", crash_postgres, 1)


@pytest.mark.full
def test_a_hundred_killed_services_lose_nothing(system: System) -> None:
    survive(system, "kills", kill_directory, 100)


@pytest.mark.full
def test_fifty_crashes_of_the_database_lose_nothing(system: System) -> None:
    survive(system, "crashes", crash_postgres, 50)


def test_a_service_that_is_down_does_not_hurt_the_others(system: System, played: dict[str, Any]) -> None:
    with system.client("sysadmin") as admin, system.client("bureau") as bureau:
        assert bureau.get("/v1/plans").status_code == 200
        pid = system.pid("tasks_api")
        os.kill(pid, signal.SIGSTOP)
        try:
            assert admin.get("/v1/units", params={"limit": 1}).status_code == 200
            away = bureau.get("/v1/plans", timeout=15)
            assert away.status_code in {503, 504}
            assert away.headers["Content-Type"] == "application/problem+json"
            assert away.headers["Retry-After"]
        finally:
            os.kill(pid, signal.SIGCONT)
    await_ready(system, 20)
