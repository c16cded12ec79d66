"""Supervision notices over HTTP: numbered without gaps, answered, returned, closed; who may, and what is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.kit import ids
from services.tasks_api.supervision_notices.schemas import SupervisionNoticeOut, SupervisionNoticePage
from tests.factories.supervision import MONDAY, START, World

PATH = "/v1/supervision-notices"
REPLY = {"reply": "已部署整改（演示）。"}


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


def body(world: World, **changes: Any) -> dict[str, Any]:
    given = {"unit_id": str(world.place.town.id), "title": "关于抓紧办理的督办函（演示）", "text": "请抓紧办理。"}
    return given | {"reply_due_on": str(MONDAY + timedelta(5))} | changes


async def send(world: World, **changes: Any) -> SupervisionNoticeOut:
    answer = await world.caller("bureau").post(PATH, json=body(world, **changes))
    assert answer.status_code == 201, answer.text
    return SupervisionNoticeOut.model_validate_json(answer.content)


async def test_the_way_of_a_notice(world: World) -> None:
    assignment = await world.assignment(await world.task(await world.plan()), due_on=MONDAY)
    made = await send(world, assignment_ids=[str(assignment.id)])
    assert (made.items[0].assignment_id, made.state, made.allowed_actions) == (assignment.id, "issued", ["void"])
    path = f"{PATH}/{made.id}"
    assert (await world.read(path, "manager"))["allowed_actions"] == ["reply"]
    world.clock.pass_time(days=6)
    assert (await world.read(path))["reply_late"] is True
    replied = await world.move(path, "reply", "manager", REPLY)
    assert (replied.json()["state"], replied.json()["reply_late"]) == ("replied", True)
    assert (await world.move(path, "return", body={})).status_code == 400
    returned = await world.move(path, "return", body={"note": "未附材料"})
    assert (returned.json()["state"], returned.json()["decision_note"]) == ("issued", "未附材料")
    await world.move(path, "reply", "manager", REPLY | {"reply": "已补充材料（演示）。"})
    closed = await world.move(path, "close")
    assert (closed.json()["state"], closed.json()["allowed_actions"]) == ("closed", [])
    assert closed.json()["first_replied_on"] == str(MONDAY + timedelta(6))
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", made.id)
    feed = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s ORDER BY id", made.id)
    past = [f"supervision_notice.{verb}" for verb in ("issued", "replied", "returned", "replied", "closed")]
    assert [row.action for row in trail] == [row.kind for row in feed] == past


async def test_numbers_have_no_gaps_under_load_and_after_refusals(world: World) -> None:
    first = await send(world)
    cases = [body(world), body(world, reply_due_on="2020-01-01"), body(world, assignment_ids=[str(ids.new_id())])]
    answers = await asyncio.gather(*(world.caller("bureau").post(PATH, json=cases[n % 3]) for n in range(12)))
    good = [answer.json()["number"] for answer in answers if answer.status_code == 201]
    start = int(first.number.split("〕")[1].removesuffix("号"))
    assert sorted(good, key=lambda number: int(number.split("〕")[1][:-1])) == [
        f"执督〔2025〕{start + place}号" for place in range(1, 5)
    ]
    dry = await world.caller("bureau").post(PATH, json=body(world), params={"dry_run": "true"})
    assert dry.json()["number"] == f"执督〔2025〕{start + 5}号"
    assert (await send(world)).number == f"执督〔2025〕{start + 5}号"


async def test_the_prefix_is_a_setting(world: World) -> None:
    setting = {"valid_from": str(MONDAY + timedelta(90)), "value": {"notice": "晋督", "circular": "晋通"}, "reading": "演示"}
    assert (await world.caller("bureau").post("/v1/supervision-settings/notice_numbers", json=setting)).status_code == 201
    assert (await send(world)).number.startswith("执督〔2025〕")
    world.clock.set_to(MONDAY + timedelta(90))
    assert (await send(world, reply_due_on=str(MONDAY + timedelta(99)))).number.startswith("晋督〔2025〕")


async def test_a_circular_is_seen_by_all_and_wants_no_reply(world: World) -> None:
    made = await send(world, kind="circular", reply_due_on=None)
    for name in ("other_manager", "branch_manager", "member", "government", "platform"):
        assert (await world.caller(name).get(f"{PATH}/{made.id}")).status_code == 200, name
    assert (await world.caller("foreign_manager").get(f"{PATH}/{made.id}")).status_code == 404
    refused = await world.move(f"{PATH}/{made.id}", "reply", "manager", REPLY)
    assert (refused.status_code, refused.json()["code"]) == (409, "supervision_notice.no_reply_wanted")
    assert (await world.move(f"{PATH}/{made.id}", "reply", "other_manager", REPLY)).status_code in {403, 409}


async def test_what_is_suspended_is_not_pressed_for(world: World) -> None:
    paused = await world.assignment(await world.task(await world.plan()), due_on=MONDAY, state="suspended")
    refused = await world.caller("bureau").post(PATH, json=body(world, assignment_ids=[str(paused.id)]))
    assert (refused.status_code, refused.json()["code"]) == (409, "supervision_notice.suspended")


async def test_bad_input_is_named(world: World) -> None:
    other = await world.assignment(await world.task(await world.plan()), world.place.other_town)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"unit_id": str(world.place.foreign_town.id)}, "/body/unit_id"),
        ({"unit_id": str(ids.new_id())}, "/body/unit_id"),
        ({"reply_due_on": None}, "/body/reply_due_on"),
        ({"reply_due_on": str(MONDAY)}, "/body/reply_due_on"),
        ({"assignment_ids": [str(other.id)]}, "/body/assignment_ids/0"),
        ({"kind": "letter"}, "/body/kind"),
        ({"title": ""}, "/body/title"),
    ]
    for changes, pointer in cases:
        refused = await world.caller("bureau").post(PATH, json=body(world, **changes))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), changes


async def test_who_may(world: World) -> None:
    for name in ("government", "manager", "member", "platform", "auditor"):
        assert (await world.caller(name).post(PATH, json=body(world))).status_code == 403, name
    path = f"{PATH}/{(await send(world)).id}"
    seen = {"member": 200, "government": 200, "branch_manager": 404, "other_manager": 404, "foreign_bureau": 404, "admin": 403}
    for name, status in seen.items():
        assert (await world.caller(name).get(path)).status_code == status, name
    for name, status in {"bureau": 403, "member": 403, "other_manager": 404, "government": 403}.items():
        assert (await world.move(path, "reply", name, REPLY, version=1)).status_code == status, name
    for verb in ("close", "return", "void"):
        for name in ("manager", "member", "government"):
            assert (await world.move(path, verb, name, version=1)).status_code == 403, (name, verb)
    assert (await world.client.get(PATH)).status_code == 401
    assert (await world.caller("manager").post(f"{path}/reply", json=REPLY)).status_code == 428
    assert (await world.move(path, "reply", "manager", REPLY, version=9)).status_code == 412
    assert (await world.move(path, "close")).json()["code"] == "supervision_notice.illegal_move"


async def test_filters(world: World) -> None:
    assignment = await world.assignment(await world.task(await world.plan()), due_on=MONDAY)
    made = await send(world, assignment_ids=[str(assignment.id)])
    await world.move(f"{PATH}/{made.id}", "void", body={"note": "误发"})
    for filters in ({"assignment_id": str(assignment.id)}, {"state": "void"}, {"unit_id": str(world.place.town.id)}):
        found = SupervisionNoticePage.model_validate(await world.read(PATH, limit=200, **filters))
        assert made.id in {one.id for one in found.items}, filters
    assert made.id not in {one.id for one in SupervisionNoticePage.model_validate(await world.read(PATH, year=2024)).items}
