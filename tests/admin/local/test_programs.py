"""Who is told what: each process gets its own secrets and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from admin.local import database, programs
from admin.local import home as homes

OUTSIDE = database.Database("postgresql://boss@db/x", {})


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, programs.Program]:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss@db/x")
    monkeypatch.setenv("ZHIFA_SIGNING_KEY_FILE", "/elsewhere.pem")
    monkeypatch.setenv("ZHIFA_LOG_LEVEL", "DEBUG")
    monkeypatch.delenv("ZHIFA_PUBLIC_URL", raising=False)
    groups = programs.table(homes.Home(tmp_path), OUTSIDE, 8123)
    assert [[program.name for program in group] for group in groups] == [list(programs.SERVICES), ["gateway"]]
    return {program.name: program for group in groups for program in group}


@pytest.mark.parametrize(
    ("variable", "holders"),
    [
        ("ZHIFA_SIGNING_KEY_FILE", {"directory_api"}),
        ("ZHIFA_DATA_DIR", {"directory_api"}),
        ("ZHIFA_PERSONAL_KEYS_FILE", {"cases_api", "tasks_api", "training_api"}),
        ("ZHIFA_DATABASE_URL", set(programs.SERVICES)),
        ("ZHIFA_DATABASE_ROLE", set(programs.SERVICES)),
        ("ZHIFA_CURSOR_KEY_FILE", set(programs.SERVICES)),
        ("ZHIFA_TASKS_URL", {"gateway"}),
        ("ZHIFA_JWKS_FILE", {*programs.SERVICES, "gateway"}),
        ("ZHIFA_LOG_LEVEL", {*programs.SERVICES, "gateway"}),
        ("DATABASE_URL", set()),
    ],
)
def test_holders(table: dict[str, programs.Program], variable: str, holders: set[str]) -> None:
    assert {name for name, program in table.items() if variable in program.environment} == holders


def test_addresses(table: dict[str, programs.Program]) -> None:
    assert len({program.port for program in table.values()}) == 5
    gateway = table["gateway"]
    assert gateway.port == 8123
    for name in programs.SERVICES:
        assert gateway.environment[f"ZHIFA_{name.removesuffix('_api').upper()}_URL"] == table[name].address
        assert table[name].environment["ZHIFA_PORT"] == str(table[name].port)
        assert table[name].environment["ZHIFA_DATABASE_ROLE"] == f"zhifa_{name.removesuffix('_api')}"
    assert {program.environment["ZHIFA_PUBLIC_URL"] for program in table.values()} == {"http://127.0.0.1:8123"}
    assert "elsewhere" not in table["directory_api"].environment["ZHIFA_SIGNING_KEY_FILE"]
    assert "postgresql" not in repr(table)


def test_address_behind_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIFA_PUBLIC_URL", "https://zhifa.example")
    (gateway,) = programs.table(homes.Home(tmp_path), OUTSIDE, 8123)[1]
    assert gateway.environment["ZHIFA_PUBLIC_URL"] == "https://zhifa.example"
