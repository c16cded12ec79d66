"""The signed head of the trail: what is kept of it tells when the newest rows were cut off together with their seals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from admin import ledger_proof, main, sign_in
from services.directory_api.audit_events import schemas
from services.kit import fields
from services.kit.principal import Role
from tests.admin.commands.recorded import Server, answer, problem
from tests.client import Caller, Services
from tests.services.directory_api.audit_events import trail

PATH = "/v1/audit-events"


@pytest.fixture
def auditor(services: Services) -> Caller:
    return Caller(services.client("directory_api"), Role.AUDITOR)


async def test_a_head_is_signed_and_its_place_is_found_again(
    services: Services, auditor: Caller, owner: psycopg.Connection
) -> None:
    assert (await auditor.get(f"{PATH}/head")).json()["sequence"] == 0
    trail.write(owner, [trail.event() for _ in range(5)])
    trail.seal(owner)
    kept = (await auditor.get(f"{PATH}/head")).json()
    schemas.HeadOut.model_validate(kept)
    keys = (await services.client("directory_api").get(f"{PATH}/keys")).json()
    fields.KeysOut.model_validate(keys)
    ledger_proof.check_signature(kept, keys)
    with pytest.raises(ledger_proof.Broken):
        ledger_proof.check_signature(kept | {"sequence": 4}, keys)
    trail.write(owner, [trail.event()])
    trail.seal(owner)
    there = (await auditor.get(f"{PATH}/head", params={"sequence": kept["sequence"]})).json()
    assert (there["sequence"], there["chain_hash"]) == (5, kept["chain_hash"])


async def test_a_trail_cut_off_with_its_seals_verifies_and_does_not_hold_the_head(
    auditor: Caller, owner: psycopg.Connection
) -> None:
    trail.write(owner, [trail.event() for _ in range(3)])
    trail.seal(owner)
    kept = (await auditor.get(f"{PATH}/head")).json()
    cut = kept["sequence"] - 2
    for table in trail.TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    owner.execute("DELETE FROM kit.audit_events WHERE id IN (SELECT event_id FROM kit.audit_seals WHERE sequence > %s)", [cut])
    owner.execute("DELETE FROM kit.audit_seals WHERE sequence > %s", [cut])
    place = {"sequence": kept["sequence"]}
    assert (await auditor.get(f"{PATH}/verification")).json()["ok"] is True
    assert (await auditor.get(f"{PATH}/head", params=place)).status_code == 404
    trail.write(owner, [trail.event() for _ in range(4)])
    trail.seal(owner)
    assert (await auditor.get(f"{PATH}/head", params=place)).json()["chain_hash"] != kept["chain_hash"]


HEAD: dict[str, Any] = {"sequence": 7, "chain_hash": "ab" * 32, "sealed_at": None, "signed_at": "x", "signature": "a.b.c"}
SOUND = answer(200, {"ok": True, "checked": 9})


@pytest.mark.parametrize(
    ("there", "code", "said"),
    [
        (answer(200, HEAD), 0, "found"),
        (answer(200, HEAD | {"chain_hash": "cd" * 32}), 1, "another chain"),
        (problem(404, "not_found"), 1, "cut off"),
    ],
)
def test_the_command_compares_with_a_kept_head(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: Any, code: int, said: str
) -> None:
    server = Server(SOUND, there)
    monkeypatch.setattr(sign_in, "connect", lambda: server.client(patience=0.05))
    file = tmp_path / "head.json"
    file.write_text(json.dumps(HEAD), encoding="utf-8")
    done: Result = CliRunner().invoke(main.app, ["audit", "verify", "--head", str(file)])
    assert (done.exit_code, said in done.stdout) == (code, True), done.output
    assert dict(server.requests[1].url.params) == {"sequence": "7"}
