"""A whole running system for the end-to-end tests: started once by the starter, as a user starts it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from admin.local import home as homes
from admin.local import postgres, postgres_files, processes

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class System:
    """A running home."""

    home: Path
    port: int

    @property
    def address(self) -> str:
        """Where the gateway answers."""
        return f"http://127.0.0.1:{self.port}"

    def zhifa(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the command line for this home."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= self.environment() | {"ZHIFA_RATE_PER_ADDRESS": "100000", "ZHIFA_RATE_PER_ACCOUNT": "100000"}
        command = [sys.executable, "-m", "admin.main", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180)

    def environment(self) -> dict[str, str]:
        """What the command line of this home finds in its environment."""
        return {"ZHIFA_HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config")}

    def told(self, *arguments: str) -> str:
        """What the command printed; it must succeed."""
        done = self.zhifa(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def state(self) -> dict[str, Any]:
        """What the starter knows of its processes."""
        found: dict[str, Any] = json.loads((self.home / "state.json").read_text())
        return found

    def pid(self, name: str) -> int:
        """Process id of a service."""
        return next(int(entry["pid"]) for entry in self.state()["processes"] if entry["name"] == name)

    def client(self, username: str) -> httpx.Client:
        """A caller with a token of this account."""
        headers = {"Authorization": f"Bearer {self.told('token', username)}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=10)


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The system, taken down behind the tests."""
    home = Path(tempfile.mkdtemp(prefix="zhifa-e2e-"))
    running = System(home, postgres.free_port())
    postgres_files.place_of(home, durable=False)  # data in memory; the server syncs as in service all the same
    try:
        running.told("up", "--detach", "--port", str(running.port))
        yield running
        assert running.told("down").splitlines()[-1] == "stopped"
        assert processes.orphans(homes.Home(home)) == []
        assert postgres.running_cluster(home) is None
    finally:
        running.zhifa("down")
        postgres.remove(home)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def played(system: System) -> dict[str, Any]:
    """What the demonstration came to, played once."""
    facts: dict[str, Any] = json.loads(system.told("demo", "--json"))
    return facts
