"""Changing a plan in force over HTTP: what goes on, what ends, what is new, and the past as it was."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.tasks_api.plan_versions.schemas import ComparisonOut, PlanVersionOut, PlanVersionPage
from tests.factories.supervision import START, World

YEARLY = [{"shape": "yearly_count", "times_per_year": 1}]


def party(unit: Any, name: str = "示例") -> dict[str, Any]:
    return {"as_written": name, "unit_id": str(unit.id)}


def task(world: World, number: int, **facts: Any) -> dict[str, Any]:
    return {"number": number, "title": f"任务{number}", "responsibles": [party(world.place.town)]} | facts


def due(day: str) -> list[dict[str, Any]]:
    return [{"shape": "fixed", "due_on": day}]


@pytest.fixture
async def plan(world: World) -> dict[str, Any]:
    """In force since long before: a fixed date, a yearly task, one without a date."""
    world.clock.moment = START - timedelta(days=200)
    tasks = [task(world, 1, deadlines=due("2025-06-30")), task(world, 2, deadlines=YEARLY), task(world, 3)]
    body = {
        "title": "示例方案", "region_code": world.place.district.code, "period_start": "2024-01-01", "period_end": "2026-12-31",
        "tasks": tasks,
    }  # fmt: skip
    made = (await world.caller("bureau").post("/v1/plans", json=body)).json()
    active = await world.caller("bureau").post(f"/v1/plans/{made['id']}/activate", version=1)
    assert active.status_code == 200, active.text
    world.clock.moment = START
    return body | {"id": made["id"], "version": active.json()["version"]}


async def revise(world: World, plan: dict[str, Any], tasks: list[Any], name: str = "bureau", **options: Any) -> Any:
    body = {"reason": "演示调整", "tasks": tasks} | options.pop("body", {})
    given = {"version": plan["version"]} | options
    return await world.caller(name).post(f"/v1/plans/{plan['id']}/versions", json=body, **given)


async def owed(world: World, plan: dict[str, Any]) -> dict[tuple[str, int | None], dict[str, Any]]:
    """What stands for each task and year, by the title of the task."""
    titles = {each["id"]: each["title"] for each in await world.items("/v1/tasks", plan_id=plan["id"])}
    items = await world.items("/v1/assignments", plan_id=plan["id"], limit=200)
    return {(titles[each["task_id"]], each.get("year")): each for each in items}


async def board(world: World, plan: dict[str, Any], **query: Any) -> list[tuple[str, int, list[tuple[str, str | None]]]]:
    shown = await world.read("/v1/scoreboard", plan_id=plan["id"], **query)
    return [(row["title"], len(row["obligations"]), cells(row)) for row in shown["tasks"]]


def cells(row: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["state"], one.get("due_on")) for unit in row["units"] for one in unit["assignments"]]


async def test_what_stays_goes_on_and_the_past_is_as_it_was(world: World, plan: dict[str, Any]) -> None:
    before = await owed(world, plan)
    for verb, name in (("sign", "manager"), ("start", "member")):
        await world.move(f"/v1/assignments/{before['任务1', None]['id']}", verb, name)
    await world.caller("bureau").post("/v1/obligations/recordings")
    then = f"{world.clock.pass_time(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    old = await board(world, plan)
    owed_then = await world.items("/v1/obligations", year=2025, as_of=then, limit=200)
    world.clock.pass_time(days=35)
    await world.sweep()
    [late] = await world.items("/v1/lateness", assignment_id=before["任务1", None]["id"])
    towns = [party(world.place.town), party(world.place.other_town)]
    tasks = [
        task(world, 1, title="任务1（调整）", deadlines=due("2025-10-31"), responsibles=towns),
        plan["tasks"][1],
        task(world, 4, deadlines=due("2026-03-31")),
    ]
    dry = await revise(world, plan, tasks, params={"dry_run": "true"})
    assert (dry.status_code, await owed(world, plan) == before) == (201, False), "only the states have moved on"
    answer = await revise(world, plan, tasks)
    made = PlanVersionOut.model_validate_json(answer.content)
    counts = made.counts.model_dump()
    assert (answer.status_code, made.number) == (201, 2)
    assert counts == {"added": 1, "changed": 1, "ended": 1, "issued": 2, "moved": 1, "voided": 1}
    now = await owed(world, plan)
    listed = await world.items("/v1/assignments", plan_id=plan["id"], limit=200)
    found = [each for each in listed if each.get("due_on") == "2025-10-31"]
    first = next(each for each in found if each["unit_id"] == str(world.place.town.id))
    assert (first["id"], first["state"], first["original_due_on"], first["extended_to"]) == (
        before["任务1", None]["id"], "in_progress", "2025-06-30", "2025-10-31",
    )  # fmt: skip
    assert {each["unit_id"] for each in found} == {str(world.place.town.id), str(world.place.other_town.id)}
    assert {key: now[key]["id"] for key in now if key[0] == "任务2"} == {
        key: before[key]["id"] for key in before if key[0] == "任务2"
    }
    assert (now["任务3", None]["state"], now["任务4", None]["due_on"]) == ("void", "2026-03-31")
    history = await world.items(f"/v1/assignments/{first['id']}/moves")
    assert [(each["verb"], each["due_on"]) for each in history][-1] == ("replan", "2025-10-31")
    [kept] = await world.items("/v1/lateness", assignment_id=first["id"])
    assert (kept["id"], kept["due_on"], kept["state"], kept["how"]) == (late["id"], "2025-06-30", "ended", "replanned")
    assert await board(world, plan, as_of=then) == old
    assert await world.items("/v1/obligations", year=2025, as_of=then, limit=200) == owed_then
    assert [row[0] for row in await board(world, plan)] == ["任务1（调整）", "任务2", "任务4"]
    titles = [each["title"] for each in await world.items("/v1/notifications", "member", limit=50)]
    assert {"任务时限调整：1. 任务1（调整）", "任务已作废：3. 任务3"} <= set(titles)


async def test_versions_are_listed_and_compared(world: World, plan: dict[str, Any]) -> None:
    tasks = [*plan["tasks"][:2], task(world, 3, title="新题")]
    await revise(world, plan, tasks, body={"title": "示例方案（修订）"})
    path = f"/v1/plans/{plan['id']}/versions"
    page = PlanVersionPage.model_validate(await world.read(path, "member"))
    assert [(each.number, each.reason, each.head.title) for each in page.items] == [
        (2, "演示调整", "示例方案（修订）"), (1, None, "示例方案"),
    ]  # fmt: skip
    assert page.items[1].counts.issued == 5
    whole = PlanVersionOut.model_validate(await world.read(f"{path}/1", "member"))
    assert [each.title for each in whole.tasks] == ["任务1", "任务2", "任务3"]
    told = ComparisonOut.model_validate(await world.read(f"{path}/2/comparison", "member"))
    assert [(each.name, each.before, each.after) for each in told.head] == [("title", "示例方案", "示例方案（修订）")]
    [changed] = told.tasks
    assert (changed.number, changed.change) == (3, "changed")
    assert [(each.name, each.before, each.after) for each in changed.fields] == [("title", "任务3", "新题")]
    assert (await world.caller("bureau").get(f"{path}/2/comparison", params={"since": 7})).status_code == 404
    assert (await world.read(f"/v1/plans/{plan['id']}"))["version_number"] == 2
    [trail] = world.rows(
        "SELECT reason, after FROM kit.audit_events WHERE action = 'plan.revised' AND object_id = %s", plan["id"]
    )
    assert (trail.reason, trail.after["changed"]) == ("演示调整", 1)


async def test_a_longer_plan_asks_for_its_new_years_and_an_ended_number_may_come_back(world: World, plan: dict[str, Any]) -> None:
    await revise(world, plan, plan["tasks"][:2], body={"period_end": "2027-12-31"})
    now = await owed(world, plan)
    assert sorted(year or 0 for title, year in now if title == "任务2") == [2024, 2025, 2026, 2027]
    plan["version"] = (await world.read(f"/v1/plans/{plan['id']}"))["version"]
    again = await revise(world, plan, plan["tasks"])
    assert again.status_code == 201, again.text
    numbers = [(each["number"], "ended_at" in each) for each in await world.items("/v1/tasks", plan_id=plan["id"])]
    assert sorted(numbers) == [(1, False), (2, False), (3, False), (3, True)]
    [ended] = await world.items("/v1/tasks", plan_id=plan["id"], ended="true")
    part = await world.caller("bureau").post(f"/v1/tasks/{ended['id']}/subtasks", json={"title": "分项"})
    assert (part.status_code, part.json()["code"]) == (409, "task.ended")


async def test_a_draft_read_from_a_document_becomes_the_next_version(world: World, plan: dict[str, Any]) -> None:
    body = {name: plan[name] for name in ("title", "region_code", "period_start", "period_end")}
    drafted = await world.caller("bureau").post("/v1/plans", json=body | {"tasks": [*plan["tasks"], task(world, 5)]})
    answer = await revise(world, plan, [], body={"tasks": None, "draft_id": drafted.json()["id"]})
    assert (answer.status_code, answer.json()["counts"]["added"]) == (201, 1), answer.text


async def test_what_cannot_be_is_named(world: World, plan: dict[str, Any]) -> None:
    same = await revise(world, plan, plan["tasks"])
    assert (same.status_code, same.json()["code"]) == (409, "plan_version.nothing_changed")
    yesterday = await revise(world, plan, [task(world, 1, deadlines=due("2025-05-31"))])
    assert [(each["pointer"], each["code"]) for each in yesterday.json()["errors"]] == [
        ("/body/tasks/0/deadlines/0/due_on", "too_small")
    ]
    beyond = await revise(world, plan, [task(world, 1, deadlines=due("2030-01-01"))])
    assert (beyond.status_code, beyond.json()["code"]) == (409, "plan.dates_outside")
    unknown = await revise(world, plan, [task(world, 1, responsibles=[{"as_written": "天外来客局"}])])
    assert (unknown.status_code, unknown.json()["code"]) == (409, "plan.unknown_parties")
    foreign = await revise(world, plan, [task(world, 1, responsibles=[party(world.place.foreign_town)])])
    assert foreign.status_code == 400
    neither = await revise(world, plan, [], body={"tasks": None})
    assert neither.status_code == 400
    for name, status in {"government": 403, "manager": 403, "member": 403, "platform": 403, "foreign_bureau": 404}.items():
        assert (await revise(world, plan, plan["tasks"][:1], name)).status_code == status, name
    assert (await revise(world, plan, plan["tasks"][:1], version=None)).status_code == 428
    assert (await revise(world, plan, plan["tasks"][:1], version=9)).status_code == 412
    both = await asyncio.gather(*(revise(world, plan, plan["tasks"][:last]) for last in (1, 2)))
    assert sorted(each.status_code for each in both) == [201, 412]
    plan["version"] = (await world.read(f"/v1/plans/{plan['id']}"))["version"]
    await world.move(f"/v1/plans/{plan['id']}", "close")
    plan["version"] += 1
    closed = await revise(world, plan, plan["tasks"])
    assert (closed.status_code, closed.json()["code"]) == (409, "plan.not_active")
