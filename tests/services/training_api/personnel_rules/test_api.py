"""Rules about people over HTTP: dated, a district's own first, never changed."""

from __future__ import annotations

import psycopg
import pytest

from services.kit.principal import Role
from services.training_api.personnel_rules import schemas
from tests.factories.training import World, faults, made

PATH = "/v1/personnel-rules"


async def months(world: World, day: str, unit: str = "bureau") -> int:
    caller = world.caller(Role.BUREAU, getattr(world.place, unit))
    answer = await caller.get(PATH, params={"in_force_on": day})
    [rule] = schemas.PersonnelRulePage.model_validate_json(answer.content).items
    return rule.certificate_months


async def test_rules_hold_from_their_day_in_their_district(world: World) -> None:
    made(await world.bureau.post(PATH, json={"valid_from": "2025-01-01", "certificate_months": 72}))
    made(await world.bureau.post(PATH, json={"valid_from": "2024-06-01", "certificate_months": 36}))
    assert [await months(world, day) for day in ("2024-05-31", "2024-06-01", "2025-01-01")] == [60, 36, 72]
    assert await months(world, "2025-01-01", "foreign_district") == 60
    wrong = {"valid_from": "2025-01-01", "number_digits_min": 9, "number_digits_max": 8}
    assert faults(await world.bureau.post(PATH, json=wrong)) == [("/body", "invalid")]
    refused = await world.manager.post(PATH, json={"valid_from": "2025-01-01"})
    assert refused.status_code == 403
    assert (await world.manager.get(PATH)).status_code == 200
    assert (await world.caller(Role.GOVERNMENT).get(PATH)).status_code == 403
    with world.superuser() as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("DELETE FROM training.personnel_rules")
