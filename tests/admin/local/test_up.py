"""`up`, `down` and `status` over a system of dummy processes: one supervisor, whatever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from admin.local import health, pids, postgres, programs, status, supervisor, trouble
from admin.local import home as homes
from admin.local import up as starter
from tests.admin.local import dummies

SUPERVISOR = (sys.executable, "-m", "tests.admin.local.dummies")


@pytest.fixture(autouse=True)
def dummy_system(home: homes.Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZHIFA_HOME", str(home.path))
    monkeypatch.setattr(starter, "SUPERVISOR", SUPERVISOR)
    monkeypatch.setattr(starter, "first_account", lambda home, port: {"username": "sysadmin", "password": "once-only"})
    monkeypatch.setattr(starter, "load_reference", lambda base_url, home, say: say(f"reference data at {base_url}"))
    launched: list[subprocess.Popen[bytes]] = []
    launch = starter.launch

    def remember(home: homes.Home, port: int, detach: bool) -> subprocess.Popen[bytes]:
        launched.append(launch(home, port, detach))
        return launched[-1]

    monkeypatch.setattr(starter, "launch", remember)
    yield
    starter.down(home, lambda text: None)
    for process in launched:
        process.wait()


@pytest.fixture
def said() -> list[str]:
    return []


def until(true: Callable[[], Any], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_detached_life(home: homes.Home, said: list[str]) -> None:
    port = postgres.free_port()
    starter.up(port, True, said.append)
    text = "\n".join(said)
    for wanted in (
        "gateway is ready",
        f"reference data at http://127.0.0.1:{port}",
        "once-only",
        f"http://127.0.0.1:{port}/docs",
    ):
        assert wanted in text
    assert "once-only" not in home.log("supervisor").read_text()

    found = status.collect(home)
    assert (found["running"], found["phase"], found["address"]) == (True, "running", f"http://127.0.0.1:{port}")
    described = [(entry["name"], entry["healthy"], entry["version"]) for entry in found["processes"]]
    assert described == [(name, True, "9.9") for name in ("directory_api", "tasks_api", "gateway")]
    assert "tasks_api" in "\n".join(status.lines(found))

    starter.up(port + 1, True, said.append)
    assert f"zhifa already runs for {home.path}: http://127.0.0.1:{port}" in said[-1]

    service = dummies.living(home, "tasks_api")
    starter.down(home, said.append)
    assert said[-1] == "stopped"
    assert not pids.is_alive(service)
    assert "system closed" in home.log("supervisor").read_text()
    assert status.collect(home)["phase"] == "stopped"


def test_next_up_heals_after_the_supervisor_was_killed(home: homes.Home, said: list[str]) -> None:
    starter.up(postgres.free_port(), True, said.append)
    noted = home.read_state()["supervisor"]
    left = dummies.living(home, "gateway")
    os.kill(noted["pid"], signal.SIGKILL)
    until(lambda: not home.is_supervised())
    assert pids.is_alive(left)
    assert not status.collect(home)["running"]

    starter.up(postgres.free_port(), True, said.append)
    assert not pids.is_alive(left)
    assert any("ended 3 processes left by a supervisor that was killed" in line for line in said)
    dummies.living(home, "gateway")


def test_supervisor_restarts_a_killed_service(home: homes.Home, said: list[str]) -> None:
    starter.up(postgres.free_port(), True, said.append)
    killed = dummies.living(home, "tasks_api")
    os.kill(killed.pid, signal.SIGKILL)
    entries: list[dict[str, Any]] = []

    def is_back() -> bool:
        entries[:] = [entry for entry in home.read_state()["processes"] if entry["name"] == "tasks_api"]
        return bool(entries[0]["restarts"] == 1 and health.is_ready(entries[0]["port"]))

    until(is_back)
    assert entries[0]["pid"] not in (None, killed.pid)


def test_foreground_ends_with_its_terminal(home: homes.Home) -> None:
    code = (
        "import sys; from admin.local import up; from tests.admin.local import test_up;"
        "up.SUPERVISOR = test_up.SUPERVISOR; up.first_account = lambda h, p: {}; up.load_reference = lambda u, h, s: None\n"
        "try: up.up(int(sys.argv[1]), False, print)\n"
        "except up.Ended: print('ended in order')"
    )
    for signal_, end in ((signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
        front = subprocess.Popen([sys.executable, "-c", code, str(postgres.free_port())], stdout=subprocess.PIPE, text=True)
        try:
            until(lambda: home.read_state().get("phase") == "running")
            service = dummies.living(home, "gateway")
            time.sleep(0.3)  # past the greeting
            front.send_signal(signal_)
            output, _ = front.communicate(timeout=20)
        finally:
            front.kill()
        assert front.returncode == end
        assert ("ended in order" in output) is (signal_ is signal.SIGTERM)
        assert pids.wait_gone([service], 20) == []
        until(lambda: not home.is_supervised())


def test_trouble_of_the_supervisor_reaches_the_terminal(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIFA_DUMMY", "trouble")
    with pytest.raises(trouble.Trouble, match="the disk is full"):
        starter.up(postgres.free_port(), True, said.append)


def test_trouble_after_the_start_takes_everything_down(home: homes.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(base_url: str, home: homes.Home, say: object) -> None:
        raise trouble.Trouble("no plan file")

    monkeypatch.setattr(starter, "load_reference", refuse)
    with pytest.raises(trouble.Trouble, match="no plan file"):
        starter.up(postgres.free_port(), True, lambda text: None)
    assert not home.is_supervised()
    assert home.read_state()["processes"] == []


def test_two_starters_at_once(home: homes.Home) -> None:
    port = postgres.free_port()
    words = [*SUPERVISOR, "--port", str(port)]
    both = [subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=homes.CHECKOUT) for _ in range(2)]
    until(lambda: any(process.poll() is not None for process in both))
    until(lambda: home.read_state().get("phase") == "running")
    starter.down(home, lambda text: None)
    assert sorted(process.wait() for process in both) == [0, supervisor.ALREADY_RUNS]


def test_taken_port_is_told_before_anything_starts(home: homes.Home) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(trouble.Trouble, match=rf"Port {port} is taken by another program.*--port {port + 1}"):
            supervisor.Installation(home, port, print).prepare()
    assert not any(home.secrets.iterdir())


def test_killed_database_is_healed_by_the_supervisor(home: homes.Home, said: list[str]) -> None:
    system = supervisor.Installation(home, postgres.free_port(), said.append)
    assert [program.name for group in system.prepare() for program in group] == [*programs.SERVICES, "gateway"]
    assert system.heal() is None
    cluster = postgres.running_cluster(home.path)
    assert cluster is not None
    os.kill(cluster.postmaster.pid, signal.SIGKILL)
    until(lambda: not pids.is_alive(cluster.postmaster))
    assert system.heal() is None, "the port is kept, so the services need no new table"
    assert said[-1] == "PostgreSQL ended, starting it again"
    healed = postgres.running_cluster(home.path)
    assert healed is not None
    assert healed.port == cluster.port
    assert status.collect(home)["database"]["revision"]
    system.close()
    assert postgres.running_cluster(home.path) is None


def test_log_reader_passes_on_whole_lines_once(tmp_path: Path, said: list[str]) -> None:
    log = tmp_path / "a.log"
    log.write_text("old\n")
    reader = starter.LogReader(log, said.append)
    with log.open("a") as file:
        file.write("新的一行\nhalf")
    reader.pass_on()
    reader.pass_on()
    assert said == ["新的一行"]
