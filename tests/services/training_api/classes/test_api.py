"""Classes over HTTP: planned, read, cancelled, held."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from services.kit.principal import Role
from services.training_api.classes import schemas
from tests.factories import classes
from tests.factories.training import World, faults, made, problem

ABSENT = "01900000-0000-7000-8000-00000000ffff"


async def test_a_class_is_planned_and_read(world: World) -> None:
    answer = await world.member.post("/v1/classes", json=classes.body(world, title="证据规则专题", hours=7.5))
    held = schemas.ClassOut.model_validate_json(answer.content)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"v1"')
    assert (held.hours, held.state, held.enrolled, held.present, held.online) == (750, "planned", 0, 0, False)
    assert answer.json()["allowed_actions"] == ["cancel", "record_attendance"]
    read = await world.caller(Role.UNIT_MEMBER, world.place.other_town).get(answer.headers["Location"])
    assert read.json() == answer.json() | {"allowed_actions": []}
    same = await world.member.get(answer.headers["Location"], headers={"If-None-Match": '"v1"'})
    assert (same.status_code, same.content) == (304, b"")
    assert classes.told(world, answer.json()) == ["class.created"]
    assert classes.told(world, answer.json(), "kit.outbox") == ["class.created"]


async def test_every_fault_of_a_body_is_told_at_once(world: World) -> None:
    wrong: dict[str, Any] = {"kind": "picnic", "category": "cooking", "hours": 1.234, "starts_at": "soon", "state": "held"}
    refused = await world.bureau.post("/v1/classes", json=classes.body(world, **wrong))
    assert faults(refused) == [
        ("/body/category", "not_allowed"),
        ("/body/hours", "wrong_format"),
        ("/body/kind", "not_allowed"),
        ("/body/starts_at", "wrong_format"),
        ("/body/state", "unknown_field"),
    ]
    over = classes.body(world, organiser_id=str(world.place.foreign_town.id), hours=25)
    assert faults(await world.bureau.post("/v1/classes", json=over)) == [
        ("/body/hours", "too_great"),
        ("/body/organiser_id", "not_found"),
    ]
    beside = classes.body(world, organiser_id=str(world.place.other_town.id))
    absent = classes.body(world, organiser_id=ABSENT)
    foreign, unknown = [await world.manager.post("/v1/classes", json=each) for each in (beside, absent)]
    assert faults(foreign) == faults(unknown) == [("/body/organiser_id", "not_found")]


async def test_a_planned_class_is_cancelled_once_with_a_reason(world: World) -> None:
    held = await world.training_class()
    path = classes.path(held, "/cancel")
    assert (await world.manager.post(path, json=classes.REASON)).status_code == 428
    assert faults(await world.manager.post(path, json={}, version=1)) == [("/body/reason", "missing")]
    assert problem(await world.manager.post(path, json=classes.REASON, version=2)) == (412, "stale")
    tried = await world.manager.post(path, json=classes.REASON, version=1, params={"dry_run": "true"})
    assert tried.json()["state"] == "cancelled"
    assert classes.told(world, held) == ["class.created"]
    done = await world.manager.post(path, json=classes.REASON, version=1)
    assert (done.json()["state"], done.json()["allowed_actions"], done.headers["ETag"]) == ("cancelled", [], '"v2"')
    assert problem(await world.manager.post(path, json=classes.REASON, version=2)) == (409, "class.cancelled")
    assert classes.told(world, held) == classes.told(world, held, "kit.outbox") == ["class.created", "class.cancelled"]
    officer = await world.officer()
    assert problem(await classes.enrol(world.manager, held, officer)) == (409, "class.cancelled")
    assert problem(await classes.attend(world.manager, held, officer)) == (409, "class.cancelled")
    assert problem(await world.manager.post(classes.path(held, "/post-hours"))) == (409, "class.cancelled")


async def test_a_class_whose_hours_are_posted_stays(world: World) -> None:
    held = await classes.held_with(world, await world.officer())
    assert (held["state"], held["present"], held["allowed_actions"]) == ("held", 1, ["record_attendance", "post_hours"])
    refused = await world.bureau.post(classes.path(held, "/cancel"), json=classes.REASON, version=held["version"])
    assert problem(refused) == (409, "class.hours_posted")
    assert classes.told(world, held) == ["class.created", "class.attendance_recorded", "class.held"]


async def test_hours_of_a_class_are_posted_once_for_all_present(world: World) -> None:
    here, late, undone, gone = [await world.officer() for _ in range(4)]
    held = await world.training_class(starts_at="2024-05-06T01:00:00Z", ends_at="2024-05-07T09:00:00Z", hours=16)
    await classes.attend(world.bureau, held, here, undone, absent=(gone,))
    path = classes.path(held, "/post-hours")
    tried = await world.manager.post(path, params={"dry_run": "true"})
    assert tried.json() == {"class_id": held["id"], "posted": 2, "already_posted": 0, "refused": []}
    first, again = await asyncio.gather(world.manager.post(path), world.bureau.post(path))
    assert sorted((each.json()["posted"], each.json()["already_posted"]) for each in (first, again)) == [(0, 2), (2, 0)]
    entries = (await world.bureau.get("/v1/hour-entries", params={"class_id": held["id"]})).json()["items"]
    assert {
        entry["officer_id"]: (entry["hours"], entry["days"], entry["occurred_on"], entry["category"]) for entry in entries
    } == {
        here["id"]: (16, 2, "2024-05-07", "skills"),
        undone["id"]: (16, 2, "2024-05-07", "skills"),
    }
    mine = next(entry for entry in entries if entry["officer_id"] == undone["id"])
    assert (await world.reverse(mine)).status_code == 201
    await classes.attend(world.bureau, held, late)
    assert (await world.bureau.post(path)).json() == {"class_id": held["id"], "posted": 1, "already_posted": 2, "refused": []}
    assert (await world.compliance(undone))["valid_hours"] == 0


async def test_who_cannot_be_given_the_hours_is_named_and_the_others_get_them(world: World) -> None:
    busy, free = await world.officer(), await world.officer()
    times = {"starts_at": "2024-04-08T02:00:00Z", "ends_at": "2024-04-08T04:00:00Z", "occurred_on": "2024-04-08", "hours": 2}
    await world.hours(busy, **times)
    held = await world.training_class(starts_at="2024-04-08T01:00:00Z", ends_at="2024-04-08T09:00:00Z")
    await classes.attend(world.bureau, held, busy, free)
    posted = (await world.bureau.post(classes.path(held, "/post-hours"))).json()
    assert (posted["posted"], posted["refused"]) == (1, [{"officer_id": busy["id"], "code": "hours.overlap"}])


async def test_hours_wait_for_the_end_of_the_class(world: World) -> None:
    held = await world.training_class(starts_at="2024-10-15T01:00:00Z", ends_at="2024-10-15T03:00:00Z", hours=2)
    assert (await classes.attend(world.manager, held, await world.officer())).status_code == 200
    assert problem(await world.manager.post(classes.path(held, "/post-hours"))) == (409, "class.not_over")
    world.clock.moment = datetime(2024, 10, 15, 3, 0, tzinfo=UTC)
    assert (await world.manager.post(classes.path(held, "/post-hours"))).json()["posted"] == 1


async def test_lists_are_filtered_sorted_and_paged(world: World) -> None:
    days = [f"2023-03-{day:02}" for day in range(1, 6)]
    kinds = ("rotation", "political", "rotation", "induction", "rotation")
    for day, kind in zip(days, kinds, strict=True):
        await world.training_class(starts_at=f"{day}T01:00:00Z", ends_at=f"{day}T09:00:00Z", kind=kind)
    span = {"starts_at__gte": "2023-03-01T00:00:00Z", "starts_at__lte": "2023-03-31T00:00:00Z"}
    found = (await world.bureau.get("/v1/classes", params={**span, "kind": "rotation", "sort": "starts_at"})).json()["items"]
    assert [item["starts_at"][:10] for item in found] == [days[0], days[2], days[4]]
    first = (await world.bureau.get("/v1/classes", params={**span, "limit": 3, "count": "exact"})).json()
    second = (await world.bureau.get("/v1/classes", params={**span, "limit": 3, "cursor": first["next_cursor"]})).json()
    assert [item["starts_at"][:10] for item in first["items"] + second["items"]] == days[::-1]
    assert (first["count"], second["next_cursor"]) == (5, None)
    assert faults(await world.bureau.get("/v1/classes", params={"kind": "picnic", "colour": "red"})) == [
        ("/query/colour", "unknown_parameter")
    ]


async def test_dry_runs_and_keys(world: World) -> None:
    tried = await world.member.post("/v1/classes", params={"dry_run": "true"}, json=classes.body(world))
    assert (await world.member.get(classes.path(made(tried)))).status_code == 404
    clerk = world.member
    keyed = {"json": classes.body(world), "headers": {"Idempotency-Key": "c1"}}
    first, again = [await clerk.post("/v1/classes", **keyed) for _ in range(2)]
    assert (first.content, again.headers.get("Idempotency-Replayed")) == (again.content, "true")
    other = await clerk.post("/v1/classes", json=classes.body(world, hours=4), headers={"Idempotency-Key": "c1"})
    assert problem(other) == (422, "idempotency.key_reused")
