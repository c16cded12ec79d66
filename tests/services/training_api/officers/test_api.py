"""Officers over HTTP: masks, moves, searches, batches, disclosure."""

from __future__ import annotations

from services.kit.principal import Role
from services.training_api.officers import schemas
from tests.factories.training import World, faults, id_number, made, problem

ABSENT = "01900000-0000-7000-8000-00000000ffff"


async def test_an_officer_is_read_without_the_number(world: World) -> None:
    body = world.officer_in(world.place.town, posts=["执法岗"], kind="auxiliary")
    answer = await world.member.post("/v1/officers", json=body)
    officer = schemas.OfficerOut.model_validate_json(answer.content)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"v1"')
    assert officer.id_number_masked == body["id_number"][:6] + "********" + body["id_number"][-4:]
    assert officer.name == body["name"]
    assert [(spell.unit_id, str(spell.from_on)) for spell in officer.units] == [(world.place.town.id, "2020-03-01")]
    assert body["id_number"] not in answer.text
    read = await world.member.get(answer.headers["Location"])
    assert read.json() == answer.json()


async def test_every_fault_of_a_body_is_told_at_once(world: World) -> None:
    body = world.officer_in(world.place.town, id_number="350111190101010001", hired_on="2024-10-16")
    refused = await world.bureau.post("/v1/officers", json=body)
    assert faults(refused) == [("/body/hired_on", "in_future"), ("/body/id_number", "officer.id_number")]
    assert "350111190101010001" not in refused.text
    foreign = await world.manager.post("/v1/officers", json=world.officer_in(world.place.other_town))
    absent = await world.manager.post("/v1/officers", json=world.officer_in(world.place.town, unit_id=ABSENT))
    assert faults(foreign) == faults(absent) == [("/body/unit_id", "not_found")]
    office = await world.bureau.post("/v1/officers", json=world.officer_in(world.place.district))
    assert faults(office) == [("/body/unit_id", "officer.unit_does_not_enforce")]


async def test_one_person_is_in_service_once(world: World) -> None:
    officer = await world.officer()
    number = id_number(90001)
    first = await world.officer(id_number=number)
    again = await world.bureau.post("/v1/officers", json=world.officer_in(world.place.other_town, id_number=number.lower()))
    assert problem(again) == (409, "officer.duplicate")
    changed = await world.bureau.patch(f"/v1/officers/{officer['id']}", json={"id_number": number}, version=1)
    assert problem(changed) == (409, "officer.duplicate")
    left = await world.bureau.post(f"/v1/officers/{first['id']}/leave", json={"on": "2024-10-01", "reason": "调离"}, version=1)
    assert left.json()["left_on"] == "2024-10-01"
    assert made(await world.bureau.post("/v1/officers", json=world.officer_in(world.place.other_town, id_number=number)))


async def test_a_number_is_found_by_post_alone(world: World) -> None:
    officer = await world.officer(id_number=id_number(90010))
    for sent in (id_number(90010), f" {id_number(90010)} "):
        found = await world.manager.post("/v1/officers/search", json={"id_number": sent})
        assert [item["id"] for item in found.json()["items"]] == [officer["id"]]
    stranger = world.caller(Role.UNIT_MANAGER, world.place.other_town)
    assert (await stranger.post("/v1/officers/search", json={"id_number": id_number(90010)})).json()["items"] == []
    in_url = await world.manager.get("/v1/officers", params={"id_number": id_number(90010)})
    assert faults(in_url) == [("/query/id_number", "unknown_parameter")]
    assert (await world.manager.post("/v1/officers/search", json={"id_number": id_number(1), "name": "演"})).status_code == 400
    assert (await world.manager.post("/v1/officers/search", json={})).status_code == 400


async def test_names_are_searched_by_those_who_may_read_them(world: World) -> None:
    officer = await world.officer(name="示例乙丙", external_id="P-1")
    found = await world.member.post("/v1/officers/search", json={"name": "示例乙"})
    assert [item["id"] for item in found.json()["items"]] == [officer["id"]]
    assert (await world.member.post("/v1/officers/search", json={"name": "%"})).json()["items"] == []
    platform = world.caller(Role.PLATFORM)
    assert faults(await platform.post("/v1/officers/search", json={"name": "示例"})) == [("/body/name", "not_allowed")]
    listed = await platform.get("/v1/officers", params={"external_id": "P-1"})
    assert [item["name"] for item in listed.json()["items"]] == ["示***"]


