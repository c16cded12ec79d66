"""Rotations over HTTP, and the obligations as they are published."""

from __future__ import annotations

from typing import Any

import psycopg

from services.kit.principal import Role
from services.training_api.rotations import schemas
from tests.factories import classes, training_plans
from tests.factories.training import World, faults, made

ROTATION = {"kind": "rotation", "category": "public_law"}


async def row(by: Any, unit_id: object, **params: Any) -> dict[str, Any] | None:
    answer = await by.get("/v1/rotations", params={"year": 2024, "unit_id": str(unit_id), **params})
    items = schemas.RotationPage.model_validate_json(answer.content).items
    assert len(items) <= 1
    found: dict[str, Any] | None = answer.json()["items"][0] if items else None
    return found


async def test_a_rotation_is_complete_when_all_officers_of_the_organ_took_part(world: World) -> None:
    unit = training_plans.department(world, "rot-a")
    training_plans.group(world, "enforcement_departments", unit)
    first, second = await world.officer(unit), await world.officer(unit)
    await world.officer(unit, kind="auxiliary")
    gone = await world.officer(unit)
    leave = {"on": "2024-03-31", "reason": "调离"}
    assert (await world.bureau.post(f"/v1/officers/{gone['id']}/leave", json=leave, version=1)).status_code == 200
    await classes.held_with(world, first, **ROTATION, organiser_id=str(unit.id))
    shown = await row(world.bureau, unit.id)
    assert shown == {
        "unit_id": str(unit.id), "year": 2024, "officers": 2, "covered": 1, "missing": 1, "rate": 0.5, "complete": False,
        "owed": True,
    }  # fmt: skip
    detail = await world.bureau.get(f"/v1/rotations/{unit.id}", params={"year": 2024})
    parsed = schemas.RotationDetailOut.model_validate_json(detail.content)
    assert [str(each) for each in parsed.missing_officer_ids] == [second["id"]]
    then = world.clock().isoformat().replace("+00:00", "Z")
    world.clock.pass_time(hours=1)
    # Another class, of another organiser, completes it; hours undone later take it away again, but not from the past.
    held = await classes.held_with(world, second, **ROTATION, starts_at="2024-07-01T01:00:00Z", ends_at="2024-07-01T09:00:00Z")
    assert (await row(world.bureau, unit.id, complete="true")) is not None
    done = world.clock().isoformat().replace("+00:00", "Z")
    world.clock.pass_time(hours=1)
    (entry,) = (await world.bureau.get("/v1/hour-entries", params={"class_id": held["id"]})).json()["items"]
    assert (await world.reverse(entry)).status_code == 201
    found = [await row(world.bureau, unit.id, as_of=moment) for moment in (then, done)]
    assert [each["covered"] for each in found if each] == [1, 2]
    assert await row(world.bureau, unit.id) == shown
    assert await row(world.bureau, unit.id, year=2023) is not None


async def test_organs_are_listed_by_what_they_owe_and_who_may_see_them(world: World) -> None:
    empty = training_plans.department(world, "rot-b")
    training_plans.group(world, "enforcement_departments", empty)
    nobody = await row(world.bureau, empty.id)
    assert nobody is not None
    assert (nobody["officers"], nobody["complete"], nobody["rate"], nobody["owed"]) == (0, False, 0, True)
    await world.officer()
    town = await row(world.bureau, world.place.town.id, owed="false")
    assert town is not None
    assert await row(world.manager, empty.id) is None
    assert await row(world.manager, world.place.town.id) == town
    path = f"/v1/rotations/{world.place.town.id}"
    stranger = world.caller(Role.UNIT_MANAGER, world.place.other_town)
    assert (await stranger.get(path, params={"year": 2024})).status_code == 404
    for role, statuses in {Role.GOVERNMENT: (200, 403), Role.REVIEWER: (403, 403), Role.AUDITOR: (403, 403)}.items():
        caller = world.caller(role)
        found = [(await caller.get(each, params={"year": 2024})).status_code for each in ("/v1/rotations", path)]
        assert tuple(found) == statuses, role
    assert (await world.client.get("/v1/rotations", params={"year": 2024})).status_code == 401
    assert faults(await world.bureau.get("/v1/rotations")) == [("/query/year", "missing")]


async def test_obligations_are_published_for_tasks(world: World) -> None:
    unit = training_plans.department(world, "rot-c")
    training_plans.group(world, "enforcement_departments", unit)
    met, short = await world.officer(unit), await world.officer(unit)
    for day in range(1, 4):
        await world.hours(met, hours=20, occurred_on=f"2024-08-{day:02}")
    await world.hours(short, hours=20, occurred_on="2024-08-01")
    await training_plans.approved(world, unit)
    set_up = {"valid_from": "2024-01-01", "reason": "明确牵头部门（演示）", "coordinator_id": str(unit.id)}
    made(await world.bureau.post("/v1/training-settings", json=set_up))
    joint = {"kind": "joint_township", "organiser_id": str(unit.id)}
    await classes.held_with(world, await world.officer(), **joint)
    await world.training_class(**joint, starts_at="2024-09-02T01:00:00Z", ends_at="2024-09-02T09:00:00Z")
    await classes.held_with(world, met, **ROTATION, starts_at="2024-07-02T01:00:00Z", ends_at="2024-07-02T09:00:00Z")
    query = (
        "SELECT obligation, value, threshold, at_risk, under_way FROM published.training_obligations"
        " WHERE unit_id = %s AND year = 2024 ORDER BY 1"
    )
    with psycopg.connect(world.database_url) as connection:
        connection.execute("SET ROLE zhifa_tasks")
        assert connection.execute(query, [unit.id]).fetchall() == [
            ("O2a", 1, 2, 1, True),
            ("O2b", 1, 1, 0, False),
            ("O2c", 1, 2, 0, True),
            ("O2d", 0, 1, 0, False),
            ("O2e", 0, 1, 1, True),
        ]
        hours = "SELECT officers, met FROM published.unit_training_hours WHERE unit_id = %s AND year = 2024"
        assert connection.execute(hours, [unit.id]).fetchone() == (2, 1)
