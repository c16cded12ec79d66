"""Processes of a home: started in order, watched, restarted, found again after their supervisor's death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from admin.local import health, pids, processes, trouble
from admin.local import home as homes
from tests.admin.local import dummies


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def started(home: homes.Home, said: list[str]) -> Iterator[processes.Processes]:
    running = processes.Processes(home, said.append)
    yield running
    running.end()


def test_restart_after_kill_and_end(started: processes.Processes, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FIRST_DELAY", 0.05)
    one, two = dummies.serving("one"), dummies.serving("two")
    started.start([(one,), (two,)])
    assert [line.split(" is ready")[0] for line in said] == ["one", "two"]
    assert not started.look()

    killed = started.children[0].identity
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)
    until(lambda: not pids.is_alive(killed))
    assert started.look()
    assert "one ended (signal SIGKILL), starting it again in 0.05 s" in said[-1]
    until(started.look)
    until(lambda: health.is_ready(one.port))
    assert [entry["restarts"] for entry in started.described()] == [1, 0]
    assert health.version(one.port) == "9.9"

    alive = [child.identity for child in started.children]
    started.end()
    assert not any(who and pids.is_alive(who) for who in alive)


def test_delay_grows_and_is_bounded(started: processes.Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(processes, "LONGEST_DELAY", 0.04)
    started.start([(dummies.serving("one"),)])
    child = started.children[0]
    child.program = dummies.failing("one")
    child.process.kill()
    delays: list[float] = []
    while len(delays) < 4:
        until(lambda: child.process.poll() is not None)
        before = time.monotonic()
        started.look()
        assert child.next_start is not None
        delays.append(round(child.next_start - before, 2))
        until(started.look)
    assert delays == [0.01, 0.02, 0.04, 0.04]


def test_one_that_dies_while_starting_shows_its_log(started: processes.Processes) -> None:
    with pytest.raises(trouble.Trouble, match=r"bad ended while starting \(exit code 1\)(.|\n)*no cursor key"):
        started.start([(dummies.failing("bad"),)])


def test_one_that_is_never_ready_is_told(started: processes.Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "READY_SECONDS", 0.2)
    with pytest.raises(trouble.Trouble, match=r"slow was not ready after"):
        started.start([(dummies.silent("slow"),)])


def test_orphans_are_told_from_others(home: homes.Home) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    marked = {**os.environ, **processes.marks(home, "tasks_api")}
    elsewhere = {**marked, "ZHIFA_HOME": "/another/home"}
    only_home = {**os.environ, "ZHIFA_HOME": str(home.path)}  # a shell or a second command line of the same home
    environments = (marked, elsewhere, only_home, None, None)
    with_each = [subprocess.Popen(sleep, env=environment) for environment in environments]
    try:
        orphan, _, _, recorded, recycled = [pids.identify(process.pid) for process in with_each]
        assert recorded is not None
        assert recycled is not None
        home.write_state(
            {
                "processes": [
                    {"name": "a", "pid": recorded.pid, "started": recorded.started},
                    {"name": "b", "pid": recycled.pid, "started": recycled.started - 1},
                    {"name": "c", "pid": None, "started": None},
                ]
            }
        )
        until(lambda: set(processes.orphans(home)) == {orphan, recorded})
        assert processes.end_orphans(home) == 2
        assert [process.poll() is None for process in with_each] == [False, True, True, False, True]
    finally:
        for process in with_each:
            process.kill()
            process.wait()
