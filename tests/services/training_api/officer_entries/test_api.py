"""Officers that come in by batches: each item's outcome, repeats, all or nothing, few statements."""

from __future__ import annotations

import asyncio
from typing import Any

from services.kit.principal import Role
from tests import client
from tests.factories.training import World, faults, id_number, problem


async def test_a_batch_answers_each_item(world: World) -> None:
    good, twin = (world.officer_in(world.place.town) for _ in range(2))
    wrong = world.officer_in(world.place.town, id_number="12345678")
    items = [good, wrong, twin | {"id_number": good["id_number"]}, twin]
    answer = await world.manager.post("/v1/officers/batch", json={"items": items})
    outcomes = answer.json()["items"]
    assert [outcome["status"] for outcome in outcomes] == [201, 400, 409, 201]
    assert outcomes[1]["problem"]["errors"][0]["pointer"] == "/body/items/1/id_number"
    assert outcomes[2]["problem"]["code"] == "officer.duplicate"
    with world.superuser() as connection:
        done = [outcome["id"] for outcome in outcomes if outcome["status"] == 201]
        told = "SELECT count(*) FROM kit.audit_events WHERE object_id = ANY (%s)"
        assert connection.execute(told, [done]).fetchone() == (2,)


async def test_an_atomic_batch_is_all_or_nothing(world: World) -> None:
    good, wrong = world.officer_in(world.place.town), world.officer_in(world.place.town, id_number="12345678")
    refused = await world.manager.post("/v1/officers/batch", json={"atomic": True, "items": [good, wrong]})
    assert (problem(refused), faults(refused)) == (
        (400, "batch.refused"),
        [("/body/items/1/id_number", "officer.id_number")],
    )
    found = await world.manager.post("/v1/officers/search", json={"id_number": good["id_number"]})
    assert found.json()["items"] == []
    assert (await world.manager.post("/v1/officers/batch", json={"atomic": True, "items": [good]})).status_code == 200
    many: dict[str, Any] = {"items": [good] * 501}
    assert faults(await world.manager.post("/v1/officers/batch", json=many)) == [("/body/items", "too_long")]


async def test_the_platform_sends_officers_again_and_again(world: World) -> None:
    platform = world.caller(Role.PLATFORM)
    body = world.officer_in(world.place.town, external_id="EXT-7")
    nameless = world.officer_in(world.place.town)
    first = (await platform.post("/v1/officers/batch", json={"items": [body, nameless]})).json()["items"]
    assert [outcome["status"] for outcome in first] == [201, 400]
    again = await platform.post("/v1/officers/batch", json={"items": [body | {"posts": ["新岗"]}]})
    assert again.json()["items"][0] == {"index": 0, "status": 200, "id": first[0]["id"], "problem": None}
    assert (await platform.get(f"/v1/officers/{first[0]['id']}")).json()["posts"] == ["新岗"]
    elsewhere = body | {"unit_id": str(world.place.other_town.id)}
    moved = (await platform.post("/v1/officers/batch", json={"items": [elsewhere]})).json()["items"]
    assert (moved[0]["status"], moved[0]["problem"]["code"]) == (409, "officer.other_unit")
    single = await platform.post("/v1/officers", json=world.officer_in(world.place.town, external_id="EXT-7"))
    assert problem(single) == (409, "officer.duplicate_external_id")


async def test_a_full_batch_comes_in_with_few_statements(world: World) -> None:
    platform = world.caller(Role.PLATFORM)
    items = [world.officer_in(world.place.town, external_id=f"FULL-{place}") for place in range(500)]
    with client.statements(world.runtime.database) as statements:
        first = await platform.post("/v1/officers/batch", json={"items": items})
    assert {outcome["status"] for outcome in first.json()["items"]} == {201}, first.text[:300]
    assert len(statements) < 40, len(statements)
    again = await platform.post("/v1/officers/batch", json={"items": items})
    assert [outcome["id"] for outcome in again.json()["items"]] == [outcome["id"] for outcome in first.json()["items"]]
    assert {outcome["status"] for outcome in again.json()["items"]} == {200}
    with world.superuser() as connection:
        told = "SELECT count(*) FROM kit.audit_events WHERE object_id = ANY (%s)"
        ids = [outcome["id"] for outcome in first.json()["items"]]
        assert connection.execute(told, [ids]).fetchone() == (500,), "a repeat without news changes nothing"


async def test_one_batch_names_a_person_and_an_external_id_once(world: World) -> None:
    one, two, three = (world.officer_in(world.place.town) for _ in range(3))
    items = [
        one | {"external_id": "TWICE"},
        two | {"external_id": "TWICE"},
        three | {"id_number": one["id_number"]},
    ]
    outcomes = (await world.manager.post("/v1/officers/batch", json={"items": items})).json()["items"]
    assert [outcome["status"] for outcome in outcomes] == [201, 400, 409]
    assert outcomes[1]["problem"]["errors"][0]["code"] == "repeated"
    # What another unit's officer is called outside is told to nobody but as taken.
    other = world.caller(Role.UNIT_MANAGER, world.place.other_town)
    taken = world.officer_in(world.place.other_town, external_id="TWICE")
    [refused] = (await other.post("/v1/officers/batch", json={"items": [taken]})).json()["items"]
    assert refused["problem"]["code"] == "officer.duplicate_external_id"


async def test_a_batch_corrects_what_is_news(world: World) -> None:
    known = world.officer_in(world.place.town, external_id="NEWS", name="示例旧名")
    fresh = world.officer_in(world.place.town, external_id="FRESH")
    await world.manager.post("/v1/officers/batch", json={"items": [known]})
    corrected = known | {"name": "示例新名", "hired_on": "2021-05-06", "id_number": id_number(90100)}
    outcomes = (await world.manager.post("/v1/officers/batch", json={"items": [fresh, corrected]})).json()["items"]
    assert [outcome["status"] for outcome in outcomes] == [201, 200]
    read = (await world.manager.get(f"/v1/officers/{outcomes[1]['id']}")).json()
    assert (read["name"], read["hired_on"], read["version"]) == ("示例新名", "2021-05-06", 2)
    found = await world.manager.post("/v1/officers/search", json={"id_number": id_number(90100)})
    assert [item["id"] for item in found.json()["items"]] == [outcomes[1]["id"]]
    gone = await world.manager.post("/v1/officers/search", json={"id_number": known["id_number"]})
    assert gone.json()["items"] == []


async def test_two_at_once_make_one_person(world: World) -> None:
    body = world.officer_in(world.place.town)
    answers = await asyncio.gather(*(world.bureau.post("/v1/officers", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {problem(answer) for answer in answers if answer.status_code != 201} == {(409, "officer.duplicate")}
