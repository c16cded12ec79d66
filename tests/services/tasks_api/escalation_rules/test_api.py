"""The ladder over HTTP: shipped, replaced from a day on, and the lamps that follow it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.tasks_api.escalation_rules.schemas import EscalationRuleOut, EscalationRulePage, LadderOut
from tests.factories.supervision import MONDAY, START, World

BODY = {"step": "yellow", "valid_from": str(MONDAY), "offset_days": -3, "action": "warn", "audience": "unit"}


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


async def ladder(world: World, name: str = "member", **query: Any) -> list[tuple[str, int]]:
    found = LadderOut.model_validate(await world.read("/v1/escalation-rules/in-force", name, **query))
    return [(step.step, step.offset_days) for step in found.steps]


async def test_the_ladder_ships_with_the_steps_of_practice(world: World) -> None:
    expected = [("yellow", -7), ("red", 0), ("leader", 2), ("unsigned", 3), ("lead_unit", 4), ("notice", 7), ("circular", 15)]
    assert await ladder(world, "foreign_bureau", on="2024-01-01") == expected


async def test_a_district_changes_its_ladder_and_its_lamps_from_a_day_on(world: World) -> None:
    task = await world.task(await world.plan())
    assignment = await world.assignment(task, due_on=MONDAY + timedelta(8))
    path = f"/v1/assignments/{assignment.id}"
    assert (await world.read(path))["lamp"] == "yellow"
    answer = await world.caller("bureau").post("/v1/escalation-rules", json=BODY)
    made = EscalationRuleOut.model_validate_json(answer.content)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/v1/escalation-rules/{made.id}")
    assert (await world.read(path))["lamp"] == "green"
    assert ("yellow", -3) in await ladder(world)
    assert ("yellow", -7) in await ladder(world, on=str(MONDAY - timedelta(1)))
    assert ("yellow", -7) in await ladder(world, "foreign_bureau")
    listed = EscalationRulePage.model_validate(await world.read("/v1/escalation-rules", step="yellow"))
    assert [rule.district_id is None for rule in listed.items] == [False, True]
    assert await world.read(f"/v1/escalation-rules/{made.id}", "member")
    assert (await world.caller("foreign_bureau").get(f"/v1/escalation-rules/{made.id}")).status_code == 404
    [row] = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s", made.id)
    [told] = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s", made.id)
    assert row.action == told.kind == "escalation_rule.recorded"


async def test_without_a_yellow_step_nothing_turns_yellow(world: World) -> None:
    assignment = await world.assignment(await world.task(await world.plan()), due_on=MONDAY + timedelta(8))
    ended = BODY | {"valid_from": str(MONDAY + timedelta(7)), "enabled": False}
    assert (await world.caller("bureau").post("/v1/escalation-rules", json=ended)).status_code == 201
    lamps = []
    for day in (6, 7, 8, 9):
        world.clock.set_to(MONDAY + timedelta(day))
        lamps.append((await world.read(f"/v1/assignments/{assignment.id}"))["lamp"])
    assert lamps == ["yellow", "green", "green", "red"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"valid_from": str(MONDAY - timedelta(1))}, 409, "escalation_rule.backdated"),
        ({"offset_days": 121}, 400, "invalid_input"),
        ({"offset_days": "-3"}, 400, "invalid_input"),
        ({"action": "shout"}, 400, "invalid_input"),
        ({"action": "notice"}, 400, "invalid_input"),
        ({"step": "A"}, 400, "invalid_input"),
        ({"unknown": 1}, 400, "invalid_input"),
    ],
)
async def test_what_is_refused(world: World, changes: dict[str, Any], status: int, code: str) -> None:
    refused = await world.caller("bureau").post("/v1/escalation-rules", json=BODY | changes)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_who_may(world: World) -> None:
    for name in ("government", "manager", "member", "platform", "auditor", "admin", "reviewer"):
        assert (await world.caller(name).post("/v1/escalation-rules", json=BODY)).status_code == 403, name
    for name in ("auditor", "admin", "reviewer"):
        assert (await world.caller(name).get("/v1/escalation-rules")).status_code == 403, name
    assert (await world.client.get("/v1/escalation-rules")).status_code == 401
    before = world.rows("SELECT count(*) FROM tasks.escalation_rules")
    dry = await world.caller("bureau").post("/v1/escalation-rules", json=BODY, params={"dry_run": "true"})
    assert dry.status_code == 201
    assert world.rows("SELECT count(*) FROM tasks.escalation_rules") == before
