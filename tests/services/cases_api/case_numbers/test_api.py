"""Numbers over HTTP: gapless under load, kept when void, written by patterns."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from services.cases_api.case_numbers import schemas
from services.cases_api.number_patterns.schemas import NumberPatternPage
from services.kit.principal import Role
from tests.factories import cases
from tests.factories.cases import World
from tests.places import Unit

PATH = "/v1/case-numbers"
PATTERNS = "/v1/number-patterns"


def series(unit: Unit, year: int, kind: str = "penalty", **more: Any) -> dict[str, Any]:
    return {"unit_id": str(unit.id), "kind": kind, "year": year} | more


async def reserved(world: World, year: int, **more: Any) -> list[dict[str, Any]]:
    made = await world.member.post(PATH, json=series(world.place.town, year, **more))
    assert made.status_code == 201, made.text
    found: list[dict[str, Any]] = made.json()["items"]
    return found


async def test_numbers_are_reserved_in_their_sequence(cases_world: World) -> None:
    made = await cases_world.member.post(PATH, json=series(cases_world.place.town, 2001, count=3))
    numbers = schemas.ReservationOut.model_validate_json(made.content).items
    assert [number.sequence for number in numbers] == [1, 2, 3]
    assert numbers[0].number == f"{cases_world.place.town.code}-2001-CF-00001"
    assert [number["sequence"] for number in await reserved(cases_world, 2001)] == [4]
    assert [number["sequence"] for number in await reserved(cases_world, 2001, kind="licence")] == [1]
    listed = await cases_world.bureau.get(PATH, params={"year": 2001, "kind": "penalty", "sort": "created_at"})
    assert [number.sequence for number in schemas.CaseNumberPage.model_validate_json(listed.content).items] == [1, 2, 3, 4]


async def test_64_reservations_at_once_leave_no_gap_and_give_nothing_twice(cases_world: World) -> None:
    wanted = series(cases_world.place.town, 2002, count=2)
    answers = await asyncio.gather(*(cases.insistently(cases_world.member, PATH, wanted) for _ in range(64)))
    assert {answer.status_code for answer in answers} == {201}
    given = [number["sequence"] for answer in answers for number in answer.json()["items"]]
    assert sorted(given) == list(range(1, 129))
    pairs = [[number["sequence"] for number in answer.json()["items"]] for answer in answers]
    assert all(second == first + 1 for first, second in pairs)


async def test_a_dry_run_and_a_refusal_use_no_number(cases_world: World) -> None:
    rehearsed = await cases_world.member.post(PATH, params={"dry_run": "true"}, json=series(cases_world.place.town, 2003))
    assert rehearsed.status_code == 201
    town = cases_world.place.town
    for bad in (series(town, 2003, count=101), series(town, 2003, count=0), series(town, 1999), series(town, 2003, kind="fine")):
        assert (await cases_world.member.post(PATH, json=bad)).status_code == 400
    assert [number["sequence"] for number in await reserved(cases_world, 2003)] == [1]


async def test_a_void_number_is_kept_with_its_reason_and_never_given_again(cases_world: World) -> None:
    (number,) = await reserved(cases_world, 2004)
    path = f"{PATH}/{number['id']}/void"
    without = await cases_world.manager.post(path, version=1)
    assert (without.status_code, without.json()["errors"][0]["pointer"]) == (400, "/body/reason")
    assert (await cases_world.manager.post(path, json={"reason": "重复取号"})).status_code == 428
    done = await cases_world.manager.post(path, version=1, json={"reason": "重复取号"})
    assert (done.status_code, done.json()["state"], done.json()["void_reason"]) == (200, "void", "重复取号")
    again = await cases_world.manager.post(path, version=2, json={"reason": "重复取号"})
    assert (again.status_code, again.json()["code"]) == (409, "case_number.void")
    assert [number["sequence"] for number in await reserved(cases_world, 2004)] == [2]
    told = cases_world.rows(
        "SELECT reason FROM kit.audit_events WHERE object_id = %s AND action = 'case_number.voided'", number["id"]
    )
    assert told == [("重复取号",)]


async def test_the_reason_may_stand_in_the_header(cases_world: World) -> None:
    (number,) = await reserved(cases_world, 2005)
    headers = {"X-Change-Reason": "%E5%8F%96%E9%94%99%E7%B1%BB%E5%88%AB"}
    done = await cases_world.manager.post(f"{PATH}/{number['id']}/void", version=1, headers=headers)
    assert (done.status_code, done.json()["void_reason"]) == (200, "取错类别")


RIGHTS: Mapping[str, tuple[Role, str, dict[str, int]]] = {
    # role, unit of the caller → status of reserving for town, other town, foreign town; reading a number of the town
    "member": (Role.UNIT_MEMBER, "town", {"town": 201, "town_branch": 400, "other_town": 400, "foreign_town": 400, "read": 200}),
    "manager": (
        Role.UNIT_MANAGER,
        "town",
        {"town": 201, "town_branch": 201, "other_town": 400, "foreign_town": 400, "read": 200},
    ),
    "neighbour": (Role.UNIT_MANAGER, "other_town", {"town": 400, "other_town": 201, "foreign_town": 400, "read": 404}),
    "stranger": (Role.UNIT_MANAGER, "foreign_town", {"town": 400, "foreign_town": 201, "read": 404}),
    "platform": (Role.PLATFORM, "district", {"town": 201, "other_town": 201, "foreign_town": 400, "read": 200}),
    "bureau": (Role.BUREAU, "bureau", {"town": 403, "other_town": 403, "read": 200}),
    "foreign_bureau": (Role.BUREAU, "foreign_district", {"read": 404}),
    "government": (Role.GOVERNMENT, "district", {"town": 403, "read": 403}),
    "system_admin": (Role.SYSTEM_ADMIN, "", {"town": 403, "read": 403}),
    "auditor": (Role.AUDITOR, "", {"town": 403, "read": 403}),
}


@pytest.mark.parametrize("name", sorted(RIGHTS))
async def test_each_role_reaches_what_the_table_says(cases_world: World, name: str) -> None:
    role, home, expected = RIGHTS[name]
    caller = cases_world.caller(role, unit=getattr(cases_world.place, home) if home else None)
    (number,) = await reserved(cases_world, 2006)
    found = {}
    for target in expected:
        if target == "read":
            found[target] = (await caller.get(f"{PATH}/{number['id']}")).status_code
        else:
            found[target] = (await caller.post(PATH, json=series(getattr(cases_world.place, target), 2006))).status_code
    assert found == expected


@pytest.mark.parametrize(
    ("role", "home", "status"),
    [
        (Role.UNIT_MANAGER, "town", 200),
        (Role.UNIT_MEMBER, "town", 403),
        (Role.BUREAU, "bureau", 403),
        (Role.PLATFORM, "district", 403),
        (Role.UNIT_MANAGER, "other_town", 404),
        (Role.UNIT_MANAGER, "foreign_town", 404),
        (Role.UNIT_MANAGER, "town_branch", 404),
    ],
)
async def test_numbers_are_voided_by_the_units_leader_alone(cases_world: World, role: Role, home: str, status: int) -> None:
    (number,) = await reserved(cases_world, 2007)
    caller = cases_world.caller(role, unit=getattr(cases_world.place, home))
    answer = await caller.post(f"{PATH}/{number['id']}/void", version=1, json={"reason": "试验"})
    assert answer.status_code == status


async def test_the_most_special_pattern_is_used_and_numbers_given_stay(cases_world: World) -> None:
    town, bureau = cases_world.place.town, cases_world.bureau
    scope = {"unit_id": str(town.id), "kind": "penalty", "year": 2010}
    made = await bureau.post(PATTERNS, json=scope | {"pattern": "榕晋岳执罚决〔{year}〕{sequence}号"})
    assert made.status_code == 201, made.text
    district = {"year": 2010, "pattern": "{unit_code}/{kind}/{year}/{sequence:03}"}
    assert (await bureau.post(PATTERNS, json=district)).status_code == 201
    assert [number["number"] for number in await reserved(cases_world, 2010)] == ["榕晋岳执罚决〔2010〕1号"]
    assert [number["number"] for number in await reserved(cases_world, 2010, kind="licence")] == [f"{town.code}/XK/2010/001"]
    path = made.headers["Location"]
    changed = await bureau.put(path, version=1, json={"pattern": "榕晋岳综执罚决〔{year}〕{sequence}号", "assumed": True})
    assert (changed.status_code, changed.json()["assumed"], changed.headers["ETag"]) == (200, True, '"v2"')
    assert [number["number"] for number in await reserved(cases_world, 2010)] == ["榕晋岳综执罚决〔2010〕2号"]
    kept = await bureau.get(PATH, params={"number": "榕晋岳执罚决〔2010〕1号"})
    assert len(kept.json()["items"]) == 1
    assert (await bureau.post(PATTERNS, json=district)).status_code == 409


async def test_two_units_cannot_come_to_one_number(cases_world: World) -> None:
    for unit in (cases_world.place.town, cases_world.place.other_town):
        scope = {"unit_id": str(unit.id), "kind": "other", "year": 2011, "pattern": "示例〔2011〕{sequence}号"}
        assert (await cases_world.bureau.post(PATTERNS, json=scope)).status_code == 201
    await reserved(cases_world, 2011, kind="other")
    neighbour = cases_world.caller(Role.UNIT_MEMBER, unit=cases_world.place.other_town)
    refused = await neighbour.post(PATH, json=series(cases_world.place.other_town, 2011, kind="other"))
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate")


async def test_patterns_are_the_bureaus_and_the_delivered_one_is_nobodys(cases_world: World) -> None:
    listed = NumberPatternPage.model_validate_json((await cases_world.member.get(PATTERNS)).content)
    (delivered,) = [each for each in listed.items if each.district_id is None and each.series == "case"]
    assert (delivered.pattern, delivered.assumed) == ("{unit_code}-{year}-{kind}-{sequence:05}", True)
    body = {"pattern": "{unit_code}-{year}-{kind}-{sequence:04}"}
    assert (await cases_world.bureau.put(f"{PATTERNS}/{delivered.id}", version=1, json=body)).status_code == 404
    assert (await cases_world.manager.post(PATTERNS, json=body)).status_code == 403
    foreign = {"unit_id": str(cases_world.place.foreign_town.id)} | body
    assert (await cases_world.bureau.post(PATTERNS, json=foreign)).status_code == 400
    ambiguous = await cases_world.bureau.post(PATTERNS, json={"pattern": "{unit_code}{sequence}"})
    assert (ambiguous.status_code, ambiguous.json()["code"]) == (400, "number_pattern.ambiguous")
    government = cases_world.caller(Role.GOVERNMENT, unit=cases_world.place.district)
    assert (await government.get(PATTERNS)).status_code == 403