async def test_a_move_keeps_the_history(world: World) -> None:
    officer = await world.officer()
    path = f"/v1/officers/{officer['id']}"
    move = {"unit_id": str(world.place.other_town.id), "on": "2024-07-01"}
    assert (await world.bureau.post(f"{path}/transfer", json=move)).status_code == 428
    assert faults(await world.manager.post(f"{path}/transfer", json=move, version=1)) == [("/body/unit_id", "not_found")]
    late = await world.bureau.post(f"{path}/transfer", json=move | {"on": "2024-10-16"}, version=1)
    assert faults(late) == [("/body/on", "in_future")]
    moved = await world.bureau.post(f"{path}/transfer", json=move, version=1)
    assert moved.headers["ETag"] == '"v2"'
    assert moved.json()["units"] == [
        {"unit_id": str(world.place.town.id), "kind": "officer", "from_on": "2020-03-01", "to_on": "2024-06-30"},
        {"unit_id": str(world.place.other_town.id), "kind": "officer", "from_on": "2024-07-01"},
    ]
    assert problem(await world.bureau.post(f"{path}/transfer", json=move, version=1)) == (412, "stale")
    assert problem(await world.bureau.post(f"{path}/transfer", json=move, version=2)) == (409, "officer.same_unit")
    assert (await world.manager.get(path)).status_code == 404
    out = move | {"unit_id": str(world.place.foreign_town.id)}
    assert faults(await world.bureau.post(f"{path}/transfer", json=out, version=2)) == [("/body/unit_id", "not_found")]


async def test_who_left_moves_no_more(world: World) -> None:
    officer = await world.officer()
    path = f"/v1/officers/{officer['id']}"
    assert officer["allowed_actions"] == ["change", "transfer", "reclassify", "leave", "identity_disclosure"]
    left = await world.manager.post(f"{path}/leave", json={"on": "2024-09-30", "reason": "退休"}, version=1)
    assert left.json()["allowed_actions"] == ["change", "rejoin", "identity_disclosure"]
    again = await world.manager.post(f"{path}/leave", json={"on": "2024-09-30", "reason": "退休"}, version=2)
    assert problem(again) == (409, "officer.has_left")
    for day, serving in (("2024-09-30", True), ("2024-10-01", False), ("2020-02-29", False)):
        listed = await world.manager.get("/v1/officers", params={"in_service_on": day, "limit": 200})
        assert (officer["id"] in [item["id"] for item in listed.json()["items"]]) is serving, day


async def test_who_left_comes_back_and_keeps_the_past(world: World) -> None:
    number = id_number(90040)
    officer = await world.officer(id_number=number)
    path = f"/v1/officers/{officer['id']}"
    back = {"unit_id": str(world.place.town_branch.id), "on": "2024-10-01"}
    assert problem(await world.manager.post(f"{path}/rejoin", json=back, version=1)) == (409, "officer.still_serves")
    await world.manager.post(f"{path}/leave", json={"on": "2023-12-31", "reason": "辞职"}, version=1)
    twin = await world.officer(world.place.other_town, id_number=number)
    assert problem(await world.manager.post(f"{path}/rejoin", json=back, version=2)) == (409, "officer.duplicate")
    await world.bureau.post(f"/v1/officers/{twin['id']}/leave", json={"on": "2024-09-30", "reason": "误登"}, version=1)
    dry = await world.manager.post(f"{path}/rejoin", params={"dry_run": "true"}, json=back, version=2)
    assert (dry.status_code, (await world.manager.get(path)).json()["version"]) == (200, 2)
    here = (await world.manager.post(f"{path}/rejoin", json=back, version=2)).json()
    assert ("left_on" in here, here["unit_id"]) == (False, str(world.place.town_branch.id))
    assert [(each["from_on"], each.get("to_on")) for each in here["units"]] == [
        ("2020-03-01", "2023-12-31"),
        ("2024-10-01", None),
    ]


