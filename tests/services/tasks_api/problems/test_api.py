"""The problem list over HTTP: listed, put right, checked by another person, struck off; lateness that stays."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.kit import ids
from services.tasks_api.problems import jobs
from services.tasks_api.problems.schemas import ProblemHistoryOut, ProblemOut
from tests.factories.supervision import MONDAY, START, World

PATH = "/v1/problems"
RESULT = {"result": "已完成整改（演示）。"}


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


def body(world: World, **changes: Any) -> dict[str, Any]:
    given = {
        "unit_id": str(world.place.town.id),
        "kind": "one_size_fits_all",
        "source": "survey",
        "title": "“一刀切”关停（演示）",
        "description": "未区分情形一律关停（演示）。",
        "found_on": str(MONDAY),
        "limit": {"days": 5, "kind": "working"},
    }
    return given | changes


async def listed(world: World, name: str = "bureau", **changes: Any) -> ProblemOut:
    answer = await world.caller(name).post(PATH, json=body(world, **changes))
    assert answer.status_code == 201, answer.text
    return ProblemOut.model_validate_json(answer.content)


async def handed_in(world: World) -> ProblemOut:
    made = await listed(world, measures="逐户甄别（演示）。")
    assert (await world.move(f"{PATH}/{made.id}", "submit", "manager", RESULT)).status_code == 200
    return made


async def look(world: World, day: date) -> None:
    world.clock.set_to(day)
    watch, _ = jobs.STEP
    await watch(world.runtime)


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", answer.json().get("state"))


async def test_the_way_of_a_problem(world: World) -> None:
    made = await listed(world)
    assert (made.state, made.lamp, made.due_on, made.allowed_actions) == ("listed", "yellow", MONDAY + timedelta(7), ["void"])
    path = f"{PATH}/{made.id}"
    measured = await world.move(path, "measure", "member", {"measures": "逐户甄别（演示）。"})
    assert told(measured) == (200, "rectifying")
    assert measured.json()["allowed_actions"] == ["measure"]
    submitted = await world.move(path, "submit", "manager", RESULT)
    assert (submitted.json()["state"], submitted.json()["lamp"]) == ("submitted", "green")
    assert (await world.read(path))["allowed_actions"] == ["return", "close"]
    assert (await world.move(path, "return")).json()["errors"][0]["pointer"] == "/body/note"
    assert told(await world.move(path, "return", body={"note": "缺佐证"})) == (200, "rectifying")
    await world.move(path, "submit", "manager", RESULT)
    closed = await world.move(path, "close", body={"note": "现场核查属实"})
    assert (closed.json()["closed_on"], closed.json()["allowed_actions"]) == (str(MONDAY), ["reopen"])
    world.clock.pass_time(days=30)
    reopened = await world.move(path, "reopen", body={"note": "再次发生", "limit": {"days": 3}})
    assert (reopened.json()["reopened"], reopened.json()["due_on"]) == (1, str(MONDAY + timedelta(35)))
    past = ["listed", "measured", "submitted", "returned", "submitted", "closed", "reopened"]
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", made.id)
    feed = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s ORDER BY id", made.id)
    assert [row.action for row in trail] == [row.kind for row in feed] == [f"problem.{verb}" for verb in past]
    moves = ProblemHistoryOut.model_validate(await world.read(f"{path}/history"))
    assert [move.verb for move in moves.items] == ["list", "measure", "submit", "return", "submit", "close", "reopen"]


async def test_whoever_handed_in_does_not_check(world: World) -> None:
    made = await handed_in(world)
    path, me = f"{PATH}/{made.id}", world.rows("SELECT submitted_by FROM tasks.problems WHERE id = %s", made.id)[0].submitted_by
    world.accounts["bureau"] = me
    try:
        assert told(await world.move(path, "close")) == (409, "problem.same_person")
        assert (await world.read(path))["allowed_actions"] == []
    finally:
        del world.accounts["bureau"]
    assert told(await world.move(path, "close")) == (200, "closed")


async def test_lateness_stays_and_the_ladder_is_climbed_once(world: World) -> None:
    made = await listed(world, measures="整改（演示）。")
    path = f"{PATH}/{made.id}"
    for _ in range(2):
        await look(world, made.due_on + timedelta(1))
    assert (await world.read(path))["lamp"] == "red"
    steps = world.rows("SELECT step FROM tasks.escalations WHERE subject_id = %s ORDER BY fired_on", made.id)
    assert [row.step for row in steps] == ["red"]
    # Downtime: everything that fell due meanwhile comes once; a letter and a circular among it.
    await look(world, made.due_on + timedelta(25))
    steps = world.rows("SELECT step, action, notice_id FROM tasks.escalations WHERE subject_id = %s", made.id)
    assert {row.step for row in steps} == {"red", "leader", "lead_unit", "notice", "circular"}
    assert all((row.notice_id is not None) == (row.action != "warn") for row in steps)
    await world.move(path, "submit", "manager", RESULT)
    found = await world.items("/v1/lateness", "manager", subject_id=str(made.id))
    assert [(one["subject_type"], one["state"], one["how"]) for one in found] == [("problem", "ended", "submitted")]
    assert found[0]["warnings"][0]["step"] == "red"
    await world.move(path, "return", body={"note": "缺佐证"})
    [record] = await world.items("/v1/lateness", "manager", subject_id=str(made.id))
    assert (record["state"], [event["how"] for event in record["events"]]) == ("open", ["submitted", "returned"])
    inbox = await world.items("/v1/notifications", "manager")
    assert any(one["title"].startswith("突出问题整改已逾期") for one in inbox)
    assert await world.items(PATH, lamp="red", unit_id=str(world.place.town.id)) != []
    with pytest.raises(Exception, match="only ever added"):
        world.run("UPDATE tasks.lateness SET due_on = due_on WHERE subject_id = %s", made.id)


async def test_bad_input_is_named(world: World) -> None:
    plan, closed = await world.plan(period_end=date(2025, 12, 31)), await world.plan(state="closed")
    gone = str(world.place.other_town.id)
    world.run("UPDATE directory.units SET valid_to = %s WHERE id = %s", MONDAY - timedelta(1), gone)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"unit_id": str(ids.new_id())}, "/body/unit_id"),
        ({"unit_id": str(world.place.foreign_town.id)}, "/body/unit_id"),
        ({"unit_id": gone}, "/body/unit_id"),
        ({"plan_id": str(ids.new_id())}, "/body/plan_id"),
        ({"found_on": str(MONDAY + timedelta(1))}, "/body/found_on"),
        ({"plan_id": str(plan.id), "found_on": "2022-12-31"}, "/body/found_on"),
        ({"plan_id": str(plan.id), "limit": {"days": 400, "kind": "working"}}, "/body/limit/days"),
        ({"kind": "unheard_of"}, "/body/kind"),
        ({"source": "survey", "origin": {"type": "complaint", "id": str(ids.new_id())}}, "/body/source"),
        ({"attachment_ids": [str(ids.new_id())]}, "/body/attachment_ids/0"),
    ]
    try:
        for changes, pointer in cases:
            refused = await world.caller("bureau").post(PATH, json=body(world, **changes))
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), changes
    finally:
        world.run("UPDATE directory.units SET valid_to = NULL WHERE id = %s", gone)
    assert told(await world.caller("bureau").post(PATH, json=body(world, plan_id=str(closed.id)))) == (409, "problem.plan_closed")


async def test_a_rectification_becomes_one_problem(world: World) -> None:
    row = (ids.new_id(), world.place.district.id, world.place.foreign_town.id, "示例案〔2025〕2号", MONDAY)
    world.run("INSERT INTO published.open_rectifications VALUES (%s, %s, %s, %s, %s)", *row)
    origin = {"source": "review", "origin": {"type": "rectification", "id": str(row[0])}}
    answers = await asyncio.gather(*(world.caller("bureau").post(PATH, json=body(world, **origin)) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    world.run("DELETE FROM published.open_rectifications")


async def test_open_rectifications_of_reviews_are_listed_once(world: World) -> None:
    place, known = world.place, [ids.new_id() for _ in range(3)]
    for each, unit in zip(known, (place.town, place.other_town, place.foreign_town), strict=True):
        row = (each, unit.path[0], unit.id, "示例案〔2025〕1号", MONDAY)
        world.run("INSERT INTO published.open_rectifications VALUES (%s, %s, %s, %s, %s)", *row)
    path = f"{PATH}/from-rectifications"
    own = await world.caller("manager").post(path, json={})
    assert [item["status"] for item in own.json()["items"]] == [201]
    both = await world.caller("bureau").post(path, json={"kind": "rough"})
    assert sorted(item["status"] for item in both.json()["items"]) == [200, 201]
    again = await world.caller("bureau").post(path, json={"rectification_ids": [str(known[0])]})
    assert again.json()["items"][0]["id"] == own.json()["items"][0]["id"]
    foreign = await world.caller("bureau").post(path, json={"rectification_ids": [str(known[2])]})
    assert foreign.json()["errors"][0]["pointer"] == "/body/rectification_ids/0"
    assert (await world.caller("member").post(path, json={})).status_code == 403
    [made] = await world.items(PATH, "manager", source="review", origin_id=str(known[0]))
    assert (made["title"], made["origin"]) == ("案卷评查整改：示例案〔2025〕1号", {"type": "rectification", "id": str(known[0])})


async def test_many_at_once(world: World) -> None:
    items = [body(world), body(world, found_on="2030-01-01"), body(world)]
    done = await world.caller("bureau").post(f"{PATH}/batch", json={"items": items})
    assert [item["status"] for item in done.json()["items"]] == [201, 400, 201]
    atomic = await world.caller("bureau").post(f"{PATH}/batch", json={"items": items, "atomic": True})
    assert (atomic.status_code, atomic.json()["errors"][0]["pointer"]) == (400, "/body/items/1/found_on")


async def test_two_checks_at_once(world: World) -> None:
    made = await handed_in(world)
    both = (world.move(f"{PATH}/{made.id}", verb, body={"note": "核查"}, version=2) for verb in ("close", "return"))
    assert sorted(answer.status_code for answer in await asyncio.gather(*both)) == [200, 412]


async def test_who_may(world: World) -> None:
    for name in ("government", "member", "platform", "auditor"):
        assert (await world.caller(name).post(PATH, json=body(world))).status_code == 403, name
    assert (await world.caller("other_manager").post(PATH, json=body(world))).status_code == 400
    made = await listed(world, "manager", source="self_check")
    path = f"{PATH}/{made.id}"
    for name, status in {"member": 200, "government": 200, "other_manager": 404, "foreign_bureau": 404, "admin": 403}.items():
        assert (await world.caller(name).get(path)).status_code == status, name
    for verb in ("close", "return", "reopen", "void"):
        given = {"note": "说明"} | ({"limit": {"days": 3}} if verb == "reopen" else {})
        assert (await world.move(path, verb, "manager", given, version=1)).status_code == 403, verb
    assert (await world.move(path, "submit", "member", RESULT, version=1)).status_code == 403
    assert (await world.move(path, "measure", "other_manager", {"measures": "无"}, version=1)).status_code == 404
    assert (await world.client.get(PATH)).status_code == 401
    assert (await world.caller("manager").post(f"{path}/submit", json=RESULT)).status_code == 428
    assert (await world.move(path, "void", body={"note": "误列"}, version=9)).status_code == 412
    assert told(await world.move(path, "close")) == (409, "problem.illegal_move")
    dry = await world.move(path, "void", body={"note": "误列"}, params={"dry_run": "true"})
    assert (dry.json()["state"], (await world.read(path))["state"]) == ("void", "listed")
