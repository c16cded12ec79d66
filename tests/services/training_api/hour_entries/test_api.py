"""Class hours over HTTP: entering, deciding, reversing."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import psycopg
import pytest

from services.training_api.hour_entries import schemas
from tests.factories.training import World, faults, made, problem

ABSENT = "01900000-0000-7000-8000-00000000ffff"


def events(world: World, entry: dict[str, Any], table: str = "audit_events") -> list[str]:
    """What the audit trail or the outbox holds about an entry, in order."""
    column = "action" if table == "audit_events" else "kind"
    query = f"SELECT {column} FROM kit.{table} WHERE object_id = %s AND object_type = 'hour_entry' ORDER BY recorded_at, id"
    with world.superuser() as connection:
        return [row[0] for row in connection.execute(query, [entry["id"]])]


async def test_hours_entered_count_at_once(world: World) -> None:
    officer = await world.officer()
    body = world.hours_in(officer, hours=4.25, note="示例备注", starts_at="2024-05-06T01:00:00Z", ends_at="2024-05-06T04:00:00Z")
    answer = await world.member.post("/v1/hour-entries", json=body)
    entry = schemas.EntryOut.model_validate_json(answer.content)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"v2"')
    assert (entry.state, entry.hours, entry.year, entry.unit_id) == ("posted", 425, 2024, world.place.town.id)
    assert answer.json()["hours"] == 4.25
    assert (await world.member.get(answer.headers["Location"])).json() == answer.json()
    assert (await world.compliance(officer))["valid_hours"] == 4.25
    assert events(world, answer.json()) == events(world, answer.json(), "outbox") == ["hour_entry.entered"]


async def test_every_fault_of_a_body_is_told_at_once(world: World) -> None:
    officer = await world.officer(hired_on="2024-09-01")
    body = world.hours_in(officer, hours=25, starts_at="2024-05-06T04:00:00Z", ends_at="2024-05-06T01:00:00Z")
    assert faults(await world.bureau.post("/v1/hour-entries", json=body)) == [
        ("/body/ends_at", "hours.times"),
        ("/body/hours", "too_great"),
        ("/body/occurred_on", "hours.not_in_service"),
    ]
    late = world.hours_in(officer, occurred_on="2024-10-16")
    assert faults(await world.bureau.post("/v1/hour-entries", json=late)) == [("/body/occurred_on", "hours.in_future")]
    for hours in ("4", True, 1.001, None):
        refused = await world.bureau.post("/v1/hour-entries", json=world.hours_in(officer, hours=hours))
        assert [pointer for pointer, _ in faults(refused)] == ["/body/hours"], hours
    extra = world.hours_in(officer, state="posted", unit_id=str(world.place.town.id), year=2023)
    assert {code for _, code in faults(await world.bureau.post("/v1/hour-entries", json=extra))} == {"unknown_field"}
    unknown = world.hours_in(officer, officer_id=ABSENT, class_id=ABSENT)
    absent = [("/body/class_id", "not_found"), ("/body/officer_id", "not_found")]
    assert faults(await world.bureau.post("/v1/hour-entries", json=unknown)) == absent


async def test_pending_hours_never_count(world: World) -> None:
    officer = await world.officer()
    entry = await world.hours(officer, source="self_study", hours=10)
    path = f"/v1/hour-entries/{entry['id']}"
    assert entry["state"] == "pending"
    assert entry["allowed_actions"] == ["confirm", "refuse"]
    assert (await world.compliance(officer))["valid_hours"] == 0
    assert problem(await world.reverse(entry)) == (409, "hours.not_posted")
    world.clock.pass_time(hours=1)
    confirmed = await world.manager.post(f"{path}/confirm", json={"reason": "有笔记"}, version=entry["version"])
    assert (confirmed.json()["state"], confirmed.json()["decision_reason"]) == ("posted", "有笔记")
    assert confirmed.json()["allowed_actions"] == ["reversal"]
    assert (await world.compliance(officer))["valid_hours"] == 10
    earlier = await world.compliance(officer, as_of="2024-10-15T02:30:00Z")
    assert earlier["valid_hours"] == 0
    for verb, body in (("confirm", None), ("refuse", {"reason": "重复"})):
        again = await world.manager.post(f"{path}/{verb}", json=body, version=confirmed.json()["version"])
        assert problem(again) == (409, "hours.already_decided")
    assert events(world, entry) == events(world, entry, "outbox") == ["hour_entry.entered", "hour_entry.confirmed"]


async def test_refused_hours_never_counted(world: World) -> None:
    officer = await world.officer()
    entry = await world.hours(officer, source="self_study")
    path = f"/v1/hour-entries/{entry['id']}"
    assert faults(await world.manager.post(f"{path}/refuse", json={}, version=2)) == [("/body/reason", "missing")]
    assert (await world.manager.post(f"{path}/refuse", json={"reason": "无笔记"})).status_code == 428
    assert problem(await world.manager.post(f"{path}/refuse", json={"reason": "无笔记"}, version=4)) == (412, "stale")
    refused = await world.manager.post(f"{path}/refuse", json={"reason": "无笔记"}, version=2)
    assert (refused.json()["state"], refused.json()["allowed_actions"]) == ("refused", [])
    assert (await world.compliance(officer))["valid_hours"] == 0
    assert problem(await world.reverse(entry)) == (409, "hours.not_posted")
    posted = await world.hours(officer, occurred_on="2024-05-07")
    assert problem(await world.manager.post(f"/v1/hour-entries/{posted['id']}/confirm", version=2)) == (409, "hours.not_pending")


async def test_a_confirmation_finds_the_day_full(world: World) -> None:
    officer = await world.officer()
    times = {"starts_at": "2024-05-06T01:00:00Z", "ends_at": "2024-05-06T04:00:00Z"}
    first, second = [await world.hours(officer, source="self_study", **times) for _ in range(2)]
    for entry, status in ((first, 200), (second, 409)):
        answer = await world.manager.post(f"/v1/hour-entries/{entry['id']}/confirm", version=2)
        assert answer.status_code == status
    assert problem(answer) == (409, "hours.overlap")


@pytest.mark.parametrize(("effective", "on", "sums"), [("original", "2023-05-06", (0, 0)), ("today", "2024-10-15", (6, -6))])
async def test_a_reversal_says_which_year_loses_the_hours(
    world: World, effective: str, on: str, sums: tuple[float, float]
) -> None:
    officer = await world.officer()
    entry = await world.hours(officer, occurred_on="2023-05-06", hours=6, note="原")
    answer = await world.reverse(entry, effective)
    mirror = made(answer)
    same = ("officer_id", "district_id", "unit_id", "category", "source")
    assert {name: mirror[name] for name in same} == {name: entry[name] for name in same}
    assert (mirror["hours"], mirror["occurred_on"], mirror["reverses_id"], mirror["note"]) == (-6, on, entry["id"], "误登")
    assert (mirror["state"], mirror["allowed_actions"]) == ("posted", [])
    read = (await world.bureau.get(f"/v1/hour-entries/{entry['id']}")).json()
    assert (read["reversed_by_id"], read["hours"], read["allowed_actions"]) == (mirror["id"], 6, [])
    assert tuple([(await world.compliance(officer, year))["valid_hours"] for year in (2023, 2024)]) == sums
    assert problem(await world.reverse(entry, effective)) == (409, "hours.already_reversed")
    assert problem(await world.reverse(mirror, effective)) == (409, "hours.is_reversal")
    assert events(world, mirror) == events(world, mirror, "outbox") == ["hour_entry.reversed"]


async def test_a_reversal_names_its_year_and_its_reason(world: World) -> None:
    entry = await world.hours(await world.officer())
    path = f"/v1/hour-entries/{entry['id']}/reversal"
    assert faults(await world.bureau.post(path, json={}, version=2)) == [
        ("/body/effective", "missing"),
        ("/body/reason", "missing"),
    ]
    wrong = {"reason": "误登", "effective": "2024-01-01"}
    assert faults(await world.bureau.post(path, json=wrong, version=2)) == [("/body/effective", "not_allowed")]
    good = {"reason": "误登", "effective": "today"}
    assert (await world.bureau.post(path, json=good)).status_code == 428
    assert problem(await world.bureau.post(path, json=good, version=4)) == (412, "stale")


async def test_reversed_hours_make_room(world: World) -> None:
    officer = await world.officer()
    times = {"starts_at": "2024-05-06T01:00:00Z", "ends_at": "2024-05-06T04:00:00Z"}
    entry = await world.hours(officer, **times)
    again = world.hours_in(officer, **times)
    assert problem(await world.bureau.post("/v1/hour-entries", json=again)) == (409, "hours.overlap")
    await world.reverse(entry, "today")
    assert made(await world.bureau.post("/v1/hour-entries", json=again))


async def test_a_mirror_is_exact_whoever_writes_it(world: World) -> None:
    entry = await world.hours(await world.officer(), hours=6)
    other = await world.officer()
    insert = """INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days,
        source, entered_as, reverses_id, entered_by, created_at)
        SELECT gen_random_uuid(), district_id, unit_id, {officer}, {category}, {hundredths}, {on}, 1, source, {state}, id,
               entered_by, created_at FROM training.hour_entries WHERE id = %s"""
    good = {
        "officer": "officer_id",
        "category": "category",
        "hundredths": "-hundredths",
        "on": "occurred_on",
        "state": "'posted'",
    }
    with world.superuser() as connection:
        for bent in (
            {"officer": f"'{other['id']}'"}, {"category": "'skills'"}, {"hundredths": "-hundredths + 1"},
            {"on": "occurred_on - 1"}, {"state": "'pending'"},
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.CheckViolation), connection.transaction(force_rollback=True):
                connection.execute(insert.format(**good | bent), [entry["id"]])
        with connection.transaction(force_rollback=True):
            connection.execute(insert.format(**good), [entry["id"]])
            with pytest.raises(psycopg.errors.UniqueViolation), connection.transaction():
                connection.execute(insert.format(**good), [entry["id"]])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_entries_are_never_changed_over_http(world: World, method: str) -> None:
    entry = await world.hours(await world.officer())
    for path in (f"/v1/hour-entries/{entry['id']}", "/v1/hour-entries"):
        answer = await world.bureau.request(method, path, json={"hours": 5}, version=2)
        assert problem(answer) == (405, "method_not_allowed")
    assert (await world.bureau.get(f"/v1/hour-entries/{entry['id']}")).json()["hours"] == 4


async def test_keys_and_dry_runs(world: World) -> None:
    officer = await world.officer()
    body = world.hours_in(officer, external_id="H-1")
    tried = await world.bureau.post("/v1/hour-entries", params={"dry_run": "true"}, json=body)
    assert tried.status_code == 201
    assert (await world.bureau.get(f"/v1/hour-entries/{tried.json()['id']}")).status_code == 404
    assert events(world, tried.json()) == []
    clerk = world.bureau
    first, again = [await clerk.post("/v1/hour-entries", json=body, headers={"Idempotency-Key": "h1"}) for _ in range(2)]
    assert (first.content, again.headers.get("Idempotency-Replayed")) == (again.content, "true")
    reused = await clerk.post("/v1/hour-entries", json=body | {"hours": 5}, headers={"Idempotency-Key": "h1"})
    assert problem(reused) == (422, "idempotency.key_reused")
    taken = await world.bureau.post("/v1/hour-entries", json=body | {"occurred_on": "2024-05-08"})
    assert problem(taken) == (409, "hours.duplicate_external_id")
    path = f"/v1/hour-entries/{first.json()['id']}/reversal"
    dry = await clerk.post(path, params={"dry_run": "true"}, json={"reason": "误登", "effective": "today"}, version=2)
    assert (dry.status_code, dry.json()["hours"]) == (201, -4)
    assert (await world.compliance(officer))["valid_hours"] == 4


async def test_of_64_postings_at_once_one_is_recorded(world: World) -> None:
    officer = await world.officer()
    body = world.hours_in(officer, starts_at="2024-05-06T01:00:00Z", ends_at="2024-05-06T04:00:00Z")
    answers = await asyncio.gather(*(world.bureau.post("/v1/hour-entries", json=body) for _ in range(64)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[201] == 1
    assert statuses[201] + statuses[409] == 64
    assert (await world.compliance(officer))["valid_hours"] == 4


async def test_of_64_postings_at_once_a_day_holds_24_hours(world: World) -> None:
    officer = await world.officer()
    body = world.hours_in(officer, hours=1)
    answers = await asyncio.gather(*(world.bureau.post("/v1/hour-entries", json=body) for _ in range(64)))
    assert Counter(answer.status_code for answer in answers) == {201: 24, 409: 40}
    assert (await world.compliance(officer))["valid_hours"] == 24


async def test_of_many_decisions_and_reversals_at_once_one_stands(world: World) -> None:
    officer = await world.officer()
    entry = await world.hours(officer, source="self_study")
    path = f"/v1/hour-entries/{entry['id']}"
    refuse = [world.manager.post(f"{path}/refuse", json={"reason": "重复"}, version=2) for _ in range(8)]
    confirm = [world.manager.post(f"{path}/confirm", version=2) for _ in range(8)]
    answers = await asyncio.gather(*confirm, *refuse)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 15}
    posted = await world.hours(officer, occurred_on="2024-05-09")
    answers = await asyncio.gather(*(world.reverse(posted) for _ in range(16)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 15}


async def test_of_overlapping_reports_confirmed_at_once_one_counts(world: World) -> None:
    officer = await world.officer()
    times = {"starts_at": "2024-05-06T01:00:00Z", "ends_at": "2024-05-06T04:00:00Z"}
    reported = [await world.hours(officer, source="self_study", **times) for _ in range(8)]
    confirm = [world.manager.post(f"/v1/hour-entries/{entry['id']}/confirm", version=2) for entry in reported]
    answers = await asyncio.gather(*confirm)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert (await world.compliance(officer))["valid_hours"] == 4


async def test_hours_of_a_class_are_posted_once(world: World) -> None:
    officer, held = await world.officer(), await world.training_class()
    body = world.hours_in(officer, class_id=held["id"], category="skills", occurred_on="2024-06-03", hours=8)
    entry = made(await world.bureau.post("/v1/hour-entries", json=body))
    assert problem(await world.bureau.post("/v1/hour-entries", json=body)) == (409, "hours.class_already_posted")
    await world.reverse(entry)
    assert made(await world.bureau.post("/v1/hour-entries", json=body))["class_id"] == held["id"]
    over = body | {"officer_id": (await world.officer())["id"], "hours": 8.5}
    assert [pointer for pointer, _ in faults(await world.bureau.post("/v1/hour-entries", json=over))] == ["/body/hours"]


async def test_lists_by_named_filters(world: World) -> None:
    officer = await world.officer()
    posted = await world.hours(officer, external_id="L-1")
    pending = await world.hours(officer, source="self_study", occurred_on="2023-11-01")
    for filters, expected in (
        ({}, [pending, posted]), ({"sort": "created_at"}, [posted, pending]), ({"state": "pending"}, [pending]),
        ({"state": "posted"}, [posted]), ({"year": "2023"}, [pending]), ({"source": "class"}, [posted]),
        ({"external_id": "L-1"}, [posted]), ({"occurred_on__gte": "2024-01-01"}, [posted]),
        ({"occurred_on__lte": "2023-12-31"}, [pending]), ({"category": "skills"}, []),
    ):  # fmt: skip
        found = await world.bureau.get("/v1/hour-entries", params={"officer_id": officer["id"]} | filters)
        assert [item["id"] for item in found.json()["items"]] == [entry["id"] for entry in expected], filters
    first = (await world.bureau.get("/v1/hour-entries", params={"officer_id": officer["id"], "limit": 1})).json()
    rest = {"officer_id": officer["id"], "limit": 1, "cursor": first["next_cursor"]}
    assert [(await world.bureau.get("/v1/hour-entries", params=rest)).json()["items"][0]["id"]] == [posted["id"]]
    unknown = await world.bureau.get("/v1/hour-entries", params={"officer": officer["id"]})
    assert faults(unknown) == [("/query/officer", "unknown_parameter")]