async def test_an_auxiliary_becomes_an_officer_on_a_day(world: World) -> None:
    officer = await world.officer(kind="auxiliary")
    path = f"/v1/officers/{officer['id']}"
    wanted = {"kind": "officer", "on": "2024-09-01", "reason": "招录为公务员"}
    changed = (await world.manager.post(f"{path}/reclassify", json=wanted, version=1)).json()
    assert [(each["kind"], each["from_on"]) for each in changed["units"]] == [
        ("auxiliary", "2020-03-01"),
        ("officer", "2024-09-01"),
    ]
    again = await world.manager.post(f"{path}/reclassify", json=wanted, version=2)
    assert problem(again) == (409, "officer.same_kind")
    corrected = await world.manager.patch(path, json={"kind": "auxiliary"}, version=2)
    assert problem(corrected) == (409, "officer.kind_changed")
    with world.superuser() as connection:
        served = "SELECT kind, from_on::text, to_on::text FROM published.officer_service WHERE officer_id = %s ORDER BY 2"
        rows = connection.execute(served, [officer["id"]]).fetchall()
    assert rows == [("auxiliary", "2020-03-01", "2024-08-31"), ("officer", "2024-09-01", None)]


async def test_corrections_are_told_without_personal_data(world: World) -> None:
    officer = await world.officer(name="示例丁")
    path = f"/v1/officers/{officer['id']}"
    change = {"name": "示例戊", "posts": ["法制岗"], "hired_on": "2021-01-04", "id_number": id_number(90020), "kind": "auxiliary"}
    changed = await world.manager.patch(path, json=change, version=1)
    assert changed.status_code == 200, changed.text
    typed = await world.manager.patch(path, json={"id_type": "other"}, version=2)
    assert faults(typed) == [("/body/id_number", "missing")]
    assert (changed.json()["name"], changed.json()["posts"], changed.json()["kind"]) == ("示例戊", ["法制岗"], "auxiliary")
    [served] = changed.json()["units"]
    assert served == {"unit_id": str(world.place.town.id), "kind": "auxiliary", "from_on": "2021-01-04"}
    with world.superuser() as connection:
        query = "SELECT before::text || after::text FROM kit.audit_events WHERE object_id = %s AND action = 'officer.changed'"
        told = connection.execute(query, [officer["id"]]).fetchall()
    assert len(told) == 1
    assert "示**" in told[0][0]
    assert "示例" not in told[0][0]
    assert id_number(90020) not in told[0][0]


async def test_a_number_in_clear_has_its_reason_and_is_never_kept(world: World) -> None:
    officer = await world.officer(id_number=id_number(90030))
    path = f"/v1/officers/{officer['id']}/identity-disclosure"
    headers = {"Idempotency-Key": "look"}
    assert faults(await world.manager.post(path, json={})) == [("/body/reason", "missing")]
    for _ in range(2):
        shown = await world.manager.post(path, json={"reason": "办证"}, headers=headers)
        assert shown.json() == {"officer_id": officer["id"], "id_type": "resident", "id_number": id_number(90030)}
    assert "Idempotency-Replayed" not in shown.headers
    rehearsed = await world.manager.post(path, params={"dry_run": "true"}, json={"reason": "办证"})
    assert faults(rehearsed) == [("/query/dry_run", "not_allowed")], "it would show the number and leave no trace"
    below = await world.officer(world.place.town_branch)
    assert (
        await world.manager.post(f"/v1/officers/{below['id']}/identity-disclosure", json={"reason": "办证"})
    ).status_code == 404
    with world.superuser() as connection:
        query = "SELECT count(*) FROM kit.audit_events WHERE object_id = %s AND action = %s AND reason = '办证'"
        assert connection.execute(query, [officer["id"], "officer.identity_disclosed"]).fetchone() == (2,)


async def test_dry_runs_and_keys(world: World) -> None:
    body = world.officer_in(world.place.town)
    tried = await world.manager.post("/v1/officers", params={"dry_run": "true"}, json=body)
    assert tried.status_code == 201
    assert (await world.manager.get(f"/v1/officers/{tried.json()['id']}")).status_code == 404
    clerk = world.manager
    first, again = [await clerk.post("/v1/officers", json=body, headers={"Idempotency-Key": "o1"}) for _ in range(2)]
    assert (first.content, again.headers.get("Idempotency-Replayed")) == (again.content, "true")


async def test_pages_hold_the_order(world: World) -> None:
    listed = (await world.bureau.get("/v1/officers", params={"limit": 200})).json()["items"]
    whole = [item["id"] for item in listed]
    first = (await world.bureau.get("/v1/officers", params={"limit": 3, "count": "exact"})).json()
    second = (await world.bureau.get("/v1/officers", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [item["id"] for item in first["items"] + second["items"]] == whole[:6]
    assert first["count"] == len(whole)
    foreign = await world.officer(world.place.foreign_town)
    assert (await world.bureau.get(f"/v1/officers/{foreign['id']}")).status_code == 404
