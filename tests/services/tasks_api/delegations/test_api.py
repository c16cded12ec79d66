"""Giving parts on: by the bureau, by a unit to the units below it, the tree, and what a part means for its whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.kit import ids
from services.tasks_api.assignments.rules import State
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.delegations.schemas import TreeOut
from services.tasks_api.plans.tables import Plan
from services.tasks_api.tasks.schemas import TaskOut
from services.tasks_api.tasks.tables import Task
from tests.factories.supervision import MONDAY, START, World

DUE = MONDAY + timedelta(30)


@pytest.fixture(scope="module")
async def plan(world: World) -> Plan:
    return await world.plan()


@pytest.fixture
async def task(world: World, plan: Plan) -> Task:
    world.clock.moment = START
    return await world.task(plan)


@pytest.fixture
async def whole(world: World, task: Task) -> Assignment:
    return await world.assignment(task, due_on=DUE)


def body(world: World, whole: Assignment | None = None, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "title": "清理台账（演示）",
        "responsibles": [{"as_written": "示例甲镇中队", "unit_id": str(world.place.town_branch.id)}],
    }
    if whole is not None:
        given["assignment_id"] = str(whole.id)
    return given | changes


async def part_of(world: World, task: Task, whole: Assignment) -> dict[str, Any]:
    answer = await world.caller("manager").post(f"/v1/tasks/{task.id}/subtasks", json=body(world, whole))
    assert answer.status_code == 201, answer.text
    [issued] = await world.items("/v1/assignments", task_id=answer.json()["id"])
    return issued


async def test_a_leader_gives_a_part_to_a_unit_below_and_decides_on_it(world: World, task: Task, whole: Assignment) -> None:
    issued = await part_of(world, task, whole)
    assert (issued["unit_id"], issued["due_on"], issued["state"]) == (str(world.place.town_branch.id), str(DUE), "issued")
    assert (issued["parent_id"], issued["issuer_unit_id"]) == (str(whole.id), str(world.place.town.id))
    path = f"/v1/assignments/{issued['id']}"
    assert (await world.read(path, "branch_manager"))["allowed_actions"] == ["sign"]
    assert (await world.read(path, "manager"))["allowed_actions"] == ["sign", "suspend", "void", "reassign"]
    for verb in ("sign", "start"):
        assert (await world.move(path, verb, "branch_manager")).status_code == 200
    report = {"period": "2025年", "text": "演示进展。", "percent": 100}
    assert (await world.caller("branch_manager").post(f"{path}/progress-reports", json=report)).status_code == 201
    early = await world.move(f"/v1/assignments/{whole.id}", "submit", "manager")
    assert (early.status_code, early.json()["code"]) == (409, "assignment.parts_open")
    assert "submit" not in (await world.read(f"/v1/assignments/{whole.id}", "manager"))["allowed_actions"]
    assert (await world.move(path, "submit", "branch_manager")).status_code == 200
    assert (await world.move(path, "approve", "branch_manager")).status_code == 403
    assert (await world.move(path, "approve", "other_manager")).status_code == 404
    assert (await world.move(path, "approve", "manager")).json()["state"] == "approved"
    assert (await world.move(f"/v1/assignments/{whole.id}", "submit", "manager")).status_code == 200
    assert (await world.move(f"/v1/assignments/{whole.id}", "approve", "manager")).status_code == 403


async def test_suspending_reaches_the_parts_and_voiding_does(world: World, task: Task, whole: Assignment) -> None:
    issued = await part_of(world, task, whole)
    base, part = f"/v1/assignments/{whole.id}", f"/v1/assignments/{issued['id']}"
    for verb, state in (("suspend", "suspended"), ("resume", "issued"), ("void", "void")):
        assert (await world.move(base, verb, body=None if verb == "resume" else {"reason": "演示"})).status_code == 200
        assert (await world.read(part))["state"] == state


async def test_what_was_paused_apart_stays_paused(world: World, task: Task, whole: Assignment) -> None:
    issued = await part_of(world, task, whole)
    base, part = f"/v1/assignments/{whole.id}", f"/v1/assignments/{issued['id']}"
    assert (await world.move(part, "suspend", "manager", {"reason": "演示"})).status_code == 200
    world.clock.pass_time(days=1)
    for verb in ("suspend", "resume"):
        assert (await world.move(base, verb, body=None if verb == "resume" else {"reason": "演示"})).status_code == 200
    assert (await world.read(part))["state"] == "suspended"


async def test_handing_the_whole_over_voids_the_parts(world: World, task: Task, whole: Assignment) -> None:
    issued = await part_of(world, task, whole)
    moved = {"reason": "演示", "unit_id": str(world.place.other_town.id)}
    assert (await world.move(f"/v1/assignments/{whole.id}", "reassign", body=moved)).status_code == 200
    assert (await world.read(f"/v1/assignments/{issued['id']}"))["state"] == "void"


async def test_the_tree_shows_each_part_behind_its_whole(world: World, task: Task, whole: Assignment) -> None:
    await part_of(world, task, whole)
    second = await world.caller("bureau").post(f"/v1/tasks/{task.id}/subtasks", json=body(world, title="乙"))
    inner = f"/v1/tasks/{second.json()['id']}/subtasks"
    assert (await world.caller("bureau").post(inner, json=body(world, title="乙之一"))).status_code == 201
    found = TreeOut.model_validate(await world.read(f"/v1/tasks/{task.id}/tree", "manager"))
    assert [(branch.depth, branch.number) for branch in found.branches] == [(0, task.number), (1, 1), (1, 2), (2, 1)]
    assert [len(branch.assignments) for branch in found.branches] == [1, 1, 1, 1]
    other = TreeOut.model_validate(await world.read(f"/v1/tasks/{task.id}/tree", "other_manager"))
    assert [len(branch.assignments) for branch in other.branches] == [0, 0, 0, 0]
    assert (await world.caller("foreign_bureau").get(f"/v1/tasks/{task.id}/tree")).status_code == 404
    board = await world.read("/v1/scoreboard", plan_id=str(task.plan_id))
    rows = [row for row in board["tasks"] if row["task_id"] == str(task.id) or row.get("parent_id")]
    at = [row["title"] for row in rows].index(task.title)
    assert [row["title"] for row in rows[at : at + 4]] == [task.title, "清理台账（演示）", "乙", "乙之一"]


async def test_the_bureau_adds_to_a_draft_without_issuing(world: World) -> None:
    task = await world.task(await world.plan(state="draft"))
    made = await world.caller("bureau").post(f"/v1/tasks/{task.id}/subtasks", json=body(world, number=7))
    assert (made.status_code, TaskOut.model_validate_json(made.content).number) == (201, 7)
    assert await world.items("/v1/assignments", task_id=made.json()["id"]) == []
    again = await world.caller("bureau").post(f"/v1/tasks/{task.id}/subtasks", json=body(world, number=7))
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED, State.SUSPENDED, State.VOID])
async def test_nothing_is_given_on_after_the_end(world: World, task: Task, state: State) -> None:
    over = await world.assignment(task, due_on=DUE, state=state)
    refused = await world.caller("manager").post(f"/v1/tasks/{task.id}/subtasks", json=body(world, over))
    assert (refused.status_code, refused.json()["code"]) == (409, "delegation.not_running")


async def test_what_is_refused(world: World, plan: Plan, task: Task, whole: Assignment) -> None:
    town, path = world.place.town, f"/v1/tasks/{task.id}/subtasks"
    late = {"shape": "fixed", "due_on": str(DUE + timedelta(1))}
    yearly = {"shape": "yearly_count", "times_per_year": 1}
    elsewhere = await world.assignment(await world.task(plan))
    cases: list[tuple[dict[str, Any], str]] = [
        ({"responsibles": [{"as_written": "本镇", "unit_id": str(town.id)}]}, "/body/responsibles/0/unit_id"),
        ({"responsibles": [{"as_written": "各镇", "group_key": "townships"}]}, "/body/responsibles/0/unit_id"),
        ({"responsibles": []}, "/body/responsibles"),
        ({"deadlines": [late]}, "/body/deadlines/0/due_on"),
        ({"deadlines": [yearly]}, "/body/deadlines/0/shape"),
        ({"assignment_id": str(elsewhere.id)}, "/body/assignment_id"),
        ({"title": ""}, "/body/title"),
    ]
    for changes, pointer in cases:
        refused = await world.caller("manager").post(path, json=body(world, whole) | changes)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), changes
    bare = await world.caller("manager").post(path, json=body(world))
    assert (bare.status_code, bare.json()["code"]) == (400, "delegation.assignment_needed")
    strange = await world.caller("manager").post(f"/v1/tasks/{ids.new_id()}/subtasks", json=body(world, whole))
    assert strange.status_code == 404


async def test_who_may_give_on(world: World, task: Task, whole: Assignment) -> None:
    expected = {"manager": 201, "bureau": 201, "other_manager": 404, "branch_manager": 404, "member": 403, "government": 403}
    for name, status in (expected | {"foreign_manager": 404, "auditor": 403}).items():
        answer = await world.caller(name).post(
            f"/v1/tasks/{task.id}/subtasks", json=body(world, whole), params={"dry_run": "true"}
        )
        assert answer.status_code == status, (name, answer.text)
    assert await world.items(f"/v1/tasks/{task.id}/subtasks") == []
