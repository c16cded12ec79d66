"""Attendance over HTTP: by hand, by rows, by signing in; and what missing a part costs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.kit.principal import Role
from tests.factories import classes
from tests.factories.training import World, faults, problem

LATER = {"starts_at": "2024-11-04T01:00:00Z", "ends_at": "2024-11-04T09:00:00Z"}
ABSENT = "01900000-0000-7000-8000-00000000ffff"
# Seven sessions of an hour each on two days.
SEVEN = {
    "starts_at": "2024-06-03T01:00:00Z",
    "ends_at": "2024-06-04T06:00:00Z",
    "sessions": [
        {"starts_at": f"2024-06-0{day}T0{hour}:00:00Z", "ends_at": f"2024-06-0{day}T0{hour + 1}:00:00Z"}
        for day, hour in [(3, 1), (3, 2), (3, 5), (3, 6), (4, 1), (4, 2), (4, 5)]
    ],
}


async def listed(by: Any, held: dict[str, Any], **params: Any) -> list[str]:
    page = await by.get(classes.path(held, "/enrolments"), params=params)
    return [item["officer_id"] for item in page.json()["items"]]


async def standing(by: Any, held: dict[str, Any], officer: dict[str, Any]) -> tuple[Any, ...]:
    """Present, minutes missed, whether hours are earned."""
    items = (await by.get(classes.path(held, "/enrolments"), params={"limit": 200})).json()["items"]
    mine = next(item for item in items if item["officer_id"] == officer["id"])
    return mine.get("present"), mine.get("missed_minutes"), mine.get("earns_hours")


async def test_presence_is_recorded_and_corrected_until_hours_are_posted(world: World) -> None:
    first, second = await world.officer(), await world.officer()
    held = await world.training_class()
    await classes.enrol(world.manager, held, first, second)
    assert await listed(world.manager, held, present="true") == []
    assert (await classes.attend(world.manager, held, first, second)).json()["present"] == 2
    assert (await classes.attend(world.manager, held, absent=(second,))).json()["present"] == 1
    assert await listed(world.manager, held, present="false") == [second["id"]]
    assert (await world.manager.post(classes.path(held, "/post-hours"))).json()["posted"] == 1
    assert problem(await classes.attend(world.manager, held, absent=(first,))) == (409, "class.hours_posted")
    assert (await classes.attend(world.manager, held, second)).json()["present"] == 2


async def test_a_body_names_somebody_once(world: World) -> None:
    held, officer = await world.training_class(), await world.officer()
    twice: dict[str, list[str]] = {"officer_ids": [officer["id"]], "absent_officer_ids": [officer["id"]]}
    nobody: dict[str, list[str]] = {"officer_ids": []}
    for body in (twice, nobody):
        assert faults(await world.manager.post(classes.path(held, "/attendance"), json=body)) == [("/body", "invalid")]
    assert faults(await world.manager.post(classes.path(held, "/enrolments"), json={"officer_ids": []})) == [
        ("/body/officer_ids", "too_short")
    ]


async def test_nobody_is_present_before_the_class_begins(world: World) -> None:
    held = await world.training_class(**LATER)
    assert problem(await classes.attend(world.manager, held, await world.officer())) == (409, "class.not_begun")


async def test_the_organiser_records_people_of_others_only_when_they_were_enrolled(world: World) -> None:
    stranger = await world.officer(world.place.other_town)
    held = await world.training_class()
    assert faults(await classes.attend(world.manager, held, stranger)) == [("/body/officer_ids/0", "not_found")]
    await classes.enrol(world.caller(Role.UNIT_MEMBER, world.place.other_town), held, stranger)
    assert (await classes.attend(world.manager, held, stranger)).json()["present"] == 1


@pytest.mark.parametrize(
    ("missed", "minutes", "earns"),
    [
        ({}, 0, True),
        ({"missed_sessions": [3]}, 60, True),
        ({"missed_sessions": [3], "missed_minutes": 1}, 61, False),
        ({"missed_sessions": [1, 7, 7]}, 120, False),
        ({"missed_minutes": 60}, 60, True),
    ],
)
async def test_missing_more_than_a_seventh_earns_nothing(world: World, missed: dict[str, Any], minutes: int, earns: bool) -> None:
    officer = await world.officer()
    held = await world.training_class(**SEVEN)
    body = {"partly": [{"officer_id": officer["id"], **missed}]}
    assert (await world.bureau.post(classes.path(held, "/attendance"), json=body)).json()["present"] == 1
    assert await standing(world.bureau, held, officer) == (True, minutes, earns)
    posted = (await world.bureau.post(classes.path(held, "/post-hours"))).json()
    assert (posted["posted"], posted["refused"]) == (
        int(earns),
        [] if earns else [{"officer_id": officer["id"], "code": "class.missed_too_much"}],
    )
    assert (await world.compliance(officer))["valid_hours"] == (8 if earns else 0)


async def test_what_is_missed_is_bounded_by_the_class(world: World) -> None:
    officer = await world.officer()
    held = await world.training_class(**SEVEN)
    wrong = {"officer_id": officer["id"], "missed_sessions": [1, 8], "missed_minutes": 400}
    refused = await world.bureau.post(classes.path(held, "/attendance"), json={"partly": [wrong]})
    assert faults(refused) == [
        ("/body/partly/0/missed_minutes", "class.missed_exceeds"),
        ("/body/partly/0/missed_sessions/1", "class.unknown_session"),
    ]


async def test_the_share_that_may_be_missed_is_a_dated_setting(world: World) -> None:
    officer = await world.officer()
    half = {"valid_from": "2024-08-01", "reason": "试行（演示）", "missed_share": {"numerator": 1, "denominator": 2}}
    assert (await world.bureau.post("/v1/training-settings", json=half)).status_code == 201
    times = {"starts_at": "2024-08-01T01:00:00Z", "ends_at": "2024-08-01T05:00:00Z"}
    held = await world.training_class(**times)
    partly = {"partly": [{"officer_id": officer["id"], "missed_minutes": 120}]}
    await world.bureau.post(classes.path(held, "/attendance"), json=partly)
    assert await standing(world.bureau, held, officer) == (True, 120, True)
    usual = half | {"valid_from": "2024-08-02", "missed_share": {"numerator": 1, "denominator": 7}}
    assert (await world.bureau.post("/v1/training-settings", json=usual)).status_code == 201
    before = await world.training_class(starts_at="2024-07-31T01:00:00Z", ends_at="2024-07-31T05:00:00Z")
    await world.bureau.post(classes.path(before, "/attendance"), json=partly)
    assert await standing(world.bureau, before, officer) == (True, 120, False)


async def sign(by: Any, held: dict[str, Any], *officers: dict[str, Any], **options: Any) -> Any:
    body = {"officer_ids": [each["id"] for each in officers]}
    return await by.post(classes.path(held, "/sign-ins"), json=body, **options)


async def test_signing_in_counts_session_by_session(world: World) -> None:
    punctual, late = await world.officer(), await world.officer()
    begin = datetime.fromisoformat("2024-10-16T01:00:00+00:00")
    sessions = [
        {"starts_at": "2024-10-16T01:00:00Z", "ends_at": "2024-10-16T03:00:00Z"},
        {"starts_at": "2024-10-16T06:00:00Z", "ends_at": "2024-10-16T08:00:00Z"},
    ]
    held = await world.training_class(starts_at="2024-10-16T01:00:00Z", ends_at="2024-10-16T08:00:00Z", sessions=sessions)
    world.clock.moment = begin.replace(hour=0, minute=29)
    assert problem(await sign(world.manager, held, punctual)) == (409, "class.no_session_now")
    world.clock.moment = begin.replace(hour=0, minute=30)
    assert (await sign(world.manager, held, punctual)).json() == {
        "class_id": held["id"], "enrolled": 1, "waiting": 0, "present": 1,
    }  # fmt: skip
    version = (await world.manager.get(classes.path(held))).headers["ETag"]
    world.clock.moment = begin.replace(minute=40)
    assert (await sign(world.manager, held, punctual)).status_code == 200
    assert (await world.manager.get(classes.path(held))).headers["ETag"] == version
    assert (await sign(world.manager, held, late)).json()["present"] == 2
    assert await standing(world.manager, held, punctual) == (True, 120, False)
    world.clock.moment = begin.replace(hour=3)
    assert problem(await sign(world.manager, held, late)) == (409, "class.no_session_now")
    world.clock.moment = begin.replace(hour=6)
    assert (await sign(world.manager, held, punctual, late)).status_code == 200
    assert await standing(world.manager, held, punctual) == (True, 0, True)
    # Forty minutes of four hours are more than a seventh; recorded by hand, it is forgiven.
    assert await standing(world.manager, held, late) == (True, 40, False)
    assert (await classes.attend(world.manager, held, late)).status_code == 200
    assert await standing(world.manager, held, late) == (True, 0, True)
    assert classes.told(world, held).count("class.signed_in") == 3
    world.clock.moment = begin.replace(hour=8)
    assert (await world.manager.post(classes.path(held, "/post-hours"))).json()["posted"] == 2


async def test_rows_of_a_sheet_answer_one_by_one(world: World) -> None:
    held = await world.training_class(**SEVEN)
    there, known, gone = await world.officer(), await world.officer(external_id="ATT-1"), await world.officer()
    stranger = await world.officer(world.place.other_town)
    rows = [
        {"officer_id": there["id"], "missed_sessions": [1]},
        {"external_id": "ATT-1"},
        {"officer_id": gone["id"], "present": False},
        {"officer_id": stranger["id"]},
        {"external_id": "nowhere"},
        {"officer_id": there["id"]},
        {"officer_id": there["id"], "missed_sessions": [9]},
    ]
    path = classes.path(held, "/attendance/batch")
    atomic = await world.manager.post(path, json={"items": rows, "atomic": True})
    assert [pointer for pointer, _ in faults(atomic)] == [
        "/body/items/3/officer_id", "/body/items/4/external_id", "/body/items/5/officer_id", "/body/items/6/officer_id",
    ]  # fmt: skip
    assert await listed(world.manager, held) == []
    outcomes = (await world.manager.post(path, json={"items": rows})).json()["items"]
    assert [each["status"] for each in outcomes] == [200, 200, 200, 400, 400, 400, 400]
    assert outcomes[3]["problem"]["errors"][0]["code"] == outcomes[4]["problem"]["errors"][0]["code"] == "not_found"
    found = [await standing(world.manager, held, each) for each in (there, known, gone)]
    assert found == [(True, 60, True), (True, 0, True), (False, 420, False)]
    assert classes.told(world, held) == ["class.created", "class.attendance_recorded"]
    unclear = await world.manager.post(path, json={"items": [{"present": True}]})
    assert faults(unclear) == [("/body/items/0", "invalid")]


async def test_the_other_ways_of_attendance_have_the_same_rights(world: World) -> None:
    held = await world.training_class(**SEVEN)
    officer = await world.officer()
    calls = {"/attendance/batch": {"items": [{"officer_id": officer["id"]}]}, "/sign-ins": {"officer_ids": [officer["id"]]}}
    for rest, body in calls.items():
        path = classes.path(held, rest)
        assert (await world.client.post(path, json=body)).status_code == 401
        assert (await world.caller(Role.UNIT_MEMBER, world.place.other_town).post(path, json=body)).status_code == 404
        for role in (Role.PLATFORM, Role.GOVERNMENT, Role.REVIEWER, Role.AUDITOR):
            assert (await world.caller(role).post(path, json=body)).status_code == 403
        tried = await world.member.post(path, json=body, params={"dry_run": "true"})
        assert tried.status_code == (200 if rest == "/attendance/batch" else 409)
    assert await listed(world.member, held) == []
