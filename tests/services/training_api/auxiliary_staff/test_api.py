"""The public list of auxiliary staff: open, masked as configured, those who passed."""

from __future__ import annotations

from typing import Any

from services.training_api.auxiliary_staff import schemas
from tests.factories import personnel
from tests.factories.training import World, faults, made

PATH = "/v1/auxiliary-staff"


async def listed(world: World, **params: Any) -> list[dict[str, Any]]:
    answer = await world.client.get(PATH, params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    schemas.AuxiliaryPage.model_validate_json(answer.content)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_anybody_sees_who_passed_and_serves(world: World) -> None:
    place = world.place
    one, two, gone = [await world.officer(kind="auxiliary", name=f"示例{sign}某", posts=["协管"]) for sign in "子丑寅"]
    beside = await world.officer(place.other_town, kind="auxiliary", name="示例卯某")
    regular = await world.officer(name="示例辰某")
    assert await listed(world) == [], "nobody has passed yet"
    await personnel.passed(world, one, gone, beside, kinds=("auxiliary",), held_on="2024-03-09")
    await personnel.passed(world, one, kinds=("auxiliary",), held_on="2024-06-08")
    leave = {"on": "2024-10-14", "reason": "辞职"}
    await world.bureau.post(f"/v1/officers/{gone['id']}/leave", json=leave, version=1)
    own = {"unit_code": place.town.code, "unit_name": "示例甲镇", "posts": ["协管"], "name": "示***"}
    assert await listed(world, unit_code=place.town.code) == [own | {"exam_passed_on": "2024-06-08"}]
    everybody = await listed(world, unit_code=place.district.code)
    assert [item["unit_code"] for item in everybody] == [place.town.code, place.other_town.code]
    assert await listed(world, unit_code="000000") == []
    first = (await world.client.get(PATH, params={"limit": 1, "count": "exact"})).json()
    second = (await world.client.get(PATH, params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert (first["items"] + second["items"], first["count"]) == (everybody, 2)
    rule = {"valid_from": "2024-10-01", "public_list_name": "all_but_last", "public_list_needs_exam": False}
    made(await world.bureau.post("/v1/personnel-rules", json=rule))
    with world.superuser() as connection:
        published = connection.execute("SELECT officer_id::text FROM published.public_auxiliaries").fetchall()
    assert {row[0] for row in published} == {each["id"] for each in (one, two, beside)}, "what others read is the list"
    names = {(item["name"], "exam_passed_on" in item) for item in await listed(world, unit_code=place.town.code)}
    assert names == {("示例子*", True), ("示例丑*", False)}
    assert two["id"] not in str(everybody)
    assert regular["name"] not in str(await listed(world))
    made(await world.bureau.post("/v1/personnel-rules", json=rule | {"public_list_name": "hidden"}))
    assert all("name" not in item for item in await listed(world))
    assert faults(await world.client.get(PATH, params={"name": "示"})) == [("/query/name", "unknown_parameter")]
