"""Starts the processes of a home, watches over them, restarts what dies, and ends them all."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from admin.local import health, pids, trouble
from admin.local import home as homes
from admin.local import programs as tables

READY_SECONDS = 60.0
END_SECONDS = 15.0
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
STEADY_SECONDS = 60.0

Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """A started program. `restarts` counts in a row: after a steady minute it begins anew."""

    program: tables.Program
    process: subprocess.Popen[bytes]
    started_at: float
    restarts: int = 0
    next_start: float | None = None

    @property
    def identity(self) -> pids.Identity | None:
        return pids.identify(self.process.pid) if self.process.returncode is None else None

    def described(self) -> dict[str, Any]:
        """The child as the state file tells of it."""
        who = self.identity
        return {
            "name": self.program.name,
            "port": self.program.port,
            "pid": who.pid if who else None,
            "started": who.started if who else None,
            "restarts": self.restarts,
        }


def marks(home: homes.Home, name: str) -> dict[str, str]:
    """Environment variables by which a process of a home is found again when its supervisor is gone."""
    return {"ZHIFA_HOME": str(home.path), "ZHIFA_PROGRAM": name}


def orphans(home: homes.Home) -> list[pids.Identity]:
    """Processes that a dead supervisor of this home has left: by its own notes, and by the mark in their environment."""
    noted = [(entry.get("pid"), entry.get("started")) for entry in home.read_state().get("processes", [])]
    recorded = [pids.Identity(pid, started) for pid, started in noted if pid is not None]
    marked = pids.where(lambda pid: _is_marked(pid, home))
    return [who for who in dict.fromkeys([*recorded, *marked]) if pids.is_alive(who)]


def _is_marked(pid: int, home: homes.Home) -> bool:
    environment = pids.environment(pid)
    return environment.get("ZHIFA_HOME") == str(home.path) and "ZHIFA_PROGRAM" in environment


def end_orphans(home: homes.Home) -> int:
    """Ends what a dead supervisor has left; answers how many processes that were."""
    left = orphans(home)
    pids.end(left, END_SECONDS)
    return len(left)


class Processes:
    """All processes of one home. Used by one thread: `start`, then `look` again and again, at last `end`."""

    def __init__(self, home: homes.Home, say: Say) -> None:
        self.home, self.say = home, say
        self.children: list[Child] = []

    def start(self, groups: Sequence[tables.Group]) -> None:
        """Starts group after group, waiting until each is ready. Trouble, with the log's end, for one that dies or hangs."""
        for group in groups:
            started = [self._launch(program) for program in group]
            self.children += started
            for child in started:
                self._await_ready(child)

    def look(self) -> bool:
        """Notices who died and starts it again when its delay is over. Answers whether anything changed."""
        changes = [self._look_after(child) for child in self.children]  # a list: each child gets its look
        return any(changes)

    def end(self) -> None:
        """Ends all processes, the last started first in line; those that do not go are killed."""
        living = [child for child in reversed(self.children) if child.process.poll() is None]
        for child in living:
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        for child in living:
            _reap(child.process, max(0.0, deadline - time.monotonic()))
        self.children.clear()

    def described(self) -> list[dict[str, Any]]:
        """All processes as the state file tells of them."""
        return [child.described() for child in self.children]

    def _launch(self, program: tables.Program) -> Child:
        log = self.home.log(program.name)
        homes.rotate(log)
        environment = {**program.environment, **marks(self.home, program.name)}
        with log.open("ab") as output:
            # A session of its own: Ctrl-C in the terminal reaches the starter alone, which ends everything in order.
            process = subprocess.Popen(
                program.command, cwd=homes.CHECKOUT, env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        return Child(program, process, time.monotonic())

    def _await_ready(self, child: Child) -> None:
        name, log = child.program.name, self.home.log(child.program.name)
        while not health.is_ready(child.program.port):
            if child.process.poll() is not None:
                raise trouble.Trouble(f"{name} ended while starting ({_how(child)}). The end of {log}:\n{homes.tail(log)}")
            if time.monotonic() > child.started_at + READY_SECONDS:
                raise trouble.Trouble(f"{name} was not ready after {READY_SECONDS:.0f} s. The end of {log}:\n{homes.tail(log)}")
            time.sleep(0.05)
        self.say(f"{name} is ready on {child.program.address} ({time.monotonic() - child.started_at:.1f} s)")

    def _look_after(self, child: Child) -> bool:
        now = time.monotonic()
        if child.process.poll() is None:
            return False
        if child.next_start is None:
            if now - child.started_at > STEADY_SECONDS:
                child.restarts = 0
            delay = min(FIRST_DELAY * 2**child.restarts, LONGEST_DELAY)
            child.next_start = now + delay
            log = self.home.log(child.program.name)
            self.say(f"{child.program.name} ended ({_how(child)}), starting it again in {delay:g} s. {log}:\n{homes.tail(log)}")
            return True
        if now < child.next_start:
            return False
        child.process, child.started_at = self._launch(child.program).process, now
        child.restarts, child.next_start = child.restarts + 1, None
        return True


def _how(child: Child) -> str:
    code = child.process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _reap(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
