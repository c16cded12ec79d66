"""The dated settings of the ledger over HTTP, and what they do to hours."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from services.kit.principal import Role
from services.training_api.hour_rules import schemas
from tests.factories.training import World, faults, made, problem

PATH = "/v1/hour-rules"


async def in_force(world: World, day: str, **unit: Any) -> schemas.HourRuleOut:
    answer = await world.caller(Role.BUREAU, **unit).get(PATH, params={"in_force_on": day})
    (found,) = schemas.HourRulePage.model_validate_json(answer.content).items
    return found


async def test_a_fresh_system_caps_and_carries_nothing(world: World) -> None:
    found = await in_force(world, "2024-01-01", unit=world.place.foreign_district)
    assert (found.district_id, found.pending_sources, found.members_wait) == (None, ["self_study"], False)
    assert (found.source_caps.model_dump(exclude_none=True), found.teaching_times, found.carry_over_hours) == ({}, None, 0)


async def test_rows_are_dated_and_for_their_district_alone(world: World) -> None:
    caps = {"class": 40, "online": 18.5}
    row = made(await world.bureau.post(PATH, json={"valid_from": "2022-01-01", "source_caps": caps, "carry_over_hours": 10}))
    assert (row["source_caps"], row["carry_over_hours"], row["valid_from"]) == (caps, 10, "2022-01-01")
    assert (await world.member.get(f"{PATH}/{row['id']}")).json() == row
    made(await world.bureau.post(PATH, json={"valid_from": "2022-01-01", "carry_over_hours": 12}))
    made(await world.bureau.post(PATH, json={"valid_from": "2022-07-01"}))
    assert [(await in_force(world, day)).carry_over_hours for day in ("2021-12-31", "2022-06-30", "2022-07-01")] == [0, 1200, 0]
    assert (await in_force(world, "2022-06-30", unit=world.place.foreign_district)).carry_over_hours == 0
    listed = (await world.bureau.get(PATH)).json()["items"]
    assert [item["valid_from"] for item in listed] == ["2022-07-01", "2022-01-01", "2022-01-01", "2000-01-01"]
    assert (await world.caller(Role.BUREAU, world.place.foreign_district).get(f"{PATH}/{row['id']}")).status_code == 404
    with world.superuser() as connection:
        told = connection.execute("SELECT action FROM kit.audit_events WHERE object_id = %s", [row["id"]]).fetchall()
        assert told == [("hour_rule.added",)]
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE training.hour_rules SET carry_over = 1")


@pytest.mark.parametrize("role", list(Role))
async def test_the_bureau_alone_sets_them(world: World, role: Role) -> None:
    read = {Role.BUREAU, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.PLATFORM}
    assert (await world.caller(role).get(PATH)).status_code == (200 if role in read else 403)
    body = {"valid_from": "2021-01-01"}
    set_so = await world.caller(role).post(PATH, params={"dry_run": "true"}, json=body)
    assert set_so.status_code == (201 if role is Role.BUREAU else 403)


async def test_faults_are_told_at_once(world: World) -> None:
    body = {
        "source_caps": {"online": -1, "video": 3},
        "teaching_times": 0,
        "pending_sources": ["video"],
        "carry_over_hours": 1.001,
    }
    assert faults(await world.bureau.post(PATH, json=body)) == [
        ("/body/carry_over_hours", "wrong_format"),
        ("/body/pending_sources/0", "not_allowed"),
        ("/body/source_caps/online", "too_small"),
        ("/body/source_caps/video", "unknown_field"),
        ("/body/teaching_times", "too_small"),
        ("/body/valid_from", "missing"),
    ]


async def test_hours_are_entered_under_the_row_of_their_day(world: World) -> None:
    officer = await world.officer()
    row = made(await world.bureau.post(PATH, json={"valid_from": "2024-05-01", "source_caps": {"teaching": 6}}))
    before = await world.hours(officer, source="teaching", occurred_on="2024-04-30")
    assert before["hour_rule_id"] != row["id"]
    entry = await world.hours(officer, source="teaching", hours=2)
    assert entry["hour_rule_id"] == row["id"]
    over = world.hours_in(officer, source="teaching", hours=0.01, occurred_on="2024-05-07")
    refused = await world.bureau.post("/v1/hour-entries", json=over)
    assert problem(refused) == (409, "hours.source_cap")
    assert "6" in refused.json()["detail"]
    await world.reverse(entry)
    assert made(await world.bureau.post("/v1/hour-entries", json=over))
    assert made(await world.bureau.post("/v1/hour-entries", json=over | {"source": "class", "hours": 20}))


async def test_confirming_meets_the_cap_of_the_day(world: World) -> None:
    officer = await world.officer()
    made(await world.bureau.post(PATH, json={"valid_from": "2024-06-01", "source_caps": {"self_study": 4}}))
    reported = [await world.hours(officer, source="self_study", occurred_on=f"2024-06-0{day}", hours=3) for day in (3, 4)]
    answers = [await world.manager.post(f"/v1/hour-entries/{entry['id']}/confirm", version=2) for entry in reported]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert problem(answers[1]) == (409, "hours.source_cap")


async def test_where_staff_waits_the_leader_confirms(world: World) -> None:
    officer = await world.officer()
    made(await world.bureau.post(PATH, json={"valid_from": "2024-07-01", "members_wait": True, "pending_sources": ["online"]}))
    for caller, source, state in (
        (world.member, "class", "pending"), (world.manager, "class", "posted"), (world.manager, "online", "pending"),
        (world.manager, "self_study", "posted"),
    ):  # fmt: skip
        body = world.hours_in(officer, occurred_on="2024-07-02", source=source)
        assert made(await caller.post("/v1/hour-entries", json=body))["state"] == state, (source, state)
