"""Linters and import contracts as tests, so that one command checks everything."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("services", "gateway", "admin", "migrations")


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout[-8000:] + done.stderr[-2000:]


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy", *SOURCES, "tests")],
    ids=["ruff", "format", "mypy"],
)
def test_linter(command: tuple[str, ...]) -> None:
    assert run(*command) == ""


def test_import_contracts() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_only_the_kit_commits() -> None:
    stray = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files("services", "gateway")
        if path != ROOT / "services" / "kit" / "db.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ".commit(" in line or ".rollback(" in line
    ]
    assert stray == []


def test_each_exception_to_a_linter_has_its_reason() -> None:
    bare = []
    for path in python_files(*SOURCES, "tests"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for mark in ("# noqa", "# type: ignore"):
                if mark in line and path != Path(__file__):
                    rest = line.split(mark, 1)[1]
                    if not (rest.startswith((": ", "[")) and "  # " in rest):
                        bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert bare == []


def test_features_hold_only_the_known_files() -> None:
    known = {"__init__", "router", "jobs", "actions", "queries", "external", "formats", "schemas", "tables", "rules"}
    unknown = [
        str(path.relative_to(ROOT))
        for service in (ROOT / "services").glob("*_api")
        for feature in service.iterdir()
        if feature.is_dir() and feature.name != "__pycache__"
        for path in feature.glob("*.py")
        if path.stem not in known
    ]
    assert unknown == []
