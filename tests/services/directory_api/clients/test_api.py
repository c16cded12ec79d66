"""Machine clients over HTTP: a secret told once, admission, rotation, disabling, and how failures are counted."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import psycopg
import pytest

from services.directory_api.clients import schemas
from services.kit import relay
from services.kit.principal import Role
from tests import tokens
from tests.client import Caller, Services
from tests.places import Place

PATH = "/v1/clients"


@pytest.fixture
async def client(sysadmin: Caller, place: Place, owner: psycopg.Connection) -> dict[str, Any]:
    """A machine client, the only one, with its secret."""
    owner.execute("DELETE FROM directory.clients")
    owner.execute("DELETE FROM directory.sign_in_attempts")
    body = {"client_id": "platform-example", "name": "示例平台", "roles": ["platform"], "unit_id": str(place.district.id)}
    made = await sysadmin.post(PATH, json=body)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def admit(
    services: Services, client: dict[str, Any], secret: str | None = None, address: str = "192.0.2.1"
) -> httpx.Response:
    form = {"client_id": client["client_id"], "client_secret": secret or client["client_secret"]}
    headers = {"X-Forwarded-For": address}
    return await services.client("directory_api").post(
        "/auth/token", data=form | {"grant_type": "client_credentials"}, headers=headers
    )


async def works(services: Services, token: str) -> bool:
    """Whether the token is still good, once the services have reread what was called back."""
    await relay.reread_revocations(services.runtime("directory_api"))
    answer = await services.client("directory_api").get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {200, 401}
    return answer.status_code == 200


async def test_the_secret_is_told_once_and_kept_as_a_hash(
    client: dict[str, Any], sysadmin: Caller, owner: psycopg.Connection
) -> None:
    secret = schemas.ClientOut.model_validate(client).client_secret
    assert secret is not None
    assert len(secret) >= 43
    for path in (PATH, f"{PATH}/{client['id']}"):
        assert secret not in (await sysadmin.get(path)).text
    kept = owner.execute("SELECT secret_hash FROM directory.clients").fetchone()
    assert kept == (hashlib.sha256(secret.encode()).digest(),)
    for table in ("kit.audit_events", "kit.outbox", "kit.idempotency_keys"):
        told = owner.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"]).fetchone()
        assert told == (0,)


async def test_a_repeated_key_tells_no_secret_twice(sysadmin: Caller, client: dict[str, Any], owner: psycopg.Connection) -> None:
    headers = {"Idempotency-Key": "clients once"}
    body = {"client_id": "second-example", "name": "示例平台二", "roles": ["platform"]}
    first = await sysadmin.post(PATH, json=body, headers=headers)
    again = await sysadmin.post(PATH, json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 409)
    assert "client_secret" not in again.text
    assert owner.execute("SELECT count(*) FROM kit.idempotency_keys WHERE key = 'clients once'").fetchone() == (0,)


async def test_a_client_is_admitted_with_its_roles_and_unit(
    client: dict[str, Any], services: Services, place: Place, owner: psycopg.Connection
) -> None:
    admitted = await admit(services, client)
    assert admitted.status_code == 200, admitted.text
    assert set(admitted.json()) == {"access_token", "token_type", "expires_in"}
    claims = tokens.verifier().claims_of(admitted.json()["access_token"], tokens.present())
    assert (str(claims.account_id), claims.roles, claims.unit_path) == (
        client["id"], frozenset({Role.PLATFORM}), place.district.path,
    )  # fmt: skip
    rows = owner.execute("SELECT action, actor_name FROM kit.audit_events WHERE actor_id = %s", [client["id"]]).fetchall()
    assert rows == [("client.admitted", "示例平台")]


async def test_a_new_secret_ends_the_old_one_and_its_tokens(client: dict[str, Any], services: Services, sysadmin: Caller) -> None:
    old = (await admit(services, client)).json()["access_token"]
    path = f"{PATH}/{client['id']}/rotate-secret"
    assert (await sysadmin.post(path)).status_code == 428
    assert (await sysadmin.post(path, version=7)).status_code == 412
    rotated = await sysadmin.post(path, version=1)
    assert (rotated.status_code, rotated.headers["ETag"]) == (200, '"v2"')
    fresh = rotated.json()["client_secret"]
    assert fresh != client["client_secret"]
    assert not await works(services, old)
    assert (await admit(services, client)).status_code == 401
    new = await admit(services, client, fresh)
    assert new.status_code == 200
    assert await works(services, new.json()["access_token"])


async def test_a_dry_rotation_changes_nothing(client: dict[str, Any], services: Services, sysadmin: Caller) -> None:
    shown = await sysadmin.post(f"{PATH}/{client['id']}/rotate-secret", params={"dry_run": "true"}, version=1)
    assert shown.status_code == 200
    assert (await admit(services, client, shown.json()["client_secret"])).status_code == 401
    assert (await admit(services, client)).status_code == 200


async def test_a_disabled_client_is_out_at_once_and_comes_back_when_enabled(
    client: dict[str, Any], services: Services, sysadmin: Caller
) -> None:
    token = (await admit(services, client)).json()["access_token"]
    assert await works(services, token)
    disabled = await sysadmin.post(f"{PATH}/{client['id']}/disable", version=1)
    assert (disabled.status_code, disabled.json()["state"]) == (200, "disabled")
    assert not await works(services, token)
    refused = await admit(services, client)
    unknown = await admit(services, client | {"client_id": "nobody-known"})
    assert (refused.status_code, refused.json()["code"]) == (401, "auth.refused")
    assert {**refused.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}
    again = await sysadmin.post(f"{PATH}/{client['id']}/disable", version=2)
    assert (again.status_code, again.json()["code"]) == (409, "account.wrong_state")
    assert (await sysadmin.post(f"{PATH}/{client['id']}/enable", version=2)).status_code == 200
    admitted = await admit(services, client)
    assert await works(services, admitted.json()["access_token"])


async def test_failures_lock_a_client_and_a_success_lets_it_begin_anew(client: dict[str, Any], services: Services) -> None:
    wrong = "wrong-secret-of-a-machine"
    for number in range(9):
        assert (await admit(services, client, wrong, f"198.51.100.{number}")).status_code == 401
    assert (await admit(services, client)).status_code == 200
    for number in range(10):
        assert (await admit(services, client, wrong, f"203.0.113.{number}")).status_code == 401, number
    locked = await admit(services, client, address="203.0.113.99")
    assert (locked.status_code, locked.json()["code"]) == (429, "auth.locked_out")
    assert int(locked.headers["Retry-After"]) >= 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"roles": ["system_admin", "platform"]}, 400, "account.roles_exclude"),
        ({"roles": ["bureau"], "unit_id": None}, 400, "account.unit_needed"),
        ({"unit_id": "01900000-0000-7000-8000-00000000ffff"}, 400, "invalid_input"),
        ({"client_id": "platform-example"}, 409, "duplicate"),
        ({"client_id": "Ünlaut"}, 400, "invalid_input"),
        ({"client_secret": "chosen-by-the-caller"}, 400, "invalid_input"),
        ({"state": "active"}, 400, "invalid_input"),
    ],
)
async def test_a_bent_client_is_refused(
    client: dict[str, Any], sysadmin: Caller, place: Place, changes: dict[str, Any], status: int, code: str
) -> None:
    body = {"client_id": "third-example", "name": "示例", "roles": ["platform"], "unit_id": str(place.district.id)}
    answer = await sysadmin.post(PATH, json={name: value for name, value in (body | changes).items() if value is not None})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
