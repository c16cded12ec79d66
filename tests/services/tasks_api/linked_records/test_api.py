"""What records refer to is looked up under the caller's rights: unseen, absent and void are one and the same named fault."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.kit import ids
from services.tasks_api.linked_records.queries import LINKED, Kind
from services.tasks_api.problems.rules import Origin
from services.tasks_api.registers.kinds import KINDS
from tests.factories.supervision import MONDAY, START, World

# An origin, the source it fits, and who sees the one of the town besides the bureau.
ORIGINS = [("complaint", "hotline"), ("inspection", "inspection"), ("survey", "survey"), ("rectification", "review")]


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


def problem(world: World, **changes: Any) -> dict[str, Any]:
    given = {"unit_id": str(world.place.town.id), "kind": "other", "source": "survey", "title": "演示", "description": "演示"}
    return given | {"found_on": str(MONDAY)} | changes


async def made(world: World, path: str, **body: Any) -> str:
    answer = await world.caller("bureau").post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def town_s(world: World, origin: str) -> str:
    """A record of the town that a problem may be made from."""
    town = str(world.place.town.id)
    if origin == "complaint":
        given = {"unit_id": town, "channel": "petition", "title": "演示", "content": "演示", "received_on": str(MONDAY)}
        return await made(world, "/v1/complaints", **given)
    if origin == "inspection":
        return await made(world, "/v1/inspections", **inspection(world))
    if origin == "survey":
        example = KINDS["satisfaction-surveys"].example | {"unit_id": town, "finished_on": "2025-05-01"}
        return await made(world, "/v1/registers/satisfaction-surveys/records", **example)
    row = (ids.new_id(), world.place.district.id, world.place.town.id, "示例案〔2025〕9号", MONDAY)
    world.run("INSERT INTO published.open_rectifications VALUES (%s, %s, %s, %s, %s)", *row)
    return str(row[0])


def inspection(world: World, **changes: Any) -> dict[str, Any]:
    town = str(world.place.town.id)
    given = {"unit_id": town, "unit_ids": [town], "off_plan_reason": "举报核查（演示）", "object_name": "示例公司", "officers": 2}
    return given | {"inspected_on": str(MONDAY), "result": "no_finding"} | changes


def fault(answer: httpx.Response) -> tuple[str, str]:
    assert answer.status_code == 400, answer.text
    [found] = answer.json()["errors"]
    return found["pointer"], found["code"]


@pytest.mark.parametrize(("origin", "source"), ORIGINS)
async def test_a_problem_names_a_record_that_is_there_and_seen(world: World, origin: str, source: str) -> None:
    known = await town_s(world, origin)

    async def listed(name: str, origin_id: str, **changes: Any) -> httpx.Response:
        named = {"source": source, "origin": {"type": origin, "id": origin_id}}
        return await world.caller(name).post("/v1/problems", json=problem(world, **named | changes))

    assert (await listed("bureau", known)).status_code == 201
    assert fault(await listed("bureau", str(ids.new_id()))) == ("/body/origin/id", "not_found")
    unseen = await listed("other_manager", known, unit_id=str(world.place.other_town.id))
    # Surveys are read by the whole district.
    assert unseen.status_code == 201 if origin == "survey" else fault(unseen) == ("/body/origin/id", "not_found")


async def test_a_void_record_is_no_origin(world: World) -> None:
    known = await town_s(world, "inspection")
    voided = await world.move(f"/v1/inspections/{known}", "void", "manager", {"note": "登记错误（演示）"})
    assert voided.status_code == 200
    named = problem(world, source="inspection", origin={"type": "inspection", "id": known})
    assert fault(await world.caller("bureau").post("/v1/problems", json=named)) == ("/body/origin/id", "not_found")


async def test_inspections_and_complaints_name_cases_draws_and_problems_that_are_seen(world: World) -> None:
    place, case_id, foreign = world.place, ids.new_id(), ids.new_id()
    known = "INSERT INTO published.case_files VALUES (%s, %s, %s, %s)"
    world.run(known, case_id, place.district.id, place.town.id, "榕演〔2025〕1号")
    world.run(known, foreign, place.foreign_district.id, place.foreign_town.id, "榕演〔2025〕2号")
    objects = [{"code": f"F{number:03}", "name": f"示例店{number}", "category": "演示"} for number in range(5)]
    draw = {"unit_id": str(place.town.id), "year": 2025, "title": "双随机（演示）", "objects": objects, "take_inspectors": 2}
    draw_id = await made(world, "/v1/random-draws", **draw, inspectors=[{"code": "13010001"}, {"code": "13010002"}])
    path, member = f"/v1/random-draws/{draw_id}", world.caller("member")
    refused = await member.post("/v1/inspections", json=inspection(world, draw_id=draw_id, case_file_id=str(case_id)))
    assert fault(refused) == ("/body/draw_id", "not_found")  # frozen, not drawn yet
    world.clock.pass_time(minutes=1)
    assert (await world.move(path, "seed", "bureau", {"seed": "骰子 77", "source": "公开掷骰（演示）"})).status_code == 200
    assert (await world.move(path, "draw", "bureau")).status_code == 200
    whole = await member.post("/v1/inspections", json=inspection(world, draw_id=draw_id, case_file_id=str(case_id)))
    assert whole.status_code == 201, whole.text
    unknown = await member.post("/v1/inspections", json=inspection(world, case_file_id=str(foreign)))
    assert fault(unknown) == ("/body/case_file_id", "not_found")
    complaint = f"/v1/complaints/{await town_s(world, 'complaint')}"
    elsewhere = (await world.caller("bureau").post("/v1/problems", json=problem(world, unit_id=str(place.other_town.id)))).json()
    assert fault(await world.move(complaint, "link", "manager", {"problem_id": elsewhere["id"]})) == (
        "/body/problem_id",
        "not_found",
    )
    assert fault(await world.move(complaint, "link", "manager", {"case_file_id": str(foreign)})) == (
        "/body/case_file_id",
        "not_found",
    )
    linked = await world.move(complaint, "link", "manager", {"case_file_id": str(case_id)})
    assert (linked.status_code, linked.json()["case_file_id"]) == (200, str(case_id))


def test_every_origin_is_looked_up() -> None:
    assert set(LINKED) == set(Kind) >= {Kind(origin.value) for origin in Origin}
