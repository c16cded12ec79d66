"""Enrolments and attendance over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from services.kit.principal import Role
from services.training_api.enrolments import schemas
from tests.factories import classes
from tests.factories.training import World, faults, problem

ABSENT = "01900000-0000-7000-8000-00000000ffff"
LATER = {"starts_at": "2024-11-04T01:00:00Z", "ends_at": "2024-11-04T09:00:00Z"}


async def listed(by: Any, held: dict[str, Any], **params: Any) -> list[str]:
    page = await by.get(classes.path(held, "/enrolments"), params=params)
    return [str(item.officer_id) for item in schemas.EnrolmentPage.model_validate_json(page.content).items]


async def test_a_unit_sends_its_own_people_to_any_class_of_the_district(world: World) -> None:
    mine, others = await world.officer(), await world.officer(world.place.other_town)
    held = await world.training_class(**LATER)
    beside = world.caller(Role.UNIT_MEMBER, world.place.other_town)
    assert (await classes.enrol(beside, held, others)).json() == {"class_id": held["id"], "enrolled": 1, "present": 0}
    refused = await classes.enrol(beside, held, others, mine)
    assert faults(refused) == [("/body/officer_ids/1", "not_found")]
    absent = await beside.post(classes.path(held, "/enrolments"), json={"officer_ids": [ABSENT]})
    assert faults(absent) == [("/body/officer_ids/0", "not_found")]
    assert (await classes.enrol(world.manager, held, mine, mine)).json()["enrolled"] == 2
    assert (await classes.enrol(world.manager, held, mine)).json()["enrolled"] == 2
    # The organiser sees all, a unit its own people.
    assert set(await listed(world.manager, held)) == {mine["id"], others["id"]}
    assert await listed(beside, held) == [others["id"]]
    assert await listed(world.bureau, held, unit_id=str(world.place.town.id)) == [mine["id"]]


async def test_only_people_in_service_are_enrolled(world: World) -> None:
    gone = await world.officer()
    left = {"on": "2024-09-30", "reason": "退休"}
    await world.bureau.post(f"/v1/officers/{gone['id']}/leave", json=left, version=1)
    held, past = await world.training_class(**LATER), await world.training_class()
    assert faults(await classes.enrol(world.manager, held, gone)) == [("/body/officer_ids/0", "hours.not_in_service")]
    assert (await classes.enrol(world.manager, past, gone)).status_code == 200
    new = await world.officer(hired_on="2024-07-01")
    assert faults(await classes.attend(world.manager, past, new)) == [("/body/officer_ids/0", "hours.not_in_service")]


async def test_each_enrolment_makes_a_new_version_of_the_class(world: World) -> None:
    held = await world.training_class()
    assert (await classes.enrol(world.manager, held, await world.officer())).status_code == 200
    assert (await classes.attend(world.manager, held, await world.officer())).status_code == 200
    read = await world.manager.get(classes.path(held), headers={"If-None-Match": '"v1"'})
    assert (read.status_code, read.headers["ETag"], read.json()["enrolled"], read.json()["present"]) == (200, '"v3"', 2, 1)
    expected = ["class.created", "class.enrolled", "class.attendance_recorded"]
    assert classes.told(world, held) == classes.told(world, held, "kit.outbox") == expected


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


async def test_many_enrol_at_once_and_each_counts(world: World) -> None:
    held = await world.training_class(**LATER)
    people = [await world.officer() for _ in range(6)]
    answers = await asyncio.gather(*(classes.enrol(world.manager, held, each) for each in people))
    assert sorted(answer.json()["enrolled"] for answer in answers) == [1, 2, 3, 4, 5, 6]
    page = (await world.manager.get(classes.path(held, "/enrolments"), params={"limit": 4})).json()
    rest = await listed(world.manager, held, limit=4, cursor=page["next_cursor"])
    assert [item["officer_id"] for item in page["items"]] + rest == sorted(each["id"] for each in people)


async def test_dry_runs_write_nothing(world: World) -> None:
    held, officer = await world.training_class(), await world.officer()
    for rest in ("/enrolments", "/attendance"):
        body = {"officer_ids": [officer["id"]]}
        tried = await world.manager.post(classes.path(held, rest), json=body, params={"dry_run": "true"})
        assert tried.json()["enrolled"] == 1
    assert await listed(world.manager, held) == []
    assert classes.told(world, held) == ["class.created"]
