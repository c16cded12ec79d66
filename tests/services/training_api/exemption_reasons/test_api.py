"""Reasons of exemptions over HTTP: dated, a district's own first, never changed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from services.kit.principal import Role
from services.training_api.exemption_reasons import schemas
from tests.factories.training import World, made

PATH = "/v1/exemption-reasons"
SEEDED = {"sick_leave", "maternity_leave", "seconded", "newly_certified", "retired", "left"}


def reason(**changes: Any) -> dict[str, Any]:
    return {"code": "sick_leave", "title_zh": "病假", "title_en": "sick leave", "valid_from": "2024-07-01"} | changes


async def in_force(world: World, day: str, role: Role = Role.BUREAU, **unit: Any) -> dict[str, Any]:
    answer = await world.caller(role, **unit).get(PATH, params={"in_force_on": day, "limit": 200})
    items = schemas.ExemptionReasonPage.model_validate_json(answer.content).items
    assert len(items) == len({item.code for item in items}), "one row of each code holds"
    return {item.code: item for item in items}


async def test_a_fresh_system_knows_the_usual_reasons(world: World) -> None:
    found = await in_force(world, "2024-01-01")
    assert set(found) == SEEDED
    assert (found["sick_leave"].minimum_months, found["sick_leave"].needs_evidence) == (6, True)
    assert found["newly_certified"].until_certified
    assert await in_force(world, "2022-12-31") == {}


async def test_a_row_holds_until_the_next_and_for_its_district_alone(world: World) -> None:
    made(await world.bureau.post(PATH, json=reason(minimum_months=3)))
    made(await world.bureau.post(PATH, json=reason(minimum_months=4)))
    made(await world.bureau.post(PATH, json=reason(in_force=False, valid_from="2025-01-01")))
    made(await world.bureau.post(PATH, json=reason(code="study", valid_from="2024-07-01")))
    assert (await in_force(world, "2024-06-30"))["sick_leave"].minimum_months == 6
    assert (await in_force(world, "2024-07-01"))["sick_leave"].minimum_months == 4, "of one day the latest recorded"
    assert "sick_leave" not in await in_force(world, "2025-01-01")
    elsewhere = await in_force(world, "2025-01-01", unit=world.place.foreign_district)
    assert set(elsewhere) == SEEDED
    assert elsewhere["sick_leave"].minimum_months == 6


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [
        (Role.BUREAU, 200, 201),
        (Role.UNIT_MANAGER, 200, 403),
        (Role.UNIT_MEMBER, 200, 403),
        (Role.PLATFORM, 200, 403),
        (Role.GOVERNMENT, 403, 403),
        (Role.SYSTEM_ADMIN, 403, 403),
        (Role.AUDITOR, 403, 403),
    ],
)
async def test_the_bureau_alone_sets_reasons(world: World, role: Role, read: int, write: int) -> None:
    caller = world.caller(role)
    assert (await caller.get(PATH)).status_code == read
    body = reason(code="study_leave", valid_from="2026-01-01")
    assert (await caller.post(PATH, params={"dry_run": "true"}, json=body)).status_code == write


async def test_rows_are_only_ever_added(world: World) -> None:
    with world.superuser() as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("UPDATE training.exemption_reasons SET minimum_months = 0")
