"""Parties of case files when the keys of personal data change: all of them sealed anew, known again, and shown as before."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import LargeBinary

from admin.local import keys
from services.cases_api.all_tables import METADATA
from services.cases_api.case_files import jobs
from services.kit import rotation
from services.kit.personal import Suite, Vault
from services.kit.settings import Settings
from tests.factories.cases import COMPANY, PERSON, World


async def test_parties_are_sealed_anew_and_known_again(cases_world: World, settings: Settings) -> None:
    runtime = cases_world.services.runtime("cases_api")
    vault: Vault = runtime.extras["vault"]
    bodies = [
        cases_world.body(party=dict(party), external_system="demo", external_id=f"R-{place}")
        for place, party in enumerate(
            (PERSON, COMPANY, {"kind": "natural", "name": "林演示"}, {**PERSON, "id_type": "resident_id"})
        )
    ]
    first = (await cases_world.manager.post("/v1/case-files/batch", json={"items": bodies})).json()["items"]
    assert {outcome["status"] for outcome in first} == {201}
    assert settings.personal_keys_file is not None
    content = json.loads(settings.personal_keys_file.read_text())
    seal, index = keys.new_personal_keys(Suite.SM4)
    content["keys"]["k2"], content["index"]["keys"]["i2"] = seal, index
    content["active"], content["index"]["active"] = "k2", "i2"
    settings.personal_keys_file.write_text(json.dumps(content))
    assert vault.refresh()
    versions = cases_world.rows("SELECT id, version FROM cases.case_files ORDER BY id")
    # While it lasts, a repeated import is no news, whichever key a digest was made with.
    assert await repeated(cases_world, bodies) == [200] * 4
    after: dict[str, Any] = {}
    while (await rotation.reseal(runtime, vault, jobs.SEALED, after)).seen:
        pass
    left = " OR ".join(
        f"convert_from(substring({name} FROM 1 FOR 3), 'LATIN1') NOT IN ('k2:', 'i2:')" for name in jobs.SEALED.written
    )
    assert cases_world.rows(f"SELECT count(*) FROM cases.case_files WHERE {left}") == [(0,)]
    del content["keys"]["k1"], content["index"]["keys"]["i1"]
    settings.personal_keys_file.write_text(json.dumps(content))
    vault.refresh()
    assert await repeated(cases_world, bodies) == [200] * 4
    assert cases_world.rows("SELECT id, version FROM cases.case_files ORDER BY id") == versions
    for name in ("林演示", "虚构"):
        found = (await cases_world.manager.get("/v1/case-files", params={"q": name})).json()["items"]
        assert {outcome["id"] for outcome in first[1:2] if name == "虚构"} <= {each["id"] for each in found}
        assert name == "虚构" or {first[place]["id"] for place in (0, 2, 3)} <= {each["id"] for each in found}
    shown = await cases_world.manager.post(f"/v1/case-files/{first[0]['id']}/party-disclosure", json={"reason": "核对"})
    assert shown.json() == dict(PERSON) | {"id_type": "resident_id"}


async def repeated(cases_world: World, bodies: list[dict[str, Any]]) -> list[int]:
    answer = await cases_world.manager.post("/v1/case-files/batch", json={"items": bodies})
    return [outcome["status"] for outcome in answer.json()["items"]]


def test_every_sealed_column_of_the_service_is_sealed_anew() -> None:
    known = {f"{jobs.SEALED.name}.{name}" for name in jobs.SEALED.written}
    # The frame of a draw is public.
    public = {"cases.draws.frame"}
    columns = {
        f"{table}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert columns - public == known, "name the column in the feature's jobs.py, or among the public ones"
