"""Extension requests over HTTP: asked, decided once, the old date kept; who may, what is refused, what is left behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.kit import ids
from services.tasks_api.assignments.rules import State as Stage
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.extension_requests.schemas import ExtensionRequestOut, ExtensionRequestPage
from services.tasks_api.plans.tables import Plan
from tests.factories.supervision import MONDAY, START, World

DUE = MONDAY + timedelta(11)
LATER = DUE + timedelta(30)
REASON = "上级文件推迟印发（演示）。"


@pytest.fixture(scope="module")
async def plan(world: World) -> Plan:
    return await world.plan()


@pytest.fixture
async def assignment(world: World, plan: Plan) -> Assignment:
    world.clock.moment = START
    return await world.assignment(await world.task(plan), due_on=DUE)


def base(assignment: Assignment) -> str:
    return f"/v1/assignments/{assignment.id}/extension-requests"


async def ask(world: World, assignment: Assignment, name: str = "manager", **changes: Any) -> Any:
    body = {"new_due_on": LATER.isoformat(), "reason": REASON} | changes
    return await world.caller(name).post(base(assignment), json=body)


async def asked(world: World, assignment: Assignment, **changes: Any) -> str:
    answer = await ask(world, assignment, **changes)
    assert answer.status_code == 201, answer.text
    return f"{base(assignment)}/{answer.json()['id']}"


async def test_an_approved_request_moves_the_date_and_keeps_the_old_one(world: World, assignment: Assignment) -> None:
    path = await asked(world, assignment)
    made = ExtensionRequestOut.model_validate(await world.read(path, "manager"))
    assert (made.state, made.old_due_on, made.new_due_on, made.allowed_actions) == ("requested", DUE, LATER, ["withdraw"])
    assert (await world.read(path))["allowed_actions"] == ["approve", "refuse"]
    done = await world.move(path, "approve", body={"note": "同意"})
    assert (done.status_code, done.json()["state"], done.json()["decision_note"]) == (200, "approved", "同意")
    now = await world.read(f"/v1/assignments/{assignment.id}")
    assert (now["due_on"], now["original_due_on"], now["extended_to"]) == (str(LATER), str(DUE), str(LATER))
    history = await world.items(f"/v1/assignments/{assignment.id}/moves")
    assert [(move["verb"], move["due_on"]) for move in history] == [("issue", str(DUE)), ("extend", str(LATER))]
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id IN (%s, %s) ORDER BY id", made.id, assignment.id)
    feed = world.rows("SELECT kind FROM kit.outbox WHERE object_id IN (%s, %s) ORDER BY id", made.id, assignment.id)
    told = ["extension_request.requested", "assignment.extended", "extension_request.approved"]
    assert [row.action for row in trail] == [row.kind for row in feed] == told


async def test_a_refused_request_leaves_the_date(world: World, assignment: Assignment) -> None:
    path = await asked(world, assignment)
    assert (await world.move(path, "refuse", body={})).status_code == 400
    refused = await world.move(path, "refuse", body={"note": "理由不充分"})
    assert (refused.status_code, refused.json()["state"]) == (200, "refused")
    assert (await world.read(f"/v1/assignments/{assignment.id}"))["due_on"] == str(DUE)
    again = await world.move(path, "approve")
    assert (again.status_code, again.json()["code"]) == (409, "extension_request.already_decided")


async def test_one_waits_at_a_time_and_may_be_withdrawn(world: World, assignment: Assignment) -> None:
    path = await asked(world, assignment)
    second = await ask(world, assignment)
    assert (second.status_code, second.json()["code"]) == (409, "extension_request.pending")
    assert (await world.move(path, "withdraw", "manager")).json()["state"] == "withdrawn"
    assert (await ask(world, assignment)).status_code == 201


async def test_the_number_is_limited_by_a_dated_setting(world: World, assignment: Assignment) -> None:
    for step in (1, 2):
        path = await asked(world, assignment, new_due_on=str(DUE + timedelta(step)))
        assert (await world.move(path, "approve")).status_code == 200
    third = await ask(world, assignment)
    assert (third.status_code, third.json()["code"]) == (409, "extension_request.too_many")


async def test_of_two_approvals_at_once_one_counts(world: World, assignment: Assignment) -> None:
    path = await asked(world, assignment)
    answers = await asyncio.gather(*(world.move(path, "approve", version=1) for _ in range(4)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200
    assert set(codes[1:]) <= {409, 412}
    moves = await world.items(f"/v1/assignments/{assignment.id}/moves")
    assert [move["verb"] for move in moves] == ["issue", "extend"]


@pytest.mark.parametrize("state", [Stage.SUBMITTED, Stage.APPROVED, Stage.SUSPENDED, Stage.VOID])
async def test_after_the_end_nothing_is_extended(world: World, plan: Plan, state: Stage) -> None:
    over = await world.assignment(await world.task(plan), due_on=DUE, state=state)
    refused = await ask(world, over)
    assert (refused.status_code, refused.json()["code"]) == (409, "extension_request.over_already")


async def test_what_ended_while_the_request_waited_is_not_extended(world: World, assignment: Assignment) -> None:
    path = await asked(world, assignment)
    assert (await world.move(f"/v1/assignments/{assignment.id}", "submit", "manager")).status_code == 200
    late = await world.move(path, "approve")
    assert (late.status_code, late.json()["code"]) == (409, "extension_request.over_already")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"new_due_on": str(DUE)}, "/body/new_due_on"),
        ({"new_due_on": "2027-01-01"}, "/body/new_due_on"),
        ({"new_due_on": "2025-13-01"}, "/body/new_due_on"),
        ({"reason": ""}, "/body/reason"),
        ({"attachment_ids": [str(ids.new_id())]}, "/body/attachment_ids/0"),
        ({"extra": 1}, "/body/extra"),
    ],
)
async def test_bad_input_is_named(world: World, assignment: Assignment, changes: dict[str, Any], pointer: str) -> None:
    refused = await ask(world, assignment, **changes)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)


async def test_who_may_ask_see_and_decide(world: World, assignment: Assignment) -> None:
    expected = {"bureau": 403, "government": 403, "member": 403, "other_manager": 404, "foreign_manager": 404, "auditor": 403}
    for name, status in expected.items():
        assert (await ask(world, assignment, name)).status_code == status, name
    path = await asked(world, assignment)
    for name, status in {"member": 200, "government": 200, "other_manager": 404, "foreign_bureau": 404, "reviewer": 403}.items():
        assert (await world.caller(name).get(path)).status_code == status, name
        assert (await world.caller(name).get(base(assignment))).status_code == status, name
    for name, status in {"member": 403, "manager": 403, "government": 403, "other_manager": 404, "foreign_bureau": 404}.items():
        assert (await world.move(path, "approve", name, version=1)).status_code == status, name
    assert (await world.client.get(path)).status_code == 401
    assert (await world.caller("bureau").post(f"{path}/approve")).status_code == 428
    assert (await world.move(path, "approve", version=9)).status_code == 412
    dry = await world.move(path, "approve", params={"dry_run": "true"})
    assert (dry.status_code, dry.json()["state"]) == (200, "approved")
    assert (await world.read(path))["state"] == "requested"


async def test_the_desk_lists_what_waits(world: World, assignment: Assignment) -> None:
    path = await asked(world, assignment)
    waiting = ExtensionRequestPage.model_validate(await world.read("/v1/extension-requests", state="requested", limit=200))
    assert path.rsplit("/", 1)[1] in {str(one.id) for one in waiting.items}
    assert await world.items("/v1/extension-requests", "other_manager") == []
