"""Makers of classes and of those who attend them, on top of the training world."""

from __future__ import annotations

from typing import Any

import httpx

from tests.client import Caller
from tests.factories.training import World, made

REASON = {"reason": "讲师因故不能到场"}


def body(world: World, **changes: Any) -> dict[str, Any]:
    """The body of a new class: one day in June, by the town."""
    facts = {
        "title": "行政处罚程序培训",
        "kind": "professional",
        "organiser_id": str(world.place.town.id),
        "starts_at": "2024-06-03T01:00:00Z",
        "ends_at": "2024-06-03T09:00:00Z",
        "hours": 8,
        "category": "skills",
    }
    return facts | changes


def path(held: dict[str, Any], rest: str = "") -> str:
    """Address of a class or of something below it."""
    return f"/v1/classes/{held['id']}{rest}"


async def enrol(by: Caller, held: dict[str, Any], *officers: dict[str, Any]) -> httpx.Response:
    """Enrols officers."""
    return await by.post(path(held, "/enrolments"), json={"officer_ids": [each["id"] for each in officers]})


async def attend(by: Caller, held: dict[str, Any], *officers: dict[str, Any], absent: tuple[Any, ...] = ()) -> httpx.Response:
    """Records presence and absence."""
    sent = {"officer_ids": [each["id"] for each in officers], "absent_officer_ids": [each["id"] for each in absent]}
    return await by.post(path(held, "/attendance"), json=sent)


async def held_with(world: World, *officers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A class of the town that is over, these officers present, its hours posted; read anew."""
    held = await world.training_class(**changes)
    assert (await attend(world.bureau, held, *officers)).status_code == 200
    assert (await world.bureau.post(path(held, "/post-hours"))).status_code == 200
    found: dict[str, Any] = (await world.bureau.get(path(held))).json()
    return found


async def new_class(by: Caller, world: World, **changes: Any) -> dict[str, Any]:
    """A class made by this caller."""
    return made(await by.post("/v1/classes", json=body(world, **changes)))


def told(world: World, held: dict[str, Any], table: str = "kit.audit_events") -> list[str]:
    """Actions of the audit trail, or kinds of messages, about a class in their order."""
    column = "action" if table == "kit.audit_events" else "kind"
    with world.superuser() as connection:
        rows = connection.execute(f"SELECT {column} FROM {table} WHERE object_id = %s ORDER BY id", [held["id"]]).fetchall()
    return [row[0] for row in rows]
