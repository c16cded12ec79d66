"""Complaints over HTTP: taken in, handed on, answered, rated, closed; the complainant sealed; bulk intake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from services.kit import ids
from services.tasks_api.complaints import actions, jobs, rules
from services.tasks_api.complaints.rules import State, Verb
from services.tasks_api.complaints.schemas import ComplaintHistoryOut, ComplaintOut
from tests.factories.supervision import MONDAY, START, World

PATH = "/v1/complaints"
PERSON = {"name": "示例甲秘", "phone": "00000001234", "address": "示例路秘 1 号"}
REPLY = {"reply": "已核实并答复（演示）。"}


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


def body(world: World, **changes: Any) -> dict[str, Any]:
    given = {
        "unit_id": str(world.place.town.id),
        "channel": "hotline_12345",
        "title": "反映重复检查（演示）",
        "content": "一月内检查三次（演示）。",
        "complainant": PERSON,
        "received_on": str(MONDAY),
    }
    return given | changes


async def received(world: World, name: str = "bureau", **changes: Any) -> ComplaintOut:
    answer = await world.caller(name).post(PATH, json=body(world, **changes))
    assert answer.status_code == 201, answer.text
    return ComplaintOut.model_validate_json(answer.content)


async def test_the_way_of_a_complaint(world: World) -> None:
    made = await received(world)
    assert (made.state, made.complainant, made.due_on) == ("received", "示*** 000****1234", MONDAY + timedelta(7))
    path = f"{PATH}/{made.id}"
    assert (await world.move(path, "reply", "member", REPLY)).json()["code"] == "complaint.illegal_move"
    assert (await world.move(path, "accept", "member")).json()["state"] == "accepted"
    assert (await world.move(path, "reply", "member", REPLY)).json()["replied_on"] == str(MONDAY)
    assert (await world.move(path, "close")).json()["code"] == "complaint.not_rated"
    assert (await world.move(path, "return")).status_code == 400
    assert (await world.move(path, "return", body={"note": "未答要点"})).json()["state"] == "accepted"
    await world.move(path, "reply", "member", REPLY)
    rated = await world.move(path, "rate", "member", {"satisfaction": "satisfied"})
    again = await world.move(path, "rate", "member", {"satisfaction": "satisfied"})
    assert (rated.headers["etag"], again.status_code) == (again.headers["etag"], 200)
    closed = await world.move(path, "close", "manager")
    assert (closed.json()["state"], closed.json()["allowed_actions"]) == ("closed", ["link"])
    moves = ComplaintHistoryOut.model_validate(await world.read(f"{path}/history"))
    past = ["receive", "accept", "reply", "return", "reply", "rate", "close"]
    assert [move.verb for move in moves.items] == past
    feed = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s ORDER BY id", made.id)
    assert (feed[0].kind, len(feed)) == ("complaint.received", len(past))


async def test_the_complainant_is_sealed_and_each_look_told(world: World) -> None:
    made = await received(world)
    path = f"{PATH}/{made.id}/complainant-disclosure"
    shown = await world.caller("manager").post(path, json={"reason": "电话核实情况"})
    assert shown.json() == {"complaint_id": str(made.id), **PERSON}
    assert (await world.caller("member").post(path, json={"reason": "好奇"})).status_code == 403
    assert (await world.caller("other_manager").post(path, json={"reason": "好奇"})).status_code == 404
    dry = await world.caller("manager").post(path, json={"reason": "核实"}, params={"dry_run": "true"})
    assert dry.status_code == 400
    [row] = world.rows("SELECT reason FROM kit.audit_events WHERE action = 'complaint.complainant_disclosed'")
    assert row.reason == "电话核实情况"
    [stored] = world.rows("SELECT complainant FROM tasks.complaints WHERE id = %s", made.id)
    assert "秘".encode() not in bytes(stored.complainant)
    for table in ("kit.audit_events", "kit.outbox", "kit.idempotency_keys", "tasks.notifications", "tasks.complaints"):
        assert world.rows(f"SELECT 1 FROM {table} AS t WHERE t::text LIKE '%%秘%%'") == [], table
    anonymous = await received(world, complainant=None)
    assert (anonymous.anonymous, anonymous.complainant) == (True, None)
    none = await world.caller("bureau").post(f"{PATH}/{anonymous.id}/complainant-disclosure", json={"reason": "核实"})
    assert none.json()["code"] == "complaint.no_complainant"


async def test_an_identity_number_stands_in_no_word_of_a_complaint(world: World) -> None:
    number = "350111190001010011"
    grouped = f"本人（演示）{number[:6]} {number[6:14]} {number[14:]}，来电反映。"
    made = await received(world, title=f"{number} 反映", content=grouped)
    assert (made.title, made.content) == ("350111********0011 反映", "本人（演示）350111********0011，来电反映。")
    path, fault = f"{PATH}/{made.id}", {"code": "identity_misplaced", "detail": "文字中有身份证号；身份证号只能填在专用字段。"}
    in_body = await world.move(path, "void", body={"note": f"与 {number} 重复"})
    in_header = await world.move(path, "void", headers={"X-Change-Reason": quote(f"与 {number} 重复")})
    for refused, pointer in ((in_body, "/body/note"), (in_header, "/header/x-change-reason")):
        assert (refused.status_code, refused.json()["errors"]) == (400, [{"pointer": pointer, **fault}])
        assert number not in refused.text


async def test_handed_on_it_leaves_the_sight_of_its_former_unit(world: World) -> None:
    made = await received(world)
    path, other = f"{PATH}/{made.id}", str(world.place.other_town.id)
    same = await world.move(path, "transfer", body={"unit_id": str(world.place.town.id), "note": "转办"})
    assert same.json()["code"] == "complaint.already_there"
    for unit in (world.place.foreign_town.id, ids.new_id()):
        refused = await world.move(path, "transfer", body={"unit_id": str(unit), "note": "转办"})
        assert refused.json()["errors"][0]["pointer"] == "/body/unit_id"
    world.clock.pass_time(days=10)
    handed = await world.move(path, "transfer", "manager", {"unit_id": other, "note": "不属本单位职责"})
    assert (handed.status_code, (await world.caller("manager").get(path)).status_code) == (204, 404)
    now = await world.read(path, "other_manager")
    assert (now["transfers"], now["due_on"], now["held_since"]) == (1, str(made.due_on), str(MONDAY + timedelta(10)))
    [record] = await world.items("/v1/lateness", "manager", subject_id=str(made.id))
    assert (record["subject_type"], record["how"], record["days_late"]) == ("complaint", "transferred", 3)


async def test_a_late_reply_is_warned_of_without_a_word_of_the_complaint(world: World) -> None:
    made = await received(world, title="姓名秘写在标题")
    world.clock.set_to(made.due_on + timedelta(20))
    watch, _ = jobs.STEP
    await watch(world.runtime)
    await watch(world.runtime)
    steps = world.rows("SELECT step FROM tasks.escalations WHERE subject_id = %s", made.id)
    assert sorted(row.step for row in steps) == ["lead_unit", "leader", "notice", "red"]
    assert (await world.read(f"{PATH}/{made.id}"))["lamp"] == "red"
    assert world.rows("SELECT 1 FROM tasks.notifications AS t WHERE t::text LIKE '%%秘%%'") == []
    assert world.rows("SELECT 1 FROM tasks.supervision_notices AS t WHERE t::text LIKE '%%秘%%'") == []


async def test_intake_of_many_by_their_numbers(world: World) -> None:
    items = [body(world, external_system="h12345", external_id=f"H-{place}") for place in range(3)]
    first = await world.caller("platform").post(f"{PATH}/batch", json={"items": items[:2]})
    again = await world.caller("platform").post(f"{PATH}/batch", json={"items": items})
    assert [item["status"] for item in first.json()["items"]] == [201, 201]
    assert [item["status"] for item in again.json()["items"]] == [200, 200, 201]
    assert [item["id"] for item in again.json()["items"][:2]] == [item["id"] for item in first.json()["items"]]
    known = await world.caller("platform").post(f"{PATH}/batch", json={"items": items})
    assert {item["status"] for item in known.json()["items"]} == {200}
    assert (await world.read(PATH, external_id="H-2", count="exact"))["count"] == 1
    bad = [items[0] | {"external_id": "H-9", "received_on": "2030-01-01"}, items[0] | {"external_id": "H-8"}]
    mixed = await world.caller("platform").post(f"{PATH}/batch", json={"items": bad})
    assert [item["status"] for item in mixed.json()["items"]] == [400, 201]
    nameless = {key: value for key, value in items[0].items() if key != "external_id"}
    assert (await world.caller("platform").post(f"{PATH}/batch", json={"items": [nameless]})).status_code == 400


async def test_what_came_of_it_is_linked(world: World) -> None:
    problem = {"unit_id": str(world.place.town.id), "kind": "other", "source": "complaint", "title": "演示"}
    given = problem | {"description": "演示", "found_on": str(MONDAY)}
    listed = (await world.caller("bureau").post("/v1/problems", json=given)).json()
    path = f"{PATH}/{(await received(world)).id}"
    unknown = await world.move(path, "link", body={"problem_id": str(ids.new_id())})
    assert unknown.json()["errors"][0]["pointer"] == "/body/problem_id"
    linked = await world.move(path, "link", body={"problem_id": listed["id"]})
    assert (linked.json()["problem_id"], linked.json()["state"]) == (listed["id"], "received")


async def test_bad_input_and_who_may(world: World) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"unit_id": str(ids.new_id())}, "/body/unit_id"),
        ({"received_on": str(MONDAY + timedelta(1))}, "/body/received_on"),
        ({"channel": "letter"}, "/body/channel"),
        ({"external_system": "h12345"}, "/body/external_id"),
        ({"complainant": {"phone": "秘密"}}, "/body/complainant/phone"),
    ]
    for changes, pointer in cases:
        refused = await world.caller("bureau").post(PATH, json=body(world, **changes))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), changes
        assert "秘" not in refused.text
    for name, status in {"government": 403, "auditor": 403, "other_member": 400, "foreign_bureau": 400}.items():
        assert (await world.caller(name).post(PATH, json=body(world))).status_code == status, name
    path = f"{PATH}/{(await received(world, 'member')).id}"
    for name, status in {"member": 200, "government": 200, "other_manager": 404, "foreign_bureau": 404, "admin": 403}.items():
        assert (await world.caller(name).get(path)).status_code == status, name
    for verb in ("return", "void"):
        assert (await world.move(path, verb, "manager", {"note": "无"}, version=1)).status_code == 403, verb
    assert (await world.move(path, "accept", "other_member", version=1)).status_code == 404
    assert (await world.caller("member").post(f"{path}/accept")).status_code == 428
    assert (await world.move(path, "accept", "member", version=9)).status_code == 412
    assert (await world.client.get(PATH)).status_code == 401
    dry = await world.move(path, "accept", "member", params={"dry_run": "true"})
    assert (dry.json()["state"], (await world.read(path))["state"]) == ("accepted", "received")
    assert (await world.move(path, "void", body={"note": "重复登记"})).json()["lamp"] == "grey"


def test_each_verb_has_its_states() -> None:
    possible = {verb: {move.before for move in rules.MOVES.arrows if move.verb is verb} for verb in Verb}
    assert all(possible.values())
    assert {state for states in possible.values() for state in states} == set(State) - {State.VOID}
    assert actions.masked("示例", None) == "示*"
    assert actions.masked(None, "12345") == "*****"
    assert actions.masked(None, None) is None
