"""Units over HTTP: the conventions of every service, shown on the simplest resource."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from services.directory_api.units import schemas
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place

UNIT = {"code": "359333", "name": "测试区人民政府", "short_name": "测试区", "kind": "government"}


@pytest.fixture
def admin(services: Services) -> Caller:
    return Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)


@pytest.fixture
def bureau(services: Services, place: Place) -> Caller:
    return Caller(services.client("directory_api"), Role.BUREAU, unit=place.bureau)


async def count(services: Services, table: str, where: str = "true", **values: Any) -> int:
    async with services.database().reading() as read:
        return int((await read.execute(text(f"SELECT count(*) FROM {table} WHERE {where}"), values)).scalar_one())


async def test_an_administrator_adds_a_unit_and_everyone_in_the_district_reads_it(
    admin: Caller, bureau: Caller, place: Place, services: Services
) -> None:
    wanted = UNIT | {"code": "359111103", "name": "示例丙镇", "kind": "town", "parent_id": str(place.district.id)}
    made = await admin.post("/v1/units", json=wanted)
    assert made.status_code == 201, made.text
    unit = schemas.UnitOut.model_validate_json(made.content)
    assert made.headers["Location"] == f"/v1/units/{unit.id}"
    assert made.headers["ETag"] == '"v1"'
    read = await bureau.get(f"/v1/units/{unit.id}")
    assert read.json() == made.json()
    assert await count(services, "kit.audit_events", "object_id = :id AND action = 'unit.created'", id=unit.id) == 1
    assert await count(services, "kit.outbox", "object_id = :id AND kind = 'unit.created'", id=unit.id) == 1


async def test_a_caller_sees_only_the_own_district(bureau: Caller, place: Place) -> None:
    listed = await bureau.get("/v1/units", params={"limit": 200})
    page = schemas.UnitPage.model_validate_json(listed.content)
    assert {unit.district_id for unit in page.items} == {place.district.id}
    unseen = await bureau.get(f"/v1/units/{place.foreign_town.id}")
    absent = await bureau.get("/v1/units/01900000-0000-7000-8000-00000000ffff")
    assert unseen.status_code == absent.status_code == 404
    assert {**unseen.json(), "instance": "", "trace_id": ""} == {**absent.json(), "instance": "", "trace_id": ""}


async def test_pages_follow_each_other_without_gap_or_repeat(bureau: Caller) -> None:
    whole = [unit["id"] for unit in (await bureau.get("/v1/units", params={"limit": 200})).json()["items"]]
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = await bureau.get("/v1/units", params=params)
        seen += [unit["id"] for unit in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
        assert ("Link" in answer.headers) == (cursor is not None)
        if cursor is None:
            break
    assert seen == whole


async def test_a_cursor_fits_no_other_filter_and_no_other_text(bureau: Caller) -> None:
    cursor = (await bureau.get("/v1/units", params={"limit": 1})).json()["next_cursor"]
    for params in ({"cursor": cursor, "kind": "town"}, {"cursor": cursor[:-2] + "xx"}, {"cursor": "abc"}, {"cursor": "-"}):
        answer = await bureau.get("/v1/units", params=params)
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor.invalid"), params


async def test_a_count_is_told_only_when_asked_for(bureau: Caller) -> None:
    assert "count" not in (await bureau.get("/v1/units")).json()
    assert (await bureau.get("/v1/units", params={"count": "exact", "limit": 1})).json()["count"] >= 5


async def test_etags_guard_reads_and_changes(admin: Caller, place: Place) -> None:
    path = f"/v1/units/{place.other_town.id}"
    tag = (await admin.get(path)).headers["ETag"]
    assert (await admin.get(path, headers={"If-None-Match": tag})).status_code == 304
    assert (await admin.patch(path, json={"granting": True})).status_code == 428
    changed = await admin.patch(path, json={"granting": True}, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"v2"')
    stale = await admin.patch(path, json={"granting": False}, version=1)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


async def test_a_key_makes_a_post_happen_once(admin: Caller, services: Services) -> None:
    wanted = UNIT | {"code": "359444"}
    headers = {"Idempotency-Key": "one"}
    first = await admin.post("/v1/units", json=wanted, headers=headers)
    again = await admin.post("/v1/units", json=wanted, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"]
    other = await admin.post("/v1/units", json=wanted | {"name": "别名"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")
    stranger = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN, account_id=None)
    assert (await stranger.post("/v1/units", json=wanted, headers=headers)).status_code in {201, 409}
    assert await count(services, "directory.units", "code = '359444'") == 1


async def test_a_dry_run_answers_and_writes_nothing(admin: Caller, services: Services) -> None:
    before = await count(services, "kit.audit_events")
    answer = await admin.post("/v1/units", params={"dry_run": "true"}, json=UNIT | {"code": "359555"})
    assert answer.status_code == 201
    assert await count(services, "directory.units", "code = '359555'") == 0
    assert await count(services, "kit.audit_events") == before


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (b"", [("/body", "json.empty")]),
        (b"[]", [("/body", "json.not_an_object")]),
        (b'{"code": NaN}', [("/body", "json.not_a_number")]),
        (b'{"a": 1e999}', [("/body", "json.not_a_number")]),
        (b'{"a": 1, "a": 2}', [("/body", "json.duplicate_name")]),
        (b'{"a": "\\ud800"}', [("/body", "json.bad_text")]),
        (b'{"a": "\\u0000"}', [("/body", "json.bad_text")]),
        (b'{"a": "\xff"}', [("/body", "json.bad_text")]),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", [("/body", "json.too_deep")]),
        (b'{"a": ' + b"9" * 50 + b"}", [("/body", "json.number_too_long")]),
        (b"{", [("/body", "json.syntax")]),
        (
            b'{"code": "x", "name": 3, "short_name": "s", "kind": "city", "secret": 1, "enforcement": "true"}',
            [
                ("/body/name", "wrong_type"),
                ("/body/kind", "not_allowed"),
                ("/body/enforcement", "wrong_type"),
                ("/body/secret", "unknown_field"),
            ],
        ),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else "",
)
async def test_bad_bodies_are_refused_with_every_fault_and_never_echoed(
    admin: Caller, body: bytes, faults: list[tuple[str, str]]
) -> None:
    answer = await admin.post("/v1/units", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert sorted((fault["pointer"], fault["code"]) for fault in answer.json()["errors"]) == sorted(faults)
    assert "city" not in answer.text


async def test_other_refusals_have_the_same_shape(admin: Caller, bureau: Caller, services: Services, place: Place) -> None:
    anyone = services.client("directory_api")
    answers = [
        (await anyone.get("/v1/units"), 401, "unauthorized"),
        (await anyone.get("/v1/units", headers={"Authorization": "Bearer x.y.z"}), 401, "unauthorized"),
        (await bureau.post("/v1/units", json=UNIT), 403, "forbidden"),
        (await admin.get("/v1/nothing"), 404, "not_found"),
        (await admin.delete(f"/v1/units/{place.town.id}"), 405, "method_not_allowed"),
        (await admin.get("/v1/units", params={"colour": "red"}), 400, "invalid_input"),
        (await admin.get("/v1/units?limit=1&limit=2"), 400, "invalid_input"),
        (await admin.get("/v1/units", params={"limit": "500"}), 400, "invalid_input"),
        (await admin.get("/v1/units/not-an-id"), 400, "invalid_input"),
        (await admin.post("/v1/units", content=b"<a/>", headers={"Content-Type": "text/xml"}), 415, "unsupported_media_type"),
        (await admin.post("/v1/units", content=b" " * 3_000_000, headers={"Content-Type": "application/json"}), 413, "too_large"),
        (await admin.post("/v1/units", json=UNIT | {"code": place.town.code}), 409, "duplicate"),
    ]
    for answer, status, code in answers:
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["trace_id"] in answer.headers["traceparent"]


async def test_texts_come_in_the_language_asked_for(admin: Caller) -> None:
    chinese = await admin.get("/v1/nothing")
    english = await admin.get("/v1/nothing", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert (chinese.json()["detail"], chinese.headers["Content-Language"]) == ("未找到。", "zh-CN")
    assert (english.json()["detail"], english.headers["Content-Language"]) == ("Not found.", "en")
