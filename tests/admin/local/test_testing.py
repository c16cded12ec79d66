"""`test`: pytest gets the database and all arguments; what killed runs left is swept away."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from admin.local import pids, postgres, testing

REPORTS = """
import os
def test_reports():
    with open(os.environ["REPORT"], "w") as report:
        report.write(os.environ["ZHIFA_TEST_DATABASE_URL"])
    assert os.environ["WANTED"] == "pass"
"""


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    (tmp_path / "test_reports.py").write_text(REPORTS)
    monkeypatch.setenv("REPORT", str(tmp_path / "report"))
    monkeypatch.setenv("WANTED", "pass")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(testing, "RUNS", tmp_path / "runs")
    return ["-q", "-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:cacheprovider", str(tmp_path / "test_reports.py")]


def test_given_database_and_exit_code(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b@host/c")
    assert testing.run(words) == 0
    assert (tmp_path / "report").read_text() == "postgresql://a:b@host/c"
    monkeypatch.setenv("WANTED", "fail")
    assert testing.run(words) == 1


def test_own_database_is_gone_afterwards(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert testing.run(words) == 0
    url = (tmp_path / "report").read_text()
    assert url.startswith("postgresql://postgres:")
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(url)
    assert list((tmp_path / "runs").iterdir()) == []


def test_killed_runs_are_swept_and_living_ones_left(tmp_path: Path) -> None:
    me = pids.myself()
    dead = tmp_path / f"{me.pid}-{me.started - 1}"
    left = postgres.ensure(dead, durable=False)
    with testing.throwaway_home(tmp_path) as mine, testing.throwaway_home(tmp_path):
        mine.mkdir(exist_ok=True)
        assert not dead.exists()
        assert not left.data.exists()
        assert not pids.is_alive(left.postmaster)
        assert mine.exists()
