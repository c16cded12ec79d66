"""Grants to townships over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pytest

from services.kit.principal import Role
from services.training_api.township_grants import rules, schemas
from tests.factories.training import World, faults, made, problem


class Period(NamedTuple):
    """A period as the rule sees it."""

    from_on: date
    to_on: date | None


def period(text: str) -> Period:
    start, _, end = text.partition("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)


@pytest.mark.parametrize(
    ("wanted", "other", "meets"),
    [
        ("2024-01-01..", "2023-01-01..2023-12-31", False),
        ("2024-01-01..", "2023-01-01..2024-01-01", True),
        ("2024-01-01..", "2025-01-01..", True),
        ("2024-01-01..2024-12-31", "2025-01-01..", False),
        ("2024-01-01..2025-01-01", "2025-01-01..2026-01-01", True),
    ],
)
def test_periods_meet_when_they_share_a_day(wanted: str, other: str, meets: bool) -> None:
    assert (rules.why_not_add(period(wanted), [period(other)]) is not None) is meets
    assert (rules.why_not_add(period(other), [period(wanted)]) is not None) is meets


def body(world: World, **changes: Any) -> dict[str, Any]:
    facts = {"department_id": str(world.place.bureau.id), "unit_id": str(world.place.town.id), "from_on": "2021-01-01"}
    return facts | changes


async def test_a_grant_is_recorded_ended_and_followed_by_another(world: World) -> None:
    answer = await world.bureau.post("/v1/township-grants", json=body(world, document="赋权目录（演示）"))
    grant = schemas.GrantOut.model_validate_json(answer.content)
    assert (answer.status_code, answer.json()["allowed_actions"]) == (201, ["change"])
    path = answer.headers["Location"]
    assert problem(await world.bureau.post("/v1/township-grants", json=body(world, from_on="2022-01-01"))) == (
        409,
        "township_grant.overlap",
    )
    assert (await world.bureau.patch(path, json={"to_on": "2021-12-31"})).status_code == 428
    early = await world.bureau.patch(path, json={"to_on": "2020-12-31"}, version=1)
    assert faults(early) == [("/body/to_on", "township_grant.ends_early")]
    ended = await world.bureau.patch(path, json={"to_on": "2021-12-31"}, version=1)
    assert (ended.json()["to_on"], ended.headers["ETag"]) == ("2021-12-31", '"v2"')
    assert (await world.bureau.patch(path, json={"to_on": None}, version=1)).status_code == 412
    assert made(await world.bureau.post("/v1/township-grants", json=body(world, from_on="2022-01-01")))
    assert problem(await world.bureau.patch(path, json={"to_on": None}, version=2)) == (409, "township_grant.overlap")
    shown = await world.member.get(path)
    assert (shown.status_code, shown.json()["allowed_actions"]) == (200, [])
    on = {"in_force_on": "2021-06-01", "department_id": str(world.place.bureau.id)}
    assert [item["id"] for item in (await world.member.get("/v1/township-grants", params=on)).json()["items"]] == [str(grant.id)]
    with world.superuser() as connection:
        query = "SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id"
        expected = [("township_grant.created",), ("township_grant.changed",)]
        assert connection.execute(query, [grant.id]).fetchall() == expected
        assert (
            connection.execute(query.replace("action", "kind").replace("audit_events", "outbox"), [grant.id]).fetchall()
            == expected
        )


async def test_faults_and_strangers(world: World) -> None:
    wrong = body(world, department_id=str(world.place.foreign_town.id), unit_id=str(world.place.bureau.id), to_on="2020-01-01")
    assert faults(await world.bureau.post("/v1/township-grants", json=wrong)) == [
        ("/body/department_id", "not_found"),
        ("/body/to_on", "township_grant.ends_early"),
        ("/body/unit_id", "township_grant.no_township"),
    ]
    sent = body(world, unit_id=str(world.place.other_town.id))
    for role in (Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.PLATFORM, Role.GOVERNMENT, Role.AUDITOR, Role.SYSTEM_ADMIN):
        assert (await world.caller(role).post("/v1/township-grants", json=sent)).status_code == 403
    tried = await world.bureau.post("/v1/township-grants", json=sent, params={"dry_run": "true"})
    assert tried.status_code == 201
    assert (await world.bureau.get(f"/v1/township-grants/{tried.json()['id']}")).status_code == 404
    grant = made(await world.bureau.post("/v1/township-grants", json=sent))
    elsewhere = world.caller(Role.BUREAU, world.place.foreign_district)
    assert (await elsewhere.get(f"/v1/township-grants/{grant['id']}")).status_code == 404
    assert (await elsewhere.patch(f"/v1/township-grants/{grant['id']}", json={"document": "x"}, version=1)).status_code == 404
    assert (await world.client.get("/v1/township-grants")).status_code == 401
