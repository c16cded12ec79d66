"""Throw-away homes and a server for tests that only look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from admin.local import home as homes
from admin.local import postgres, processes


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the caller set for a real installation does not reach these tests."""
    for name in ("DATABASE_URL", "ZHIFA_HOME", "ZHIFA_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


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
