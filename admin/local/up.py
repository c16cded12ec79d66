"""`up` and `down`: starts a supervisor, reads along what it says, and does the first steps over REST once all is ready."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from admin.local import database, external, files, pids, postgres, processes, programs, supervisor, trouble
from admin.local import home as homes

STOP_SECONDS = 90.0
SUPERVISOR = (sys.executable, "-m", "admin.local.supervisor")


class Ended(Exception):
    """The terminal or the system asks this program to end."""


def up(port: int, detach: bool, say: processes.Say) -> None:
    """Brings the home up. In the foreground it stays until Ctrl-C and then takes everything down."""
    home = homes.opened()
    if home.is_supervised():
        return _already(home, say)
    reader = LogReader(home.log("supervisor"), say)
    process = launch(home, port, detach)
    with _ended_by_signals():
        try:
            if not _await_running(home, process, reader):
                return _already(home, say)
            _greet(home, say)
            if not detach:
                _stay(process, reader, say)
        except BaseException:
            _stop(home, process)
            raise


def down(home: homes.Home, say: processes.Say) -> None:
    """Takes the home down, whoever started it and whatever was killed before."""
    _stop_supervisor(home)
    with files.locked_or_busy(home.supervisor_lock, patience=5.0) as mine:
        if not mine:
            raise trouble.Trouble(f"Another start of {home.path} is under way; try again when it is through.")
        left = processes.end_orphans(home)
        if external.of(home) is None and (home.path / "postgres").exists():
            postgres.stop(home.path)
        home.write_state({**home.read_state(), "phase": "stopped", "processes": []})
    say(f"stopped ({left} leftovers ended)" if left else "stopped")


class LogReader:
    """Passes on what is written to a log from now on."""

    def __init__(self, log: Path, say: processes.Say) -> None:
        homes.rotate(log)
        log.touch()
        self.log, self.say, self.position = log, say, log.stat().st_size

    def pass_on(self) -> None:
        """Says every line that is new and whole."""
        with self.log.open("rb") as file:
            file.seek(self.position)
            whole, newline, _ = file.read().rpartition(b"\n")
        if newline:
            self.position += len(whole) + 1
            self.say(whole.decode(errors="replace"))


def launch(home: homes.Home, port: int, detach: bool) -> subprocess.Popen[bytes]:
    """Starts the supervisor as a process of its own; unless detached it ends with this one."""
    me = pids.myself()
    front = [] if detach else ["--front", str(me.pid), str(me.started)]
    with home.log("supervisor").open("ab") as output:
        return subprocess.Popen(
            [*SUPERVISOR, "--port", str(port), *front],
            cwd=homes.CHECKOUT, env={**os.environ, "ZHIFA_HOME": str(home.path)},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip


def _await_running(home: homes.Home, process: subprocess.Popen[bytes], reader: LogReader) -> bool:
    """Waits until all is ready. False when another supervisor was faster; Trouble when it failed."""
    while True:
        code = process.poll()
        reader.pass_on()
        state = home.read_state()
        is_ours = state.get("supervisor", {}).get("pid") == process.pid
        if code == supervisor.ALREADY_RUNS:
            return False
        if code is not None:
            reason = state.get("trouble") if is_ours else ""
            raise trouble.Trouble(reason or f"The start failed. The end of {reader.log}:\n{homes.tail(reader.log)}")
        if is_ours and state.get("phase") == "running":
            return True
        time.sleep(0.1)


def _already(home: homes.Home, say: processes.Say) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while (state := home.read_state()).get("phase") == "starting" and time.monotonic() < deadline:
        time.sleep(0.1)
    if state.get("phase") != "running":
        raise trouble.Trouble(state.get("trouble") or f"Another start of {home.path} does not come to an end; see ./zhifa status")
    say(f"zhifa already runs for {home.path}: {state['address']}   (docs: {state['address']}/docs)")


def _greet(home: homes.Home, say: processes.Say) -> None:
    """The first account, the reference data, and what the person should know now."""
    state = home.read_state()
    address = state["address"]
    account = first_account(home, state["port"])
    load_reference(f"http://127.0.0.1:{state['port']}", home, say)
    say(f"\n执法 zhifa runs: {address}\n  API documentation (接口文档): {address}/docs")
    if account.get("password"):
        username = account["username"]
        say(f"  first system administrator (系统管理员): {username}\n  one-time password, shown only now: {account['password']}")
        say(f"  sign in with: ./zhifa login {username}   (the password must be changed)")
    else:
        say("  sign in with: ./zhifa login USERNAME, or POST /auth/token; for scripts on this machine: ./zhifa token USERNAME")
    say("  next: ./zhifa demo (synthetic example data), ./zhifa status, ./zhifa down")


def first_account(home: homes.Home, port: int) -> dict[str, Any]:
    """Makes the first system administrator if there is none; its one-time password is handed on and stored nowhere."""
    environment = programs.directory_environment(home, database.running(home), port)
    done = subprocess.run(
        [sys.executable, "-m", "services.directory_api.setup"],
        cwd=homes.CHECKOUT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise trouble.Trouble(f"The first account could not be made:\n{done.stderr.strip()[-2000:]}")
    answer: Any = json.loads(done.stdout or "{}")
    return answer if isinstance(answer, dict) else {}


def load_reference(base_url: str, home: homes.Home, say: processes.Say) -> None:
    """Loads units, groups, calendar, rubrics and the plan over REST; what is there already is left alone."""
    if importlib.util.find_spec("admin.local.reference"):
        importlib.import_module("admin.local.reference").load(base_url, home, say)


def _stay(process: subprocess.Popen[bytes], reader: LogReader, say: processes.Say) -> None:
    say("  Ctrl-C stops everything.")
    while process.poll() is None:
        reader.pass_on()
        time.sleep(0.2)
    reader.pass_on()
    if process.returncode != 0:
        raise trouble.Trouble(f"The supervisor ended unexpectedly; see {reader.log}. Start again: ./zhifa up")


def _stop(home: homes.Home, process: subprocess.Popen[bytes]) -> None:
    """Ends what this start has begun, also when the supervisor itself was killed."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.returncode < 0:
        down(home, lambda text: None)


def _stop_supervisor(home: homes.Home) -> None:
    noted = home.read_state().get("supervisor")
    if noted and home.is_supervised():
        who = pids.Identity(noted["pid"], noted["started"])
        pids.end([who], STOP_SECONDS)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turns the signals that end a program into an exception, so that what was started is taken down."""

    def ended(number: int, frame: FrameType | None) -> None:
        raise Ended

    before = {number: signal.signal(number, ended) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
