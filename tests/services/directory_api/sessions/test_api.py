"""Signing in and out, over HTTP: tokens, refresh, lockout, and how fast a change of an account bites."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.directory_api.accounts import external
from services.directory_api.main import create_app
from services.kit import clock, relay
from services.kit.principal import Role
from services.kit.settings import Settings
from tests import tokens
from tests.client import Caller, Services
from tests.places import Place

PASSWORD = "correct-horse-battery-staple"


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return clock.now() + self.ahead


@pytest.fixture(scope="module")
def moved() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
async def directory(services: Services, settings: Settings, moved: Clock) -> httpx.AsyncClient:
    app = create_app(settings.model_copy(update={"database_role": "zhifa_directory"}), moved)
    services.apps["directory_api"] = app
    return services.client("directory_api")


@pytest.fixture
def admin(directory: httpx.AsyncClient, moved: Clock) -> Caller:
    moved.ahead = timedelta()
    return Caller(directory, Role.SYSTEM_ADMIN)


async def make(admin: Caller, place: Place, username: str, **changes: Any) -> dict[str, Any]:
    body = {
        "username": username,
        "display_name": "示例账号（演示）",
        "roles": ["unit_manager"],
        "unit_id": str(place.town.id),
        "password": PASSWORD,
    }
    answer = await admin.post("/v1/accounts", json=body | changes)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def sign_in(directory: httpx.AsyncClient, username: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    form = {"grant_type": "password", "username": username, "password": password}
    return await directory.post("/auth/token", data=form, headers=headers)


async def refresh(directory: httpx.AsyncClient, token: str) -> httpx.Response:
    return await directory.post("/auth/token", data={"grant_type": "refresh_token", "refresh_token": token})


async def me(directory: httpx.AsyncClient, token: str) -> httpx.Response:
    return await directory.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


async def test_a_password_gives_tokens_that_every_service_accepts(
    admin: Caller, directory: httpx.AsyncClient, place: Place
) -> None:
    account = await make(admin, place, "manager.one")
    assert "initial_password" not in account
    signed = await sign_in(directory, "manager.one")
    assert signed.status_code == 200, signed.text
    claims = tokens.verifier().claims_of(signed.json()["access_token"], tokens.present())
    assert str(claims.account_id) == account["id"]
    assert (claims.roles, claims.unit_path) == (frozenset({Role.UNIT_MANAGER}), place.town.path)
    told = (await me(directory, signed.json()["access_token"])).json()
    assert told["unit"]["code"] == place.town.code


async def test_a_told_password_must_be_changed_first(admin: Caller, directory: httpx.AsyncClient, place: Place) -> None:
    account = await make(admin, place, "manager.two", password=None)
    first = account["initial_password"]
    refused = await sign_in(directory, "manager.two", first)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.password_change_required")
    change = {"username": "manager.two", "current_password": first, "new_password": "zhifa zhifa zhifa"}
    weak = await directory.post("/auth/password", json=change)
    assert (weak.status_code, weak.json()["code"]) == (400, "account.weak_password")
    assert weak.json()["errors"][0]["pointer"] == "/body/new_password"
    changed = await directory.post("/auth/password", json=change | {"new_password": PASSWORD})
    assert changed.status_code == 204
    assert (await sign_in(directory, "manager.two")).status_code == 200
    assert (await sign_in(directory, "manager.two", first)).status_code == 401


async def test_unknown_name_and_wrong_password_look_alike_and_cost_alike(
    admin: Caller, directory: httpx.AsyncClient, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make(admin, place, "manager.three")
    verified: list[bool] = []
    real = external.HASHER.verify

    def counted(*given: Any) -> bool:
        verified.append(True)
        return bool(real(*given))

    monkeypatch.setattr(external.HASHER, "verify", counted)
    wrong = await sign_in(directory, "manager.three", "not the right password")
    unknown = await sign_in(directory, "nobody.at.all", "not the right password")
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}
    assert len(verified) == 2


async def test_ten_failures_lock_an_account_for_longer_and_longer(
    admin: Caller, directory: httpx.AsyncClient, place: Place, moved: Clock
) -> None:
    await make(admin, place, "manager.locked")
    for number in range(10):
        failed = await sign_in(directory, "manager.locked", "wrong", **{"X-Forwarded-For": f"192.0.2.{number}"})
        assert failed.status_code == 401
    waits = []
    for number in range(4):
        locked = await sign_in(directory, "manager.locked", **{"X-Forwarded-For": f"198.51.100.{number}"})
        assert locked.status_code == 429, locked.text
        waits.append(int(locked.headers["Retry-After"]))
        moved.ahead += timedelta(seconds=waits[-1])
        failed = await sign_in(directory, "manager.locked", "wrong", **{"X-Forwarded-For": f"198.51.100.{number}"})
        assert failed.status_code == 401
    assert waits == [1, 2, 4, 8]
    moved.ahead += timedelta(minutes=16)
    assert (await sign_in(directory, "manager.locked")).status_code == 200


async def test_an_address_is_locked_whatever_names_it_tries(directory: httpx.AsyncClient, admin: Caller) -> None:
    address = {"X-Forwarded-For": "203.0.113.7"}
    answers = [(await sign_in(directory, f"name.{number}", "x", **address)).status_code for number in range(12)]
    assert answers[:10] == [401] * 10
    assert answers[10:] == [429, 429]


async def test_an_ipv6_line_is_one_address_and_a_bent_one_is_none(directory: httpx.AsyncClient, admin: Caller) -> None:
    lines = [{"X-Forwarded-For": f"2001:db8:7:7::{number}"} for number in range(12)]
    answers = [(await sign_in(directory, f"other.{number}", "x", **line)).status_code for number, line in enumerate(lines)]
    assert answers == [401] * 10 + [429] * 2
    told = await sign_in(directory, "other.name", "x", **{"X-Forwarded-For": "9" * 5_000})
    assert told.status_code == 401


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(
    admin: Caller, directory: httpx.AsyncClient, place: Place, moved: Clock
) -> None:
    await make(admin, place, "manager.refresh")
    first = (await sign_in(directory, "manager.refresh")).json()["refresh_token"]
    second = (await refresh(directory, first)).json()["refresh_token"]
    tab = await refresh(directory, first)
    assert tab.status_code == 200, "two tabs within ten seconds keep the session"
    moved.ahead += timedelta(seconds=11)
    stolen = await refresh(directory, first)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "auth.refresh_refused")
    for token in (second, tab.json()["refresh_token"]):
        assert (await refresh(directory, token)).status_code == 401


@pytest.mark.parametrize("change", ["sign out", "disable", "new role", "new password"])
async def test_a_change_ends_tokens_everywhere(
    change: str, admin: Caller, directory: httpx.AsyncClient, place: Place, services: Services
) -> None:
    name = f"manager.{change.replace(' ', '.')}"
    account = await make(admin, place, name)
    signed = (await sign_in(directory, name)).json()
    path = f"/v1/accounts/{account['id']}"
    if change == "sign out":
        done = await directory.post("/auth/logout", data={"refresh_token": signed["refresh_token"]})
    elif change == "disable":
        done = await admin.post(f"{path}/disable", version=1)
    elif change == "new role":
        done = await admin.patch(path, json={"roles": ["unit_member"]}, version=1)
    else:
        body = {"username": name, "current_password": PASSWORD, "new_password": PASSWORD + " anew"}
        done = await directory.post("/auth/password", json=body)
    assert done.status_code in {200, 204}, done.text
    await relay.reread_revocations(services.runtime("directory_api"))
    assert (await me(directory, signed["access_token"])).status_code == 401
    assert (await refresh(directory, signed["refresh_token"])).status_code == 401
    if change == "new role":
        again = await sign_in(directory, name)
        assert (await me(directory, again.json()["access_token"])).json()["roles"] == ["unit_member"]


async def test_a_machine_client_gets_an_access_token_and_nothing_else(
    admin: Caller, directory: httpx.AsyncClient, place: Place
) -> None:
    body = {"client_id": "example-platform", "name": "示例平台", "roles": ["platform"], "unit_id": str(place.district.id)}
    made = (await admin.post("/v1/clients", json=body)).json()
    form = {"grant_type": "client_credentials", "client_id": "example-platform", "client_secret": made["client_secret"]}
    admitted = await directory.post("/auth/token", data=form)
    assert admitted.status_code == 200, admitted.text
    assert "refresh_token" not in admitted.json()
    assert (await me(directory, admitted.json()["access_token"])).json()["roles"] == ["platform"]
    await admin.post(f"/v1/clients/{made['id']}/rotate-secret", version=1)
    assert (await directory.post("/auth/token", data=form)).status_code == 401


@pytest.mark.parametrize(
    ("form", "pointers"),
    [
        ({"grant_type": "password"}, ["/body/username", "/body/password"]),
        ({"grant_type": "implicit"}, ["/body/grant_type"]),
        ({"grant_type": "password", "username": "a", "password": "b", "scope": "all"}, ["/body/scope"]),
        ({"grant_type": "refresh_token"}, ["/body/refresh_token"]),
    ],
)
async def test_a_bent_form_is_refused_by_name(directory: httpx.AsyncClient, form: dict[str, str], pointers: list[str]) -> None:
    answer = await directory.post("/auth/token", data=form)
    assert answer.status_code == 400, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers


async def test_no_password_and_no_token_is_written_anywhere_but_as_a_hash(
    admin: Caller, directory: httpx.AsyncClient, place: Place, services: Services
) -> None:
    marked = "marker-of-a-password-never-kept"
    await make(admin, place, "manager.secret", password=marked)
    signed = (await sign_in(directory, "manager.secret", marked)).json()
    await sign_in(directory, marked, "password in the name field")
    everything = """
        SELECT string_agg(t::text, ' ') FROM (
            SELECT e::text FROM kit.audit_events e UNION ALL SELECT o::text FROM kit.outbox o
            UNION ALL SELECT a::text FROM directory.accounts a UNION ALL SELECT s::text FROM directory.sessions s
            UNION ALL SELECT r::text FROM directory.refresh_tokens r UNION ALL SELECT f::text FROM directory.sign_in_attempts f
            UNION ALL SELECT convert_from(k.body, 'UTF8') FROM kit.idempotency_keys k) AS t
    """
    async with services.database().reading() as read:
        written = (await read.execute(text(everything))).scalar_one()
    for secret in (marked, signed["refresh_token"], signed["access_token"]):
        assert secret not in written


async def test_nobody_touches_the_own_rights_and_the_separated_roles_stay_alone(
    admin: Caller, directory: httpx.AsyncClient, place: Place
) -> None:
    own = Caller(directory, Role.SYSTEM_ADMIN)
    account = await make(own, place, "admin.two", roles=["system_admin"], unit_id=None)
    signed = (await sign_in(directory, "admin.two")).json()["access_token"]
    headers = {"Authorization": f"Bearer {signed}", "If-Match": '"v1"'}
    answer = await directory.post(f"/v1/accounts/{account['id']}/disable", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "account.own")
    for roles in (["system_admin", "bureau"], ["auditor", "system_admin"]):
        body = {"username": "mixed", "display_name": "示例", "roles": roles, "unit_id": str(place.town.id), "password": PASSWORD}
        refused = await admin.post("/v1/accounts", json=body)
        assert (refused.status_code, refused.json()["code"]) == (400, "account.roles_exclude")
