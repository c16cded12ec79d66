"""The supervisor of a home, a process of its own: brings everything up in order, watches, heals, and takes it down.

`python -m admin.local.supervisor --port 8000 [--front PID START]`. With a front (a `./zhifa up` that holds the
terminal) it ends when the front ends.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Protocol

from admin.local import database, external, files, keys, pids, postgres, processes, programs, trouble
from admin.local import home as homes

ALREADY_RUNS = 75
LOOK_SECONDS = 0.2


class System(Protocol):
    """What the processes stand on."""

    def prepare(self) -> Sequence[programs.Group]:
        """Makes everything below the processes ready, and tells which processes to start."""

    def heal(self) -> Sequence[programs.Group] | None:
        """Looks after it while it runs; answers a new table when the processes must start anew."""

    def close(self) -> None:
        """Takes it down."""


class Installation:
    """Secrets, database, migrations and the process table of a real home."""

    def __init__(self, home: homes.Home, port: int, say: processes.Say) -> None:
        self.home, self.port, self.say = home, port, say
        self.database: database.Database | None = None

    def prepare(self) -> Sequence[programs.Group]:
        if not postgres.is_free(self.port):
            raise trouble.Trouble(
                f"Port {self.port} is taken by another program. Choose another: ./zhifa up --port {self.port + 1}"
            )
        keys.make_missing(self.home)
        self.database = self._database()
        return programs.table(self.home, self.database, self.port)

    def heal(self) -> Sequence[programs.Group] | None:
        cluster = self.database.cluster if self.database else None
        if cluster is None or pids.is_alive(cluster.postmaster):
            return None
        self.say("PostgreSQL ended, starting it again")
        moved = postgres.ensure(self.home.path).port != cluster.port
        self.database = database.running(self.home)
        return programs.table(self.home, self.database, self.port) if moved else None

    def close(self) -> None:
        if external.of(self.home) is None:
            postgres.stop(self.home.path)

    def _database(self) -> database.Database:
        began, log = time.monotonic(), self.home.log("migrations")
        url = external.of(self.home)
        if url is not None:
            for note in external.check(url):
                self.say(note)
            found = database.of_external(url, log)
            external.keep(self.home, url)
        else:
            cluster = postgres.ensure(self.home.path)
            self.say(f"PostgreSQL {cluster.version} runs on 127.0.0.1:{cluster.port}")
            found = database.of_cluster(cluster, log)
        self.say(f"database is migrated to {database.revision(found.owner_url)} ({time.monotonic() - began:.1f} s)")
        return found


class Supervisor:
    """Runs a system and its processes until it is told to end."""

    def __init__(self, home: homes.Home, port: int, system: System, say: processes.Say) -> None:
        self.home, self.port, self.system, self.say = home, port, system, say
        self.processes = processes.Processes(home, say)
        self.me = pids.myself()

    def run(self, front: pids.Identity | None) -> int:
        """Until SIGTERM, SIGINT, the front's end, or trouble. Answers the exit code."""
        phase, reason = "stopped", ""
        try:
            self._bring_up()
            self._watch(front)
        except trouble.Trouble as error:
            phase, reason = "failed", str(error)
        except _Asked:
            pass
        finally:
            self._end(phase, reason)
        return 1 if phase == "failed" else 0

    def _bring_up(self) -> None:
        left = processes.end_orphans(self.home)
        if left:
            self.say(f"ended {left} processes left by a supervisor that was killed")
        self._note("starting")
        self.processes.start(self.system.prepare())
        self._note("running")

    def _watch(self, front: pids.Identity | None) -> None:
        while front is None or pids.is_alive(front):
            changed = self.processes.look()
            table = self.system.heal()
            if table is not None:
                self.processes.end()
                self.processes.start(table)
            if changed or table is not None:
                self._note("running")
            time.sleep(LOOK_SECONDS)

    def _end(self, phase: str, reason: str) -> None:
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_, signal.SIG_IGN)  # already on it
        self.processes.end()
        processes.end_orphans(self.home)
        self.system.close()
        self._note(phase, reason)

    def _note(self, phase: str, reason: str = "") -> None:
        self.home.write_state(
            {
                "supervisor": {"pid": self.me.pid, "started": self.me.started},
                "phase": phase,
                "trouble": reason,
                "port": self.port,
                "address": programs.public_url(self.port),
                "processes": self.processes.described(),
            }
        )


class _Asked(Exception):
    """SIGTERM or SIGINT came."""


def _ask(number: int, frame: FrameType | None) -> None:
    raise _Asked


def supervise(home: homes.Home, port: int, system: System, say: processes.Say, front: pids.Identity | None) -> int:
    """Supervises a home unless another supervisor does; answers the exit code."""
    with files.locked_or_busy(home.supervisor_lock) as mine:
        if not mine:
            return ALREADY_RUNS
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_, _ask)
        return Supervisor(home, port, system, say).run(front)


def say(text: str) -> None:
    """Progress goes to the supervisor's log; who started it reads along."""
    print(text, flush=True)


def main() -> int:
    """Entry of the supervisor's process."""
    parser = argparse.ArgumentParser(prog="admin.local.supervisor")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--front", type=int, nargs=2)
    wanted = parser.parse_args()
    home = homes.opened()
    front = pids.Identity(*wanted.front) if wanted.front else None
    return supervise(home, wanted.port, Installation(home, wanted.port, say), say, front)


if __name__ == "__main__":
    sys.exit(main())
