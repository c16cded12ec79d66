"""Makers of training plans, of unit groups and of departments, on top of the training world."""

from __future__ import annotations

from typing import Any

import httpx

from services.kit import ids
from services.kit.principal import Role
from tests.client import Caller
from tests.factories.training import World, made
from tests.places import Unit

ITEM = {"title": "新法专题", "kind": "professional", "category": "business", "hours": 8, "month": 3}


def department(world: World, code: str) -> Unit:
    """A new enforcement department of the district; its code is unique in the test world."""
    district = world.place.district
    unit = Unit(ids.new_id(), (*district.path, ids.new_id()), code)
    unit = Unit(unit.path[-1], unit.path, code)
    with world.superuser() as connection:
        connection.execute(
            "INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement, granting,"
            " vertical, assumed, version, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 'department', true, false, false, false, 1, now())",
            [unit.id, district.id, district.id, list(unit.path), code, f"示例{code}局", f"示例{code}局"],
        )
    return unit


def group(world: World, key: str, *units: Unit, valid_from: str = "2023-01-01", valid_to: str | None = None) -> None:
    """Makes the units members of a group of the district."""
    with world.superuser() as connection:
        connection.execute(
            "INSERT INTO directory.unit_groups (id, district_id, key, name, aliases, assumed, version, created_at)"
            " VALUES (%s, %s, %s, %s, '{}', true, 1, now()) ON CONFLICT DO NOTHING",
            [ids.new_id(), world.place.district.id, key, key],
        )
        for unit in units:
            connection.execute(
                "INSERT INTO directory.unit_group_members (group_id, unit_id, valid_from, valid_to)"
                " SELECT id, %s, %s, %s FROM directory.unit_groups WHERE district_id = %s AND key = %s",
                [unit.id, valid_from, valid_to, world.place.district.id, key],
            )


def body(unit: Unit, **changes: Any) -> dict[str, Any]:
    """The body of a plan with one item."""
    facts = {"unit_id": str(unit.id), "year": 2024, "kind": "annual", "title": "年度培训计划（演示）", "items": [ITEM]}
    return facts | changes


def leader(world: World, unit: Unit) -> Caller:
    """The leader of a unit."""
    return world.caller(Role.UNIT_MANAGER, unit)


async def plan(world: World, unit: Unit, **changes: Any) -> dict[str, Any]:
    """A draft of the unit's leader."""
    return made(await leader(world, unit).post("/v1/training-plans", json=body(unit, **changes)))


async def move(by: Caller, found: dict[str, Any], verb: str, version: int | None, **options: Any) -> httpx.Response:
    """A transition."""
    return await by.post(f"/v1/training-plans/{found['id']}/{verb}", version=version, **options)


async def approved(world: World, unit: Unit, **changes: Any) -> dict[str, Any]:
    """A plan handed in and approved."""
    found = await plan(world, unit, **changes)
    assert (await move(leader(world, unit), found, "submit", 1)).status_code == 200
    answer = await move(world.bureau, found, "approve", 2)
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read
