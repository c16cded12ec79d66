"""Closing a year: what still enters it, and by whom."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import psycopg
import pytest

from services.kit.principal import Role
from services.training_api.hour_years import schemas
from services.training_api.hour_years.rules import MOVES, State, Verb, why_not_move
from tests.client import Caller
from tests.factories.training import World, faults, made, problem

PATH = "/v1/hour-years"
WHY = {"X-Change-Reason": "%E8%A1%A5%E7%99%BB"}


@pytest.fixture
async def closed(world: World) -> int:
    """A year of the district that is closed."""
    shown = (await world.bureau.get(f"{PATH}/2023")).json()
    if shown["state"] == "open":
        answer = await world.bureau.post(f"{PATH}/2023/close", version=shown["version"])
        assert answer.status_code == 200, answer.text
    return 2023


async def enter(world: World, by: Caller, officer: dict[str, Any], reason: bool = True, **changes: Any) -> Any:
    body = world.hours_in(officer, **{"occurred_on": "2023-06-05"} | changes)
    return await by.post("/v1/hour-entries", json=body, headers=WHY if reason else {})


@pytest.mark.parametrize(
    ("verb", "state", "year", "code"),
    [
        (Verb.CLOSE, State.OPEN, 2023, None),
        (Verb.CLOSE, State.OPEN, 2024, "hour_year.not_over"),
        (Verb.CLOSE, State.CLOSED, 2023, "hour_year.illegal_move"),
        (Verb.REOPEN, State.CLOSED, 2023, None),
        (Verb.REOPEN, State.OPEN, 2023, "hour_year.illegal_move"),
    ],
)
def test_moves(verb: Verb, state: State, year: int, code: str | None) -> None:
    refusal = why_not_move(verb, state, year, 2024)
    assert (refusal.code if refusal else None) == code
    assert set(MOVES) == set(Verb)


async def test_a_year_is_closed_and_opened_again(world: World) -> None:
    shown = await world.bureau.get(f"{PATH}/2021")
    year = schemas.HourYearOut.model_validate_json(shown.content)
    assert (year.state, year.moves, year.allowed_actions, shown.headers["ETag"]) == ("open", [], ["close"], '"v1"')
    assert (await world.bureau.post(f"{PATH}/2021/close")).status_code == 428
    assert problem(await world.bureau.post(f"{PATH}/2021/close", version=2)) == (412, "stale")
    dry = await world.bureau.post(f"{PATH}/2021/close", params={"dry_run": "true"}, version=1)
    assert dry.json()["state"] == "closed"
    done = await world.bureau.post(f"{PATH}/2021/close", json={"reason": "已核对"}, version=1)
    assert (done.json()["state"], done.json()["allowed_actions"]) == ("closed", ["reopen"])
    assert [(move["state"], move["reason"]) for move in done.json()["moves"]] == [("closed", "已核对")]
    assert problem(await world.bureau.post(f"{PATH}/2021/close", version=2)) == (409, "hour_year.illegal_move")
    assert faults(await world.bureau.post(f"{PATH}/2021/reopen", version=2)) == [("/header/x-change-reason", "missing")]
    reopened = await world.bureau.post(f"{PATH}/2021/reopen", version=2, headers=WHY)
    assert (reopened.json()["state"], reopened.headers["ETag"]) == ("open", '"v3"')
    assert problem(await world.bureau.post(f"{PATH}/2024/close", version=1)) == (409, "hour_year.not_over")
    assert faults(await world.bureau.get(f"{PATH}/1999")) == [("/path/year", "too_small")]
    with world.superuser() as connection:
        query = "SELECT action, reason FROM kit.audit_events WHERE object_type = 'hour_year' AND after->>'year' = '2021'"
        told = connection.execute(f"{query} ORDER BY recorded_at, id").fetchall()
        assert told == [("hour_year.closed", "已核对"), ("hour_year.reopened", "补登")]
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("DELETE FROM training.hour_year_moves")


@pytest.mark.parametrize("role", list(Role))
async def test_the_bureau_alone_closes(world: World, role: Role) -> None:
    read = {Role.BUREAU, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.PLATFORM}
    shown = await world.caller(role).get(f"{PATH}/2020")
    assert shown.status_code == (200 if role in read else 403)
    if role in read:
        assert shown.json()["allowed_actions"] == (["close"] if role is Role.BUREAU else [])
    answer = await world.caller(role).post(f"{PATH}/2020/close", params={"dry_run": "true"}, version=1)
    assert answer.status_code == (200 if role is Role.BUREAU else 403)


async def test_what_comes_late_says_why_and_waits_for_the_bureau(world: World, closed: int) -> None:
    officer = await world.officer()
    for by in (world.bureau, world.manager):
        assert faults(await enter(world, by, officer, reason=False)) == [("/header/x-change-reason", "missing")]
    entry = made(await enter(world, world.manager, officer))
    assert (entry["state"], entry["late_reason"], entry["allowed_actions"]) == ("pending", "补登", ["refuse"])
    path = f"/v1/hour-entries/{entry['id']}"
    assert (await world.bureau.get(path)).json()["allowed_actions"] == ["confirm", "refuse"]
    assert problem(await world.manager.post(f"{path}/confirm", version=2)) == (409, "hours.year_closed")
    assert faults(await world.bureau.post(f"{path}/confirm", version=2)) == [("/header/x-change-reason", "missing")]
    assert (await world.compliance(officer, closed))["valid_hours"] == 0
    assert (await world.bureau.get(f"{PATH}/{closed}")).json()["pending"] >= 1
    confirmed = await world.bureau.post(f"{path}/confirm", version=2, headers=WHY)
    assert (confirmed.json()["state"], confirmed.json()["decision_reason"]) == ("posted", "补登")
    assert (await world.compliance(officer, closed))["valid_hours"] == 4
    own = made(await enter(world, world.bureau, officer, occurred_on="2023-06-06"))
    assert (own["state"], own["late_reason"]) == ("posted", "补登")


async def test_reversals_into_a_closed_year_are_the_bureaus(world: World, closed: int) -> None:
    entries = [made(await enter(world, world.bureau, await world.officer())) for _ in range(2)]
    for entry, effective, by, headers, expected in (
        (entries[0], "original", world.manager, WHY, (409, "hours.year_closed")),
        (entries[0], "original", world.bureau, {}, (400, "invalid_input")),
        (entries[0], "original", world.bureau, WHY, (201, "补登")),
        (entries[1], "today", world.manager, {}, (201, None)),
    ):
        body = {"reason": "误登", "effective": effective}
        answer = await by.post(f"/v1/hour-entries/{entry['id']}/reversal", json=body, version=2, headers=headers)
        told = answer.json().get("late_reason") if answer.status_code == 201 else answer.json()["code"]
        assert (answer.status_code, told) == expected, effective


async def test_a_class_of_a_closed_year_is_posted_late(world: World, closed: int) -> None:
    officers = [await world.officer() for _ in range(2)]
    held = await world.training_class(starts_at="2023-06-07T01:00:00Z", ends_at="2023-06-07T09:00:00Z")
    path = f"/v1/classes/{held['id']}"
    present = {"officer_ids": [officer["id"] for officer in officers]}
    assert (await world.bureau.post(f"{path}/attendance", json=present)).status_code == 200
    assert faults(await world.manager.post(f"{path}/post-hours")) == [("/header/x-change-reason", "missing")]
    posted = await world.manager.post(f"{path}/post-hours", headers=WHY)
    assert (posted.status_code, posted.json()["posted"]) == (200, 2)
    assert [(await world.compliance(officer, closed))["valid_hours"] for officer in officers] == [0, 0]


async def test_no_way_leads_around_the_wall(world: World, closed: int) -> None:
    entry = made(await enter(world, world.bureau, await world.officer()))
    copy = """INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days,
        source, entered_as, late_reason, entered_by, created_at)
        SELECT gen_random_uuid(), district_id, unit_id, officer_id, category, hundredths, occurred_on, days, source, entered_as,
               {}, entered_by, created_at FROM training.hour_entries WHERE id = %s"""
    with world.superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL ROLE zhifa_training")
        connection.execute(copy.format("'补登'"), [entry["id"]])
        with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
            connection.execute(copy.format("NULL"), [entry["id"]])
    rule = {"valid_from": "2023-03-01", "carry_over_hours": 5}
    assert problem(await world.bureau.post("/v1/hour-rules", json=rule)) == (409, "hours.year_closed")


async def test_another_district_is_not_closed(world: World, closed: int) -> None:
    officer = await world.officer(world.place.foreign_town)
    foreign = world.caller(Role.UNIT_MANAGER, world.place.foreign_town)
    assert made(await enter(world, foreign, officer, reason=False))["state"] == "posted"


async def test_closing_waits_for_those_who_are_entering(world: World) -> None:
    officers = [await world.officer() for _ in range(16)]
    entering = [enter(world, world.bureau, officer, reason=False, occurred_on="2022-06-05") for officer in officers]
    answers = await asyncio.gather(*entering[:8], world.bureau.post(f"{PATH}/2022/close", version=1), *entering[8:])
    counted = Counter(answer.status_code for answer in answers)
    assert counted[200] == 1
    assert counted[201] + counted[400] == 16


async def test_years_are_listed(world: World, closed: int) -> None:
    listed = schemas.HourYearPage.model_validate_json((await world.member.get(PATH)).content)
    states = {item.year: item.state for item in listed.items}
    assert (states[2023], states[2024]) == ("closed", "open")
    assert [item.year for item in listed.items] == sorted(states, reverse=True)


async def test_reopened_it_takes_hours_as_before(world: World) -> None:
    officer = await world.officer()
    await world.bureau.post(f"{PATH}/2020/close", version=1)
    assert faults(await enter(world, world.manager, officer, reason=False, occurred_on="2020-06-05"))
    await world.bureau.post(f"{PATH}/2020/reopen", version=2, headers=WHY)
    assert made(await enter(world, world.manager, officer, reason=False, occurred_on="2020-06-05"))["state"] == "posted"
