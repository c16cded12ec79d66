"""Endpoints over HTTP: who may have one, where it may lead, the secret shown once, versions, audit rows and messages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
import standardwebhooks

from services.directory_api.webhook_endpoints import rules
from services.directory_api.webhook_endpoints.schemas import EndpointOut
from services.kit import ids
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place

PATH = "/v1/webhook-endpoints"
BODY: dict[str, Any] = {"url": "https://receiver.example.cn/hooks?token=of-the-receiver", "event_types": ["review.*"]}


@pytest.fixture(scope="module")
async def client_id(services: Services, place: Place) -> UUID:
    """The machine client of the platform."""
    body = {"client_id": "platform-example", "name": "示例平台", "roles": ["platform"], "unit_id": str(place.district.id)}
    made = await Caller(services.client("directory_api"), Role.SYSTEM_ADMIN).post("/v1/clients", json=body)
    return UUID(made.json()["id"])


@pytest.fixture
def platform(services: Services, place: Place, client_id: UUID) -> Caller:
    return Caller(services.client("directory_api"), Role.PLATFORM, unit=place.district, account_id=client_id)


@pytest.fixture
async def endpoint(platform: Caller, owner: psycopg.Connection) -> dict[str, Any]:
    """The only endpoint."""
    owner.execute("DELETE FROM directory.webhook_endpoints")
    made = await platform.post(PATH, json=BODY)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def test_the_secret_is_shown_once_and_rests_sealed(
    endpoint: dict[str, Any], platform: Caller, owner: psycopg.Connection, client_id: UUID
) -> None:
    found = EndpointOut.model_validate(endpoint)
    assert found.secret is not None
    standardwebhooks.Webhook(found.secret)
    assert (found.owner_id, found.owner_kind) == (client_id, "client")
    assert "secret" not in (await platform.get(f"{PATH}/{found.id}")).json()
    assert found.secret not in (await platform.get(PATH)).text
    for table in ("directory.webhook_endpoints", "kit.audit_events", "kit.outbox", "kit.idempotency_keys"):
        for clear in (found.secret, "of-the-receiver"):
            rows = owner.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{clear}%"]).fetchone()
            assert rows == (int(clear == "of-the-receiver" and table == "directory.webhook_endpoints"),), (table, clear)
    told = owner.execute("SELECT kind, account_ids FROM kit.outbox WHERE object_id = %s", [found.id]).fetchall()
    assert told == [("webhook_endpoint.created", [client_id])]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"url": "https://10.1.2.3/"}, "/body/url", "target_forbidden"),
        ({"url": "http://receiver.example.cn/"}, "/body/url", "target_forbidden"),
        ({"url": "https://user:pass@receiver.example.cn/"}, "/body/url", "wrong_format"),
        ({"url": "https://接收.example.cn/"}, "/body/url", "wrong_format"),
        ({"url": None}, "/body/url", "wrong_type"),
        ({"event_types": ["review"]}, "/body/event_types/0", "wrong_format"),
        ({"event_types": ["*"]}, "/body/event_types/0", "too_short"),
        ({"unit_id": str(ids.new_id())}, "/body/unit_id", "not_found"),
        ({"client_id": str(ids.new_id())}, "/body/client_id", "not_allowed"),
        ({"secret": "chosen"}, "/body/secret", "unknown_field"),
    ],
)
async def test_a_bent_endpoint_is_refused_by_name(platform: Caller, changes: dict[str, Any], pointer: str, code: str) -> None:
    answer = await platform.post(PATH, json=BODY | changes)
    assert answer.status_code == 400, answer.text
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert "10.1.2.3" not in answer.text


async def test_an_administrator_makes_one_for_a_machine_client_and_for_nobody_else(
    sysadmin: Caller, endpoint: dict[str, Any], client_id: UUID
) -> None:
    nobody = await sysadmin.post(PATH, json=BODY)
    assert (nobody.status_code, nobody.json()["code"]) == (400, "webhook_endpoint.owner")
    unknown = await sysadmin.post(PATH, json=BODY | {"client_id": str(ids.new_id())})
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (400, "not_found")
    made = await sysadmin.post(PATH, json=BODY | {"client_id": str(client_id)})
    assert (made.status_code, made.json()["owner_id"]) == (201, str(client_id))


async def test_a_change_needs_its_version_and_a_target_that_is_allowed(
    endpoint: dict[str, Any], platform: Caller, owner: psycopg.Connection
) -> None:
    path = f"{PATH}/{endpoint['id']}"
    assert (await platform.patch(path, json={"description": "示例"})).status_code == 428
    assert (await platform.patch(path, json={"description": "示例"}, version=9)).status_code == 412
    assert (await platform.patch(path, json={"url": "https://[::1]/"}, version=1)).status_code == 400
    assert (await platform.patch(path, json={"url": None}, version=1)).status_code == 400
    dry = await platform.patch(path, json={"description": "示例"}, version=1, params={"dry_run": "true"})
    assert (dry.status_code, dry.json()["version"]) == (200, 2)
    changed = await platform.patch(path, json={"description": "示例", "url": "https://other.example.cn/?a=b"}, version=1)
    assert (changed.status_code, changed.headers["ETag"], changed.json()["description"]) == (200, '"v2"', "示例")
    row = owner.execute("SELECT before, after FROM kit.audit_events WHERE action = 'webhook_endpoint.changed'").fetchone()
    assert row == (
        {"url": "https://receiver.example.cn/hooks", "description": None},
        {"url": "https://other.example.cn/", "description": "示例"},
    )
    emptied = await platform.patch(path, json={"description": None}, version=2)
    assert "description" not in emptied.json()


async def test_enabling_and_disabling(endpoint: dict[str, Any], platform: Caller) -> None:
    path = f"{PATH}/{endpoint['id']}"
    assert (await platform.post(f"{path}/enable", version=1)).json()["code"] == "webhook_endpoint.wrong_state"
    disabled = (await platform.post(f"{path}/disable", version=1)).json()
    assert (disabled["state"], disabled["disabled_why"]) == ("disabled", "asked")
    assert "enable" in disabled["allowed_actions"]
    assert [item["id"] for item in (await platform.get(PATH, params={"state": "enabled"})).json()["items"]] == []
    enabled = (await platform.post(f"{path}/enable", version=2)).json()
    assert "disabled_why" not in enabled


async def test_a_removed_endpoint_leaves_its_audit_row(
    endpoint: dict[str, Any], platform: Caller, owner: psycopg.Connection
) -> None:
    assert (await platform.post(f"{PATH}/{endpoint['id']}/test")).status_code == 202
    assert (await platform.delete(f"{PATH}/{endpoint['id']}", version=2)).status_code == 412
    assert (await platform.delete(f"{PATH}/{endpoint['id']}", version=1)).status_code == 204
    assert (await platform.get(f"{PATH}/{endpoint['id']}")).status_code == 404
    assert owner.execute("SELECT count(*) FROM directory.webhook_deliveries").fetchone() == (0,)
    rows = owner.execute("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", [endpoint["id"]]).fetchall()
    assert [row[0] for row in rows] == ["webhook_endpoint.created", "webhook_endpoint.tested", "webhook_endpoint.deleted"]


async def test_nobody_has_endless_endpoints(platform: Caller, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    owner.execute("DELETE FROM directory.webhook_endpoints")
    monkeypatch.setattr(rules, "MOST_ENDPOINTS", 2)
    answers = [(await platform.post(PATH, json=BODY)).status_code for _ in range(3)]
    assert answers == [201, 201, 409]
    page = (await platform.get(PATH, params={"limit": 1})).json()
    assert len((await platform.get(PATH, params={"limit": 1, "cursor": page["next_cursor"]})).json()["items"]) == 1
