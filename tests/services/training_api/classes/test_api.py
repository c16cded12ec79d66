"""Classes over HTTP: planned, read, cancelled, held."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from services.kit.principal import Role
from services.training_api.classes import schemas
from tests.factories import classes, training_plans
from tests.factories.training import World, faults, made, problem

ABSENT = "01900000-0000-7000-8000-00000000ffff"


async def test_a_class_is_planned_and_read(world: World) -> None:
    answer = await world.member.post("/v1/classes", json=classes.body(world, title="证据规则专题", hours=7.5))
    held = schemas.ClassOut.model_validate_json(answer.content)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"v1"')
    assert (held.hours, held.state, held.enrolled, held.present, held.online) == (750, "planned", 0, 0, False)
    assert answer.json()["allowed_actions"] == ["change", "cancel", "record_attendance"]
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


async def test_hours_not_stated_are_worked_out_by_the_settings_of_the_last_day(world: World) -> None:
    three_days = {"starts_at": "2024-03-05T01:00:00Z", "ends_at": "2024-03-07T09:00:00Z", "hours": None}
    held = await world.training_class(**three_days)
    assert (held["hours"], held["hours_stated"], len(held["sessions"])) == (24, False, 3)
    second = {"starts_at": "2024-03-06T01:00:00.000000Z", "ends_at": "2024-03-06T09:00:00.000000Z"}
    assert held["sessions"][1] == {"place": 2, **second}
    shorter = {"valid_from": "2024-03-07", "reason": "试行（演示）", "day_hours": 6, "half_day_hours": 3}
    version = made(await world.bureau.post("/v1/training-settings", json=shorter))
    path, officer = classes.path(held), await world.officer()
    changed = await world.bureau.patch(path, json={"ends_at": "2024-03-07T05:00:00Z"}, version=1)
    assert (changed.json()["hours"], changed.json()["settings_id"]) == (9, version["id"])
    stated = (await world.bureau.patch(path, json={"hours": 10.5}, version=2)).json()
    assert (stated["hours"], stated["hours_stated"], "settings_id" in stated) == (10.5, True, False)
    assert (await world.bureau.patch(path, json={"hours": None}, version=3)).json()["hours"] == 9
    # The settings that hold when the hours are posted are the ones that count.
    again = shorter | {"day_hours": 5, "half_day_hours": 2}
    world.clock.pass_time(seconds=1)
    latest = made(await world.bureau.post("/v1/training-settings", json=again))
    await classes.attend(world.bureau, held, officer)
    assert (await world.bureau.post(classes.path(held, "/post-hours"))).json()["posted"] == 1
    read = (await world.bureau.get(path)).json()
    assert (read["hours"], read["settings_id"], read["state"]) == (6, latest["id"], "held")
    (entry,) = (await world.bureau.get("/v1/hour-entries", params={"class_id": held["id"]})).json()["items"]
    assert (entry["hours"], entry["settings_id"]) == (6, latest["id"])


async def test_sessions_stand_in_order_within_the_class(world: World) -> None:
    def at(start: str, end: str) -> dict[str, str]:
        return {"starts_at": f"2024-02-01T{start}:00Z", "ends_at": f"2024-02-01T{end}:00Z"}

    times = at("01:00", "09:00")
    wrong = [at("00:30", "02:00"), at("01:30", "03:00"), at("05:00", "05:00"), at("08:00", "09:30")]
    assert faults(await world.member.post("/v1/classes", json=classes.body(world, **times, sessions=wrong))) == [
        ("/body/sessions/0/starts_at", "class.session_out_of_place"),
        ("/body/sessions/1/starts_at", "class.session_out_of_place"),
        ("/body/sessions/2/ends_at", "class.ends_before_start"),
        ("/body/sessions/3/starts_at", "class.session_out_of_place"),
    ]
    morning = [at("01:00", "02:30"), at("02:30", "04:00")]
    held = await world.training_class(**times, sessions=morning, hours=None)
    assert (held["hours"], [each["place"] for each in held["sessions"]]) == (4, [1, 2])


async def test_a_planned_class_is_changed_and_a_held_one_is_not(world: World) -> None:
    held = await world.training_class(location="一楼")
    path = classes.path(held)
    assert (await world.member.patch(path, json={"title": "改"})).status_code == 428
    changed = await world.member.patch(path, json={"title": "改", "location": None, "kind": None, "online": True}, version=1)
    shown = schemas.ClassOut.model_validate_json(changed.content)
    assert (shown.title, shown.location, shown.kind, shown.online, shown.version) == ("改", None, "professional", True, 2)
    assert problem(await world.member.patch(path, json={"title": "再改"}, version=1)) == (412, "stale")
    assert faults(await world.member.patch(path, json={"ends_at": "2025-06-03T09:00:00Z"}, version=2)) == [
        ("/body/ends_at", "class.crosses_years")
    ]
    await classes.attend(world.member, held, await world.officer())
    fixed = await world.member.patch(path, json={"starts_at": "2024-06-03T02:00:00Z"}, version=3)
    assert problem(fixed) == (409, "class.attendance_recorded")
    assert (await world.member.patch(path, json={"title": "仍可改"}, version=3)).status_code == 200
    await world.manager.post(classes.path(held, "/post-hours"))
    assert problem(await world.member.patch(path, json={"title": "晚了"}, version=5)) == (409, "class.hours_posted")
    stranger = world.caller(Role.UNIT_MANAGER, world.place.other_town)
    assert (await stranger.patch(path, json={"title": "改"}, version=5)).status_code == 404
    assert classes.told(world, held) == [
        "class.created", "class.changed", "class.attendance_recorded", "class.changed", "class.held",
    ]  # fmt: skip


async def test_joint_classes_are_held_by_the_coordinating_unit(world: World) -> None:
    joint = {"kind": "joint_township", "starts_at": "2024-02-05T01:00:00Z", "ends_at": "2024-02-05T09:00:00Z"}
    assert await world.training_class(**joint)
    set_up = {"valid_from": "2024-02-05", "reason": "明确牵头部门（演示）", "coordinator_id": str(world.place.bureau.id)}
    made(await world.bureau.post("/v1/training-settings", json=set_up))
    assert faults(await world.member.post("/v1/classes", json=classes.body(world, **joint))) == [
        ("/body/organiser_id", "class.not_coordinator")
    ]
    assert await world.training_class(**joint, organiser_id=str(world.place.bureau.id))
    before = {"starts_at": "2024-02-04T01:00:00Z", "ends_at": "2024-02-04T09:00:00Z"}
    held = await world.training_class(**joint | before)
    moved = await world.member.patch(classes.path(held), json={key: joint[key] for key in before}, version=1)
    assert faults(moved) == [("/body/organiser_id", "class.not_coordinator")]


async def test_a_class_belongs_to_a_plan_of_its_organiser_and_year(world: World) -> None:
    plan = await training_plans.plan(world, world.place.town)
    other = await training_plans.plan(world, world.place.town, year=2023)
    held = await world.training_class(plan_id=plan["id"])
    listed = await world.bureau.get("/v1/classes", params={"plan_id": plan["id"]})
    assert [item["id"] for item in listed.json()["items"]] == [held["id"]]
    for wrong in (other["id"], ABSENT):
        refused = await world.member.post("/v1/classes", json=classes.body(world, plan_id=wrong))
        assert faults(refused) == [("/body/plan_id", "class.no_plan")]


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
