"""Which process is meant: a pid alone is recycled, a pid with its start time is not. A zombie is dead."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Identity:
    """A process: its number and its start time (clock ticks since boot)."""

    pid: int
    started: int


def identify(pid: int) -> Identity | None:
    """The process of this number, or None when there is none or only its zombie."""
    try:
        state, *fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state in "ZX" else Identity(pid, int(fields[18]))


def myself() -> Identity:
    """The process that asks."""
    return identify(os.getpid()) or Identity(os.getpid(), 0)


def is_alive(who: Identity) -> bool:
    """Whether exactly this process still runs."""
    return identify(who.pid) == who


def command(pid: int) -> str:
    """Command line or title of a process, words separated by spaces; empty when it is gone."""
    return _read(pid, "cmdline").replace(b"\0", b" ").decode(errors="replace").strip()


def where(test: Callable[[int], bool]) -> list[Identity]:
    """All other living processes that pass a test."""
    return [who for pid in _all() if pid != os.getpid() and test(pid) and (who := identify(pid))]


def environment(pid: int) -> dict[str, str]:
    """Environment a process was started with; empty for processes of another user."""
    entries = (entry.decode(errors="replace").partition("=") for entry in _read(pid, "environ").split(b"\0"))
    return {name: value for name, separator, value in entries if separator}


def end(whos: Iterable[Identity], patience: float = 5.0, by: signal.Signals = signal.SIGTERM) -> None:
    """Ends processes: first by the given signal, after `patience` seconds by SIGKILL."""
    remaining = list(whos)
    for signal_, seconds in ((by, patience), (signal.SIGKILL, 5.0)):
        for who in filter(is_alive, remaining):
            with suppress(ProcessLookupError):
                os.kill(who.pid, signal_)
        remaining = wait_gone(remaining, seconds)


def wait_gone(whos: Iterable[Identity], seconds: float) -> list[Identity]:
    """Waits until the processes are gone; answers those that are not."""
    deadline = time.monotonic() + seconds
    while (remaining := [who for who in whos if is_alive(who)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return remaining


def _all() -> Iterator[int]:
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal())


def _read(pid: int, name: str) -> bytes:
    try:
        return (PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""
