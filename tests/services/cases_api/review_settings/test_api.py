"""Dated settings of reviews: what is in force when, and who sets it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from services.cases_api.review_settings import queries, schemas
from services.kit import clock
from services.kit.principal import Role
from tests.factories.reviews import World, good

TODAY = clock.local_day(clock.now())


def body(valid_from: date, **changes: Any) -> dict[str, Any]:
    usual = {
        "sample_share": 2000,
        "sample_least": 1,
        "sample_most": 5,
        "reviewers_per_file": 3,
        "former_unit_years": 2,
        "repeat_years": 1,
        "most_load": 20,
        "lease_hours": 4,
        "spread_hundredths": 1000,
        "objection_days": 7,
        "objection_decision_days": 15,
        "rectification_days": 15,
    }
    return usual | {"valid_from": valid_from.isoformat()} | changes


async def test_the_newest_that_has_begun_is_in_force(world: World) -> None:
    defaults = schemas.ReviewSettingsPage.model_validate(good(await world.manager().get("/v1/review-settings")))
    assert [(one.valid_from, one.assumed, one.district_id) for one in defaults.items] == [(date(2023, 1, 1), True, None)]
    for day, days in ((TODAY, 7), (TODAY + timedelta(days=9), 9)):
        made = await world.bureau.post("/v1/review-settings", json=body(day, objection_days=days))
        schemas.ReviewSettingsOut.model_validate(good(made))
    district, foreign = world.place.district.id, world.place.foreign_district.id
    async with world.services.database("cases_api").reading() as read:
        found = [
            (await queries.in_force(read, place, TODAY + timedelta(days=ahead))).objection_days
            for place, ahead in ((district, 0), (district, 8), (district, 9), (foreign, 9))
        ]
    assert found == [7, 7, 9, 5]
    again = await world.bureau.post("/v1/review-settings", json=body(TODAY))
    assert (again.status_code, again.json()["code"]) == (409, "review_settings.already_set")
    audited = world.rows("SELECT after ->> 'objection_days' FROM kit.audit_events WHERE action = 'review_settings.created'")
    assert sorted(audited) == [("7",), ("9",)]
    with pytest.raises(psycopg.Error, match="only ever added"):
        world.connection.execute("UPDATE cases.review_settings SET objection_days = 1")


async def test_every_fault_is_named(world: World) -> None:
    wanted = body(TODAY - timedelta(days=1), sample_least=9)
    answer = await world.bureau.post("/v1/review-settings", json=wanted)
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("/body/valid_from", "review_settings.in_the_past"),
        ("/body/sample_least", "too_great"),
    ]
    late = await world.bureau.post("/v1/review-settings", json=body(TODAY) | {"lease_hours": 0, "most_load": "many"})
    assert [fault["pointer"] for fault in late.json()["errors"]] == ["/body/most_load", "/body/lease_hours"]


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    who = world.caller(role, unit=world.place.bureau if role is Role.BUREAU else world.place.town)
    reads = role in (Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER)
    assert (await who.get("/v1/review-settings")).status_code == (200 if reads else 403)
    answer = await who.post("/v1/review-settings", params={"dry_run": "true"}, json=body(TODAY + timedelta(days=99)))
    assert answer.status_code == (201 if role is Role.BUREAU else 403)
