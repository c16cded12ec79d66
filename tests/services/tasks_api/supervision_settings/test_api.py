"""Settings over HTTP: one shipped for each key, typed per key, dated, never overwritten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.tasks_api.plan_imports.rules import SHIPPED
from services.tasks_api.supervision_settings.schemas import VALUES, InForceOut, SettingOut, SettingPage
from tests.factories.supervision import MONDAY, START, World

BODY = {"valid_from": str(MONDAY), "value": {"most": 1, "longest_days": 30}, "reading": "本区规定至多一次（演示）"}
PATH = "/v1/supervision-settings"


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


async def in_force(world: World, name: str = "member", **query: Any) -> dict[str, SettingOut]:
    found = InForceOut.model_validate(await world.read(f"{PATH}/in-force", name, **query))
    return {setting.key: setting for setting in found.settings}


async def test_one_of_every_key_is_shipped_and_fits_its_type(world: World) -> None:
    shipped = await in_force(world, "foreign_manager", on="2023-01-01")
    assert set(shipped) == set(VALUES)
    for key, model in VALUES.items():
        assert model.model_validate(shipped[key].value).model_dump(mode="json") == shipped[key].value
        assert shipped[key].district_id is None


async def test_the_words_of_a_plan_are_read_as_shipped(world: World) -> None:
    shipped = (await in_force(world))["time_words"].value
    assert {name: shipped[name] for name in asdict(SHIPPED)} == asdict(SHIPPED)


async def test_a_district_records_its_own_value_from_a_day_on(world: World) -> None:
    answer = await world.caller("bureau").post(f"{PATH}/extensions", json=BODY)
    assert answer.status_code == 201, answer.text
    made = SettingOut.model_validate_json(answer.content)
    assert (await in_force(world))["extensions"].value == BODY["value"]
    assert (await in_force(world, on=str(MONDAY - timedelta(1))))["extensions"].value["most"] == 2
    assert (await in_force(world, "foreign_manager"))["extensions"].value["most"] == 2
    listed = SettingPage.model_validate(await world.read(PATH, key="extensions"))
    assert [setting.id == made.id for setting in listed.items] == [True, False]
    assert (await world.caller("foreign_bureau").get(f"{PATH}/{made.id}")).status_code == 404
    [row] = world.rows("SELECT action, after FROM kit.audit_events WHERE object_id = %s", made.id)
    assert (row.action, row.after["value"]) == ("supervision_setting.recorded", BODY["value"])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"value": {"most": 1}}, "/body/value/longest_days"),
        ({"value": {"most": -1, "longest_days": 3}}, "/body/value/most"),
        ({"value": {"most": 1, "longest_days": 3, "more": 1}}, "/body/value/more"),
        ({"reading": ""}, "/body/reading"),
    ],
)
async def test_faults_are_named(world: World, changes: dict[str, Any], pointer: str) -> None:
    refused = await world.caller("bureau").post(f"{PATH}/extensions", json=BODY | changes)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)


@pytest.mark.parametrize(
    ("value", "pointer", "code"),
    [
        ({"first": "01-01", "last": "02-30"}, "/body/value/last", "wrong_format"),
        ({"first": "02-29", "last": "03-01"}, "/body/value/first", "wrong_format"),
        ({"first": "01-11", "last": "01-10"}, "/body/value/last", "period.ends_before_start"),
    ],
)
async def test_a_window_has_real_days_in_order(world: World, value: dict[str, str], pointer: str, code: str) -> None:
    refused = await world.caller("bureau").post(f"{PATH}/inspection_window", json=BODY | {"value": value})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"], refused.json()["errors"][0]["code"]) == (
        400,
        pointer,
        code,
    )


async def test_the_past_is_not_rewritten_and_unknown_keys_are_not_found(world: World) -> None:
    late = await world.caller("bureau").post(f"{PATH}/extensions", json=BODY | {"valid_from": "2025-06-01"})
    assert (late.status_code, late.json()["code"]) == (409, "supervision_setting.backdated")
    assert (await world.caller("bureau").post(f"{PATH}/nothing", json=BODY)).status_code == 405
    with pytest.raises(psycopg.errors.RestrictViolation):
        world.run("UPDATE tasks.supervision_settings SET value = '{}'")


async def test_who_may(world: World) -> None:
    for name in ("government", "manager", "member", "platform", "auditor", "admin", "reviewer"):
        assert (await world.caller(name).post(f"{PATH}/extensions", json=BODY)).status_code == 403, name
    assert (await world.client.get(PATH)).status_code == 401
