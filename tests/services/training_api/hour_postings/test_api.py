"""Entering hours over HTTP: guards, batches."""

from __future__ import annotations

from typing import Any

import pytest

from services.kit.principal import Role
from tests.factories.training import World, faults, made, problem

PATH = "/v1/hour-entries"
BATCH = f"{PATH}/batch"


async def statuses(world: World, items: list[dict[str, Any]], **options: Any) -> list[tuple[int, str]]:
    """Status and code (or id) of each item of a batch by the bureau."""
    answer = await world.bureau.post(BATCH, json={"items": items} | options.pop("body", {}), **options)
    assert answer.status_code == 200, answer.text
    return [(each["status"], each["problem"]["code"] if each["problem"] else each["id"]) for each in answer.json()["items"]]


async def test_the_same_online_course_counts_once_a_year(world: World) -> None:
    officer = await world.officer()
    body = world.hours_in(officer, source="online", course="行政处罚法 网络课")
    entry = made(await world.bureau.post(PATH, json=body))
    assert entry["course"] == "行政处罚法 网络课"
    again = body | {"occurred_on": "2024-06-06", "course": "行政处罚法网络课"}
    assert problem(await world.bureau.post(PATH, json=again)) == (409, "hours.online_course_twice")
    assert made(await world.bureau.post(PATH, json=again | {"occurred_on": "2023-06-06"}))
    await world.reverse(entry, "today")
    assert made(await world.bureau.post(PATH, json=again))
    lecture = body | {"source": "class"}
    assert faults(await world.bureau.post(PATH, json=lecture)) == [("/body/course", "hours.course_not_online")]


async def test_an_online_class_held_again_is_the_same_course(world: World) -> None:
    officer = await world.officer()
    for month, expected in ((6, 201), (7, 409)):
        held = await world.training_class(
            online=True, title="同一网络课程", starts_at=f"2024-0{month}-03T01:00:00Z", ends_at=f"2024-0{month}-03T09:00:00Z"
        )
        facts = {"source": "online", "class_id": held["id"], "category": "skills", "occurred_on": f"2024-0{month}-03"}
        answer = await world.bureau.post(PATH, json=world.hours_in(officer, **facts))
        assert answer.status_code == expected, answer.text
    assert problem(answer) == (409, "hours.online_course_twice")


async def test_hours_of_a_class_stay_within_it(world: World) -> None:
    officer, held = await world.officer(), await world.training_class()
    body = world.hours_in(officer, class_id=held["id"], category="skills", occurred_on="2024-06-03", hours=8.01)
    answer = await world.bureau.post(PATH, json=body)
    assert faults(answer) == [("/body/hours", "hours.above_class")]
    assert "8。" in answer.json()["errors"][0]["detail"]


async def test_a_batch_answers_each_item(world: World) -> None:
    officer, other = await world.officer(), await world.officer()
    good = world.hours_in(officer, hours=20)
    items = [
        good, good | {"hours": 5}, good | {"hours": 4, "source": "self_study"}, good | {"officer_id": other["id"], "hours": 25},
        good | {"officer_id": other["id"]}, good | {"occurred_on": "2024-10-16"},
    ]  # fmt: skip
    found = await statuses(world, items)
    assert [status for status, _ in found] == [201, 409, 201, 400, 201, 400]
    assert found[1][1] == "hours.day_full"
    shown = [(await world.bureau.get(f"{PATH}/{found[place][1]}")).json() for place in (0, 2, 4)]
    assert [(each["hours"], each["state"], each["officer_id"]) for each in shown] == [
        (20, "posted", officer["id"]), (4, "pending", officer["id"]), (20, "posted", other["id"]),
    ]  # fmt: skip
    with world.superuser() as connection:
        query = "SELECT count(*) FROM kit.{} WHERE object_id = ANY (%s::uuid[])"
        for table in ("audit_events", "outbox"):
            counted = connection.execute(query.format(table), [[each["id"] for each in shown]]).fetchone()
            assert counted == (3,), table
    await world.seal()
    assert (await world.bureau.get("/v1/ledger/verification")).json()["ok"]


async def test_an_atomic_batch_is_all_or_nothing(world: World) -> None:
    officer = await world.officer()
    good = world.hours_in(officer, hours=20)
    wrong = [good, good | {"hours": 0}, good | {"hours": 5}]
    refused = await world.bureau.post(BATCH, json={"items": wrong, "atomic": True})
    assert problem(refused) == (400, "batch.refused")
    assert faults(refused) == [("/body/items/1/hours", "hours.not_positive"), ("/body/items/2", "hours.day_full")]
    assert (await world.compliance(officer))["valid_hours"] == 0
    assert [status for status, _ in await statuses(world, [good], body={"atomic": True})] == [201]
    many = {"items": [good] * 501}
    assert faults(await world.bureau.post(BATCH, json=many)) == [("/body/items", "too_long")]


async def test_the_platform_sends_hours_again_and_again(world: World) -> None:
    officer, platform = await world.officer(), world.caller(Role.PLATFORM)
    body = world.hours_in(officer, external_id="B-1", starts_at="2024-05-06T01:00:00Z", ends_at="2024-05-06T04:00:00Z")
    items = [body, body, body | {"hours": 5}]
    first = (await platform.post(BATCH, json={"items": items})).json()["items"]
    assert [each["status"] for each in first] == [201, 200, 409]
    assert first[1]["id"] == first[0]["id"]
    await world.reverse(first[0])
    again = (await platform.post(BATCH, json={"items": items})).json()["items"]
    assert [(each["status"], each["id"]) for each in again[:2]] == [(200, first[0]["id"])] * 2
    assert (await world.compliance(officer))["valid_hours"] == 0, "what was undone stays undone"
    assert problem(await platform.post(PATH, json=body)) == (409, "hours.duplicate_external_id")


async def test_a_batch_of_500_takes_few_statements(world: World) -> None:
    officers = [await world.officer() for _ in range(10)]
    items = [
        world.hours_in(officers[place % 10], hours=0.25, occurred_on=f"2024-{1 + place // 250:02}-{1 + place % 250 // 10:02}")
        for place in range(500)
    ]
    assert {status for status, _ in await statuses(world, items)} == {201}
    assert (await world.compliance(officers[0]))["valid_hours"] == 12.5


@pytest.mark.parametrize(("role", "reached"), [(Role.UNIT_MEMBER, [201, 400, 400]), (Role.UNIT_MANAGER, [201, 201, 400])])
async def test_a_batch_reaches_what_single_entries_reach(world: World, role: Role, reached: list[int]) -> None:
    places = (world.place.town, world.place.town_branch, world.place.other_town)
    items = [world.hours_in(await world.officer(unit)) for unit in places]
    answer = await world.caller(role).post(BATCH, json={"items": items})
    assert [each["status"] for each in answer.json()["items"]] == reached


async def test_keys_and_dry_runs_of_batches(world: World) -> None:
    officer, clerk = await world.officer(), world.bureau
    body = {"items": [world.hours_in(officer)]}
    assert (await clerk.post(BATCH, params={"dry_run": "true"}, json=body)).json()["items"][0]["status"] == 201
    assert (await world.compliance(officer))["valid_hours"] == 0
    first, again = [await clerk.post(BATCH, json=body, headers={"Idempotency-Key": "b1"}) for _ in range(2)]
    assert (first.content, again.headers.get("Idempotency-Replayed")) == (again.content, "true")
    assert (await world.compliance(officer))["valid_hours"] == 4
