"""A PATCH or PUT that says what is so already leaves no trace: no audit row, no message, no version."""

from __future__ import annotations

from typing import Any

import httpx
import psycopg
import pytest

from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place

CALENDAR: dict[str, Any] = {"source": "示例通知（演示）", "holidays": [], "make_up_days": []}


@pytest.fixture(scope="module")
async def made(services: Services, place: Place) -> dict[str, httpx.Response]:
    """One object of each kind that can be changed."""
    admin = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    member = {"unit_id": str(place.town.id), "valid_from": "2024-01-01"}
    group = {"district_id": str(place.district.id), "key": "townships", "name": "各乡镇", "members": [member]}
    account = {"username": "one.member", "display_name": "示例", "roles": ["unit_member"], "unit_id": str(place.town.id)}
    client = {"client_id": "example", "name": "示例", "roles": ["platform"], "unit_id": str(place.district.id)}
    made = {
        "units": await admin.get(f"/v1/units/{place.town.id}"),
        "unit-groups": await admin.post("/v1/unit-groups", json=group),
        "accounts": await admin.post("/v1/accounts", json=account),
    }
    owner_id = (await admin.post("/v1/clients", json=client)).json()["id"]
    made["webhook-endpoints"] = await admin.post(
        "/v1/webhook-endpoints", json={"url": "https://receiver.example.cn/", "event_types": ["review.*"], "client_id": owner_id}
    )
    return made


@pytest.mark.parametrize(
    ("kind", "field", "other"),
    [
        ("units", "name", "示例新镇"),
        ("unit-groups", "name", "各镇街"),
        ("accounts", "display_name", "另名（演示）"),
        ("webhook-endpoints", "event_types", ["plan.*"]),
    ],
)
async def test_what_is_so_already_is_no_change(
    services: Services, database_url: str, made: dict[str, httpx.Response], kind: str, field: str, other: Any
) -> None:
    admin = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    path = f"/v1/{kind}/{made[kind].json()['id']}"
    version = made[kind].json()["version"]
    same, changed = {field: made[kind].json()[field]}, {field: other}
    with psycopg.connect(database_url, autocommit=True) as connection:

        def traces() -> list[int]:
            counts = "SELECT (SELECT count(*) FROM kit.audit_events), (SELECT count(*) FROM kit.outbox)"
            return list(connection.execute(counts).fetchone() or ())

        before = traces()
        for body in (same, {}):
            answer = await admin.patch(path, json=body, version=version)
            assert (answer.status_code, answer.headers["ETag"]) == (200, f'"v{version}"'), answer.text
        assert (await admin.patch(path, json=same, version=version + 1)).status_code == 412
        assert traces() == before
        assert (await admin.patch(path, json=changed, version=version)).headers["ETag"] == f'"v{version + 1}"'
        assert traces()[0] == before[0] + 1
        assert traces()[1] >= before[1]


async def test_a_put_that_writes_is_told(services: Services, database_url: str) -> None:
    admin = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    first = await admin.put("/v1/working-days/2024", json=CALENDAR)
    assert first.status_code == 200
    with psycopg.connect(database_url, autocommit=True) as connection:
        count = connection.execute("SELECT count(*) FROM kit.audit_events").fetchone()
        again = await admin.put("/v1/working-days/2024", json=CALENDAR | {"source": "另一通知（演示）"}, version=1)
        assert (again.status_code, again.headers["ETag"]) == (200, '"v2"')
        assert connection.execute("SELECT count(*) FROM kit.audit_events").fetchone() == ((count or (0,))[0] + 1,)
