"""Makers of exams and certificates through the API, in the world of `tests.factories.training`. All people are made up."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.factories.training import World, made

NUMBERS = count(13010000001)


def exam_in(world: World, **changes: Any) -> dict[str, Any]:
    """The body of a new exam of the bureau."""
    facts = {"unit_id": str(world.place.bureau.id), "title": "资格考试（演示）", "kind": "general", "held_on": "2023-01-15"}
    return facts | changes


async def exam(world: World, **changes: Any) -> dict[str, Any]:
    """An exam, open for results."""
    return made(await world.bureau.post("/v1/exams", json=exam_in(world, **changes)))


async def record(world: World, exam_id: str, results: dict[str, float | None]) -> list[dict[str, Any]]:
    """Enters results: points by officer, None for absent; answers the outcomes."""
    items = [
        {"officer_id": officer} | ({"absent": True} if points is None else {"points": points})
        for officer, points in results.items()
    ]
    answer = await world.bureau.post(f"/v1/exams/{exam_id}/results/batch", json={"items": items})
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["items"]
    return outcomes


async def passed(
    world: World, *officers: dict[str, Any], kinds: tuple[str, ...] = ("general", "professional"), **facts: Any
) -> None:
    """Lets officers pass exams of these kinds."""
    for kind in kinds:
        held = await exam(world, kind=kind, **facts)
        await record(world, held["id"], {officer["id"]: 80 for officer in officers})
        answer = await world.bureau.post(f"/v1/exams/{held['id']}/publish", version=1)
        assert answer.status_code == 200, answer.text


def entry(officer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of a certificate's entry."""
    return {"officer_id": officer["id"], "number": str(next(NUMBERS)), "valid_from": "2023-02-01"} | changes


async def certificate(world: World, officer: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A certificate of an officer of the town who passed the exams, as it stands."""
    who = officer or await world.officer()
    if officer is None:
        await passed(world, who)
    answer = await world.bureau.post("/v1/certificates/batch", json={"items": [entry(who, **changes)]})
    [outcome] = answer.json()["items"]
    assert outcome["status"] == 201, answer.text
    found: dict[str, Any] = (await world.bureau.get(f"/v1/certificates/{outcome['id']}")).json()
    return found


async def verification(world: World, number: str) -> dict[str, Any]:
    """What anybody learns of a number."""
    answer = await world.client.get(f"/v1/certificates/{number}/verification")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
