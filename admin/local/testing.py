"""`test`: pytest with a PostgreSQL of its own, thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from admin.local import external, pids, postgres
from admin.local import home as homes

RUNS = homes.CHECKOUT / ".zhifa" / "test-runs"


def run(arguments: Sequence[str]) -> int:
    """Runs pytest with the given arguments; answers its exit code."""
    url = external.address()
    if url is not None:
        return _pytest([*_spread(arguments), *arguments], url)
    with throwaway_home(RUNS) as home:
        return _pytest([*_spread(arguments), *arguments], postgres.ensure(home, durable=False).url())


def _spread(arguments: Sequence[str]) -> list[str]:
    """The whole suite is spread over the cores, file by file; whoever names a part reads it in order."""
    part_named = any(not argument.startswith("-") or argument.startswith("-n") for argument in arguments)
    return [] if part_named else ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder"]


@contextmanager
def throwaway_home(runs: Path) -> Iterator[Path]:
    """A home named after this process; homes of runs that were killed are swept away first."""
    runs.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in runs.iterdir():
        if not pids.is_alive(_owner(left)):
            _remove(left)
    me = pids.myself()
    home = runs / f"{me.pid}-{me.started}"
    try:
        yield home
    finally:
        _remove(home)


def _owner(home: Path) -> pids.Identity:
    pid, _, started = home.name.partition("-")
    return pids.Identity(int(pid), int(started))


def _remove(home: Path) -> None:
    if home.exists():
        postgres.remove(home)
        shutil.rmtree(home)


def _pytest(arguments: Sequence[str], database_url: str) -> int:
    environment = {**os.environ, "ZHIFA_TEST_DATABASE_URL": database_url}
    # Ctrl-C reaches pytest by itself (same terminal); SIGTERM is passed on. Both let it print its summary.
    with subprocess.Popen([sys.executable, "-m", "pytest", *arguments], env=environment, cwd=homes.CHECKOUT) as process:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
        return process.wait()
