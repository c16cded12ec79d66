"""Awards over HTTP: of officers and units, corrected, voided, counted for reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.kit.principal import Role
from services.training_api.awards import schemas
from tests.factories.training import World, faults, made, problem

PATH = "/v1/awards"
AWARD = {"kind": "commendation", "level": "district", "title": "先进个人（演示）", "awarded_on": "2024-07-01"}


async def award(world: World, **changes: Any) -> dict[str, Any]:
    officer = await world.officer()
    return made(await world.member.post(PATH, json=AWARD | {"officer_id": officer["id"]} | changes))


async def test_an_award_is_recorded_corrected_and_voided(world: World) -> None:
    found = await award(world, external_id="AW-1")
    read = schemas.AwardOut.model_validate(found)
    assert (read.unit_id, read.state.value, [v.value for v in read.allowed_actions]) == (
        world.place.town.id,
        "recorded",
        ["change"],
    )
    path = f"{PATH}/{found['id']}"
    changed = await world.member.patch(path, json={"level": "city", "document_no": "示例〔2024〕1号"}, version=1)
    assert (changed.json()["level"], changed.json()["document_no"]) == ("city", "示例〔2024〕1号")
    dry = await world.manager.post(f"{path}/void", params={"dry_run": "true"}, json={"reason": "重复登记"}, version=2)
    assert (dry.json()["state"], (await world.manager.get(path)).json()["state"]) == ("void", "recorded")
    with world.superuser() as connection:
        query = "SELECT kind, level FROM published.awards WHERE id = %s"
        assert connection.execute(query, [found["id"]]).fetchone() == ("commendation", "city")
        voided = await world.manager.post(f"{path}/void", json={"reason": "重复登记"}, version=2)
        assert (voided.json()["state"], voided.json()["void_reason"]) == ("void", "重复登记")
        assert connection.execute(query, [found["id"]]).fetchone() is None
        told = connection.execute(
            "SELECT e.action FROM kit.audit_events e JOIN kit.outbox o ON o.object_id = e.object_id AND o.kind = e.action"
            " WHERE e.object_id = %s ORDER BY e.recorded_at, e.id",
            [found["id"]],
        ).fetchall()
    assert told == [("award.recorded",), ("award.changed",), ("award.voided",)]
    late = await world.member.patch(path, json={"level": "unit"}, version=3)
    assert problem(late) == (409, "award.illegal_move")
    officer = await world.officer()
    again = await world.member.post(PATH, json=AWARD | {"officer_id": officer["id"], "external_id": "AW-1"})
    assert problem(again) == (409, "award.duplicate_external_id")


async def test_a_unit_is_honoured_as_a_whole(world: World) -> None:
    body = AWARD | {"unit_id": str(world.place.town_branch.id), "title": "先进集体（演示）"}
    found = made(await world.manager.post(PATH, json=body))
    assert "officer_id" not in found
    beside = await world.manager.post(PATH, json=body | {"unit_id": str(world.place.other_town.id)})
    assert faults(beside) == [("/body/unit_id", "not_found")]
    future = await world.manager.post(PATH, json=body | {"awarded_on": "2024-10-16"})
    assert faults(future) == [("/body/awarded_on", "in_future")]
    both = body | {"officer_id": found["id"]}
    assert (await world.manager.post(PATH, json=both)).status_code == 400
    params = {"unit_id": str(world.place.town_branch.id), "awarded_on__gte": "2024-07-01", "awarded_on__lte": "2024-07-01"}
    listed = schemas.AwardPage.model_validate_json((await world.manager.get(PATH, params=params)).content)
    assert [str(item.id) for item in listed.items] == [found["id"]]


TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", {"read": 200, "change": 200, "void": 200}),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", {"read": 404, "change": 404, "void": 404}),
    "manager": (Role.UNIT_MANAGER, "town", {"read": 200, "change": 200, "void": 200}),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", {"read": 404, "change": 404, "void": 404}),
    "member": (Role.UNIT_MEMBER, "town", {"read": 200, "change": 200, "void": 403}),
    "platform": (Role.PLATFORM, "district", {"read": 200, "change": 403, "void": 403}),
    "government": (Role.GOVERNMENT, "district", {"read": 403, "change": 403, "void": 403}),
    "system_admin": (Role.SYSTEM_ADMIN, "", {"read": 403, "change": 403, "void": 403}),
}


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    calls: Mapping[str, tuple[str, str, dict[str, Any] | None]] = {
        "read": ("GET", "", None),
        "change": ("PATCH", "", {"level": "city"}),
        "void": ("POST", "/void", {"reason": "误登"}),
    }
    found = {}
    for operation, (method, rest, body) in calls.items():
        path = f"{PATH}/{(await award(world))['id']}{rest}"
        found[operation] = (await caller.request(method, path, version=1, json=body)).status_code
    assert found == dict(expected)
