"""Throw-away homes and the dummy processes that stand in for services."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from admin.local import home as homes
from admin.local import pids, postgres, processes, programs

SERVES = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{"version": "9.9"}')
    def log_message(self, *words): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def serving(name: str) -> programs.Program:
    """A tiny process that is ready at once."""
    port = postgres.free_port()
    return programs.Program(name, (sys.executable, "-c", SERVES, str(port)), {}, port)


def failing(name: str) -> programs.Program:
    """A process that ends at once with a reason in its log."""
    return programs.Program(name, (sys.executable, "-c", "raise SystemExit('no cursor key')"), {}, postgres.free_port())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.Home]:
    """A home whose database and processes are gone after the test."""
    opened = homes.opened(tmp_path / "home")
    yield opened
    processes.end_orphans(opened)
    postgres.remove(opened.path)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    """A server for tests that only look."""
    path = tmp_path_factory.mktemp("cluster") / "home"
    yield postgres.ensure(path, durable=False)
    postgres.remove(path)


@pytest.fixture(scope="module")
def new_database(cluster: postgres.Cluster) -> Callable[[str, str], str]:
    """Makes a database with the given options; answers its superuser's address."""

    def make(name: str, options: str = "") -> str:
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {options}".encode())
        return cluster.url(name)

    return make


def living(home: homes.Home, name: str) -> pids.Identity:
    """The living process of this name, as the state file tells of it."""
    entry = next(entry for entry in home.read_state()["processes"] if entry["name"] == name)
    who = pids.Identity(entry["pid"], entry["started"])
    assert pids.is_alive(who)
    return who
