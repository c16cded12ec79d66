"""The trail over HTTP: what a request leaves, who reads it, filters, sealing within a second, and the verification."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg
import pytest

from services.directory_api.audit_events import actions, schemas
from services.kit import ids, relay
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place
from tests.services.directory_api.audit_events import trail

PATH = "/v1/audit-events"
TOWN = {"name": "示例丙镇", "short_name": "示例丙镇", "kind": "town"}


@pytest.fixture
def auditor(services: Services) -> Caller:
    return Caller(services.client("directory_api"), Role.AUDITOR)


async def test_a_change_leaves_who_what_when_why_and_both_values(
    sysadmin: Caller, auditor: Caller, place: Place, services: Services
) -> None:
    made = (await sysadmin.post("/v1/units", json=TOWN | {"code": "359111801", "parent_id": str(place.district.id)})).json()
    headers = {"X-Change-Reason": quote("更正名称"), "X-Forwarded-For": "192.0.2.9"}
    changed = await sysadmin.patch(f"/v1/units/{made['id']}", json={"name": "示例丁镇"}, version=1, headers=headers)
    found = (await auditor.get(PATH, params={"object_id": made["id"], "sort": "recorded_at"})).json()["items"]
    assert [row["action"] for row in found] == ["unit.created", "unit.changed"]
    row = schemas.AuditEventOut.model_validate(found[1])
    assert (row.before, row.after, row.reason, row.address) == (
        {"name": "示例丙镇"},
        {"name": "示例丁镇"},
        "更正名称",
        "192.0.2.9",
    )
    assert (row.result, row.service, row.object_type, row.unit_id) == ("done", "directory_api", "unit", UUID(made["id"]))
    assert row.trace_id == changed.headers["traceparent"].split("-")[1]
    await relay.seal(services.runtime("directory_api"))
    one = await auditor.get(f"{PATH}/{row.id}")
    assert one.json()["sequence"] >= 1
    assert len(one.json()["chain_hash"]) == 64


async def test_a_refused_write_leaves_nothing_and_a_refused_sign_in_a_row(
    sysadmin: Caller, auditor: Caller, services: Services, owner: psycopg.Connection
) -> None:
    before = owner.execute("SELECT count(*) FROM kit.audit_events").fetchone()
    assert (await sysadmin.post("/v1/units", json=TOWN | {"code": "359111101"})).status_code == 400
    assert owner.execute("SELECT count(*) FROM kit.audit_events").fetchone() == before
    form = {"grant_type": "password", "username": "nobody.known", "password": "wrong"}
    assert (await services.client("directory_api").post("/auth/token", data=form)).status_code == 401
    newest = (await auditor.get(PATH, params={"limit": 1})).json()["items"][0]
    assert (newest["action"], newest["result"]) == ("session.refused", "refused")
    assert "nobody.known" not in str(newest)


async def test_the_trail_is_filtered_and_paged_by_time(sysadmin: Caller, auditor: Caller, place: Place) -> None:
    actor = Caller(sysadmin.client, Role.SYSTEM_ADMIN, account_id=ids.new_id())
    for number in range(5):
        body = TOWN | {"code": f"35911182{number}", "parent_id": str(place.district.id)}
        assert (await actor.post("/v1/units", json=body)).status_code == 201
    mine = (await auditor.get(PATH, params={"object_type": "unit", "action": "unit.created", "limit": 5})).json()["items"]
    actor_id = mine[0]["actor_id"]
    whole = (await auditor.get(PATH, params={"actor_id": actor_id})).json()["items"]
    assert [row["id"] for row in whole] == [row["id"] for row in mine]
    since = whole[2]["recorded_at"]
    later = (await auditor.get(PATH, params={"actor_id": actor_id, "recorded_at__gte": since})).json()["items"]
    assert [row["id"] for row in later] == [row["id"] for row in whole[:3]]
    first = (await auditor.get(PATH, params={"actor_id": actor_id, "limit": 2})).json()
    rest = (await auditor.get(PATH, params={"actor_id": actor_id, "limit": 200, "cursor": first["next_cursor"]})).json()
    assert [row["id"] for row in [*first["items"], *rest["items"]]] == [row["id"] for row in whole]
    assert (await auditor.get(PATH, params={"service": "nobody"})).status_code == 400
    assert (await auditor.get(PATH, params={"recorded_at__gte": "2025-01-01T00:00:00"})).status_code == 400


async def test_each_committed_row_is_sealed_within_a_second_while_many_write(
    services: Services, place: Place, sysadmin: Caller, owner: psycopg.Connection
) -> None:
    process = services.runtime("directory_api")
    sealing = [asyncio.create_task(relay.repeat(process, relay.seal, 0.25)) for _ in range(2)]
    try:
        codes = iter(range(359111900, 359111990))

        async def writer() -> None:
            for _ in range(10):
                body = TOWN | {"code": str(next(codes)), "parent_id": str(place.district.id)}
                assert (await sysadmin.post("/v1/units", json=body)).status_code == 201

        await asyncio.gather(*(writer() for _ in range(4)))
        ended = time.monotonic()
        while owner.execute("SELECT count(*) FROM kit.audit_queue").fetchone() != (0,):
            assert time.monotonic() - ended < 1, "rows wait for their seal for more than a second"
            await asyncio.sleep(0.02)
    finally:
        for task in sealing:
            task.cancel()
        await asyncio.gather(*sealing, return_exceptions=True)
    waited = owner.execute(
        "SELECT max(s.sealed_at - e.recorded_at) < interval '3 seconds', count(*) FROM kit.audit_seals s"
        " JOIN kit.audit_events e ON e.id = s.event_id WHERE e.after->>'code' BETWEEN '359111900' AND '359111989'"
    ).fetchone()
    assert waited == (True, 40)
    assert trail.verify(owner).kind is None


async def test_the_verification_names_the_first_broken_row(
    auditor: Caller, services: Services, owner: psycopg.Connection
) -> None:
    await relay.seal(services.runtime("directory_api"))
    sound = await auditor.get(f"{PATH}/verification")
    assert sound.json() == {"checked": trail.verify(owner).checked, "ok": True}
    part = (await auditor.get(f"{PATH}/verification", params={"limit": 3})).json()
    assert part == {"checked": 3, "ok": True, "next_after": 3}
    rest = (await auditor.get(f"{PATH}/verification", params={"after": 3})).json()
    assert rest == {"checked": sound.json()["checked"] - 3, "ok": True}
    bent = trail.event()
    trail.write(owner, [bent])
    trail.seal(owner)
    owner.execute("ALTER TABLE kit.audit_events DISABLE TRIGGER ALL")
    owner.execute("UPDATE kit.audit_events SET actor_name = '别人' WHERE id = %s", [bent["id"]])
    owner.execute("ALTER TABLE kit.audit_events ENABLE ALWAYS TRIGGER append_only_rows")
    found = schemas.VerificationOut.model_validate_json((await auditor.get(f"{PATH}/verification")).content)
    assert found.first_bad is not None
    assert (found.ok, found.first_bad.event_id, found.first_bad.kind) == (False, bent["id"], "changed")


async def test_rows_outside_a_long_trail_are_looked_for_in_parts(
    auditor: Caller, services: Services, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ROWS", 3)
    await relay.seal(services.runtime("directory_api"))
    last = owner.execute("SELECT max(sequence) FROM kit.audit_seals").fetchone()
    assert last is not None
    behind_all_links = {"after": last[0]}
    sound = await auditor.get(f"{PATH}/verification", params=behind_all_links)
    assert sound.content.startswith(b"  ")
    assert sound.json() == {"checked": 0, "ok": True}
    put_in = trail.event()
    trail.write(owner, [put_in])
    owner.execute("DELETE FROM kit.audit_queue WHERE event_id = %s", [put_in["id"]])
    found = (await auditor.get(f"{PATH}/verification", params=behind_all_links)).json()
    assert (found["ok"], found["first_bad"]) == (False, {"event_id": str(put_in["id"]), "kind": "inserted"})


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
async def test_only_the_auditor_reads_the_trail(services: Services, place: Place, role: Role) -> None:
    unit = None if role is Role.SYSTEM_ADMIN else place.town
    caller: Any = Caller(services.client("directory_api"), role, unit=unit)
    for path in (PATH, f"{PATH}/{ids.new_id()}", f"{PATH}/verification"):
        assert (await caller.get(path)).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
async def test_nobody_writes_to_the_trail_over_http(auditor: Caller, owner: psycopg.Connection, method: str) -> None:
    event_id = owner.execute("SELECT id FROM kit.audit_events LIMIT 1").fetchone()
    assert event_id is not None
    assert (await auditor.request(method, f"{PATH}/{event_id[0]}", json={})).status_code == 405
