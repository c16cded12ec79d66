"""Dated settings over HTTP: versions, what holds when, and that figures recorded before stay."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from services.kit.principal import Role
from services.training_api.training_settings import schemas
from tests.factories.training import World, faults, made

PATH = "/v1/training-settings"
DEFAULTS = {
    "required_hours": 60,
    "categories": ["public_law", "business", "skills"],
    "day_hours": 8,
    "half_day_hours": 4,
    "half_day_minutes": 240,
    "missed_share": {"numerator": 1, "denominator": 7},
    "sign_in_minutes": 30,
    "joint_classes": 2,
}


def version(**changes: Any) -> dict[str, Any]:
    return {"valid_from": "2025-01-01", "reason": "年度通知（演示）", **changes}


async def on(by: Any, day: str | None = None) -> dict[str, Any]:
    answer = await by.get(f"{PATH}/in-force", params={"on": day} if day else {})
    schemas.SettingsOut.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


async def test_a_fresh_system_has_the_plans_figures(world: World) -> None:
    elsewhere = world.caller(Role.BUREAU, world.place.foreign_district)
    found = await on(elsewhere)
    assert {name: found[name] for name in DEFAULTS} == DEFAULTS
    assert ("district_id" in found, "coordinator_id" in found) == (False, False)
    assert (await on(elsewhere, "2019-05-06"))["id"] == found["id"]


async def test_a_version_holds_from_its_day_and_inherits_the_rest(world: World) -> None:
    answer = await world.bureau.post(PATH, json=version(day_hours=6, half_day_hours=3, coordinator_id=str(world.place.bureau.id)))
    first = made(answer)
    assert answer.headers["ETag"] == '"v1"'
    later = made(await world.bureau.post(PATH, json=version(valid_from="2026-01-01", required_hours=80)))
    world.clock.pass_time(seconds=1)
    again = made(await world.bureau.post(PATH, json=version(missed_share={"numerator": 1, "denominator": 5})))
    assert (await on(world.member, "2024-12-31"))["day_hours"] == 8
    shown = await on(world.member, "2025-06-01")
    assert shown["id"] == again["id"]
    assert (shown["day_hours"], shown["missed_share"], shown["required_hours"]) == (6, {"numerator": 1, "denominator": 5}, 60)
    assert (await on(world.member, "2026-03-01"))["id"] == later["id"]
    assert (await world.member.get(f"{PATH}/{first['id']}")).json() == first
    listed = (await world.member.get(PATH, params={"sort": "recorded_at", "limit": 2})).json()
    assert ("district_id" in listed["items"][0], listed["items"][1]["id"]) == (False, first["id"])
    elsewhere = world.caller(Role.BUREAU, world.place.foreign_district)
    assert (await elsewhere.get(f"{PATH}/{first['id']}")).status_code == 404
    assert "district_id" not in await on(elsewhere, "2025-06-01")
    with world.superuser() as connection:
        query = "SELECT before, after, reason FROM kit.audit_events WHERE object_id = %s"
        assert connection.execute(query, [again["id"]]).fetchall() == [
            ({"missed_denominator": 7}, {"missed_denominator": 5, "valid_from": "2025-01-01"}, "年度通知（演示）")
        ]
        messages = "SELECT kind FROM kit.outbox WHERE object_id = %s"
        assert connection.execute(messages, [again["id"]]).fetchall() == [("training_settings.laid_down",)]
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE training.training_settings SET day_hundredths = 1")


async def test_what_a_year_owes_follows_its_first_day_and_past_figures_stay(world: World) -> None:
    officer = await world.officer()
    await world.hours(officer, hours=10, category="political")
    then = world.clock().isoformat().replace("+00:00", "Z")
    before = await world.compliance(officer)
    assert (before["required_hours"], before["valid_hours"]) == (60, 0)
    world.clock.pass_time(days=1)
    made(
        await world.bureau.post(
            PATH, json=version(valid_from="2024-01-01", required_hours=40, categories=["political", "skills"])
        )
    )
    made(await world.bureau.post(PATH, json=version(valid_from="2024-01-02", required_hours=90)))
    after = await world.compliance(officer)
    assert (after["required_hours"], after["valid_hours"]) == (40, 10)
    assert await world.compliance(officer, as_of=then) == before
    assert (await world.compliance(officer, 2023))["required_hours"] == 60


async def test_faults_roles_and_rehearsals(world: World) -> None:
    wrong = version(day_hours=25, half_day_hours=0, missed_share={"numerator": 8, "denominator": 7}, required_hours=-1,
                    coordinator_id=str(world.place.foreign_town.id))  # fmt: skip
    assert faults(await world.bureau.post(PATH, json=wrong)) == [
        ("/body/coordinator_id", "not_found"),
        ("/body/day_hours", "too_great"),
        ("/body/half_day_hours", "hours.not_positive"),
        ("/body/missed_share", "settings.share_above_one"),
        ("/body/required_hours", "too_small"),
    ]
    assert faults(await world.bureau.post(PATH, json=version(day_hours=3, half_day_hours=3.5))) == [
        ("/body/half_day_hours", "settings.half_exceeds_day")
    ]
    assert faults(await world.bureau.post(PATH, json={"valid_from": "2025-01-01"})) == [("/body/reason", "missing")]
    for role in (Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.PLATFORM, Role.GOVERNMENT):
        assert (await world.caller(role).post(PATH, json=version())).status_code == 403
        assert (await world.caller(role).get(f"{PATH}/in-force")).status_code == 200
    for role in (Role.REVIEWER, Role.AUDITOR, Role.SYSTEM_ADMIN):
        assert (await world.caller(role).get(f"{PATH}/in-force")).status_code == 403
    assert (await world.client.get(PATH)).status_code == 401
    tried = await world.bureau.post(PATH, json=version(valid_from="2030-01-01"), params={"dry_run": "true"})
    assert (await world.bureau.get(f"{PATH}/{made(tried)['id']}")).status_code == 404
