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
    stands = {"class_id": held["id"], "enrolled": 1, "waiting": 0, "present": 0}
    assert (await classes.enrol(beside, held, others)).json() == stands
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


async def seats(by: Any, held: dict[str, Any]) -> dict[str, str]:
    """Who has which seat, in the order in which they came."""
    items = (await by.get(classes.path(held, "/enrolments"), params={"sort": "turn"})).json()["items"]
    return {item["officer_id"]: item["state"] for item in items}


async def withdraw(by: Any, held: dict[str, Any], *officers: dict[str, Any], **options: Any) -> Any:
    body = {"officer_ids": [each["id"] for each in officers]}
    return await by.post(classes.path(held, "/withdrawals"), json=body, **options)


async def test_whoever_waits_moves_up_in_turn(world: World) -> None:
    held = await world.training_class(**LATER, capacity=2)
    one, two, three, four = [await world.officer() for _ in range(4)]
    full = await classes.enrol(world.manager, held, one, two, three)
    assert full.json() == {"class_id": held["id"], "enrolled": 2, "waiting": 1, "present": 0}
    assert (await classes.enrol(world.manager, held, four)).json()["waiting"] == 2
    assert list((await seats(world.manager, held)).values()) == ["enrolled", "enrolled", "waiting", "waiting"]
    tried = await withdraw(world.manager, held, one, params={"dry_run": "true"})
    assert tried.json()["waiting"] == 1
    left = await withdraw(world.manager, held, one)
    assert left.json() == {"class_id": held["id"], "enrolled": 2, "waiting": 1, "present": 0}
    assert await seats(world.manager, held) == {
        one["id"]: "withdrawn", two["id"]: "enrolled", three["id"]: "enrolled", four["id"]: "waiting",
    }  # fmt: skip
    # Whoever comes again stands at the end; a withdrawal from the waiting list moves nobody up.
    assert (await classes.enrol(world.manager, held, one)).json()["waiting"] == 2
    assert list(await seats(world.manager, held))[-1] == one["id"]
    assert (await withdraw(world.manager, held, four)).json()["enrolled"] == 2
    change = {"capacity": 3}
    version = (await world.manager.get(classes.path(held))).json()["version"]
    raised = await world.manager.patch(classes.path(held), json=change, version=version)
    assert (raised.json()["enrolled"], raised.json()["waiting"]) == (3, 0)
    with world.superuser() as connection:
        query = "SELECT data->'officer_ids' FROM kit.outbox WHERE object_id = %s AND kind = 'class.moved_up' ORDER BY id"
        assert connection.execute(query, [held["id"]]).fetchall() == [([three["id"]],), ([one["id"]],)]


async def test_seats_are_never_given_twice(world: World) -> None:
    held = await world.training_class(**LATER, capacity=3)
    people = [await world.officer() for _ in range(6)]
    first = people[:3]
    await asyncio.gather(*(classes.enrol(world.manager, held, each) for each in people))
    enrolled = [key for key, state in (await seats(world.manager, held)).items() if state == "enrolled"]
    leaving = [each for each in people if each["id"] in enrolled][:2]
    await asyncio.gather(*(withdraw(world.manager, held, each) for each in leaving), classes.enrol(world.manager, held, *first))
    states = list((await seats(world.manager, held)).values())
    assert states.count("enrolled") == 3
    assert states.count("withdrawn") + states.count("waiting") == 3


async def test_withdrawing_ends_with_the_beginning_of_the_class(world: World) -> None:
    officer = await world.officer()
    held = await world.training_class()
    await classes.enrol(world.manager, held, officer)
    assert problem(await withdraw(world.manager, held, officer)) == (409, "class.begun")
    later = await world.training_class(**LATER)
    await classes.enrol(world.manager, later, officer)
    stranger = world.caller(Role.UNIT_MEMBER, world.place.other_town)
    assert faults(await withdraw(stranger, later, officer)) == [("/body/officer_ids/0", "not_found")]
    for role in (Role.PLATFORM, Role.GOVERNMENT, Role.AUDITOR):
        assert (await withdraw(world.caller(role), later, officer)).status_code == 403
    assert (await withdraw(world.member, later, officer)).json()["enrolled"] == 0
    assert classes.told(world, later) == ["class.created", "class.enrolled", "class.withdrawn"]
