"""The commands as typed: output for people and programs, exit codes, plain trouble."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from admin import main
from admin.local import home as homes
from admin.local import testing, trouble
from admin.local import up as starter


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("ZHIFA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return CliRunner()


def test_version(runner: CliRunner) -> None:
    assert runner.invoke(main.app, ["--version"]).output == f"zhifa {homes.version()}\n"


def test_looking_makes_nothing(runner: CliRunner, tmp_path: Path) -> None:
    found = runner.invoke(main.app, ["status", "--json"])
    assert found.exit_code == 3
    answer = json.loads(found.stdout)
    assert (answer["running"], answer["healthy"], answer["database"]["kind"]) == (False, False, "embedded")
    assert "not running" in runner.invoke(main.app, ["status"]).stdout
    assert "nothing runs" in runner.invoke(main.app, ["down"]).stdout
    assert not (tmp_path / "home").exists()


def test_token_needs_the_key(runner: CliRunner) -> None:
    refused = runner.invoke(main.app, ["token", "sysadmin"])
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "holds no signing key" in refused.stderr


def test_trouble_is_plain(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*words: object) -> None:
        raise trouble.Trouble("the disk is full")

    monkeypatch.setattr(starter, "up", full)
    refused = runner.invoke(main.app, ["up", "--port", "8123", "--detach"])
    assert (refused.exit_code, refused.stderr) == (1, "zhifa: the disk is full\n")
    assert runner.invoke(main.app, ["up", "--port", "0"]).exit_code == 2


def test_test_forwards_every_argument(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def run(words: list[str]) -> int:
        seen.append(list(words))
        return 5

    monkeypatch.setattr(testing, "run", run)
    words = ["-q", "--help", "-k", "a or b", "tests/admin"]
    assert runner.invoke(main.app, ["test", *words]).exit_code == 5
    assert runner.invoke(main.app, ["test"]).exit_code == 5
    assert seen == [words, []]
