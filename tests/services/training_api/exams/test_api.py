"""Exams over HTTP: results by batches, published, taken up again, void."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.kit.principal import Role
from services.training_api.exams import schemas
from tests.factories import personnel
from tests.factories.training import World, faults, made, problem

PATH = "/v1/exams"


async def test_an_exam_counts_what_its_candidates_came_to(world: World) -> None:
    one, two, three = [await world.officer() for _ in range(3)]
    beside = await world.officer(world.place.other_town)
    exam = await personnel.exam(world)
    results: dict[str, float | None] = {one["id"]: 60.0, two["id"]: 59.5, three["id"]: None, beside["id"]: 90.0}
    outcomes = await personnel.record(world, exam["id"], results)
    assert [(outcome["status"], outcome["id"]) for outcome in outcomes] == [(200, key) for key in results]
    read = schemas.ExamOut.model_validate((await world.bureau.get(f"{PATH}/{exam['id']}")).json())
    assert read.counts.model_dump() == {"passed": 2, "failed": 1, "absent": 1}
    platform = (await world.caller(Role.PLATFORM).get(f"{PATH}/{exam['id']}")).json()
    assert (platform["counts"], platform["allowed_actions"]) == ({"passed": 2, "failed": 1, "absent": 1}, [])
    own = (await world.manager.get(f"{PATH}/{exam['id']}")).json()
    assert own["counts"] == {"passed": 1, "failed": 1, "absent": 1}, "the unit's leader sees the own officers"
    listed = await world.manager.get(f"{PATH}/{exam['id']}/results")
    page = schemas.ResultPage.model_validate_json(listed.content)
    assert {(str(item.officer_id), item.outcome.value) for item in page.items} == {
        (one["id"], "passed"),
        (two["id"], "failed"),
        (three["id"], "absent"),
    }
    failed = await world.bureau.get(f"{PATH}/{exam['id']}/results", params={"outcome": "failed"})
    assert [(item["officer_id"], item["points"]) for item in failed.json()["items"]] == [(two["id"], 59.5)]


async def test_results_count_once_published_and_no_longer_when_taken_up_again(world: World) -> None:
    officer = await world.officer()
    exam = await personnel.exam(world)
    path = f"{PATH}/{exam['id']}"
    assert problem(await world.bureau.post(f"{path}/publish", version=1)) == (409, "exam.no_results")
    await personnel.record(world, exam["id"], {officer["id"]: 55})
    raised = await world.bureau.patch(path, json={"pass_points": 50}, version=1)
    assert (raised.json()["pass_points"], raised.json()["counts"]["passed"]) == (50, 1)

    def counts() -> Any:
        with world.superuser() as connection:
            query = "SELECT count(*) FROM published.exam_passes WHERE officer_id = %s"
            return connection.execute(query, [officer["id"]]).fetchone()

    assert counts() == (0,)
    dry = await world.bureau.post(f"{path}/publish", params={"dry_run": "true"}, version=2)
    assert (dry.json()["state"], counts()) == ("published", (0,))
    assert (await world.bureau.post(f"{path}/publish", version=2)).json()["state"] == "published"
    assert counts() == (1,)
    late = await world.bureau.post(f"{path}/results/batch", json={"items": [{"officer_id": officer["id"], "points": 1}]})
    assert problem(late) == (409, "exam.illegal_move")
    assert (await world.bureau.post(f"{path}/reopen", json={"reason": "阅卷有误"}, version=3)).status_code == 200
    assert counts() == (0,)
    await personnel.record(world, exam["id"], {officer["id"]: 40})
    assert (await world.bureau.post(f"{path}/publish", version=4)).json()["counts"]["failed"] == 1
    assert (await world.bureau.post(f"{path}/void", json={"reason": "泄题"}, version=5)).json()["state"] == "void"
    with world.superuser() as connection:
        query = "SELECT action, reason FROM kit.audit_events WHERE object_id = %s AND reason IS NOT NULL ORDER BY recorded_at, id"
        assert connection.execute(query, [exam["id"]]).fetchall() == [("exam.reopened", "阅卷有误"), ("exam.voided", "泄题")]


async def test_each_bad_result_is_told_and_the_good_ones_stand(world: World) -> None:
    officer, auxiliary = await world.officer(), await world.officer(kind="auxiliary")
    foreign = await world.officer(world.place.foreign_town)
    exam = await personnel.exam(world)
    results: dict[str, float | None] = {auxiliary["id"]: 70.0, foreign["id"]: 70.0, officer["id"]: 70.0}
    outcomes = await personnel.record(world, exam["id"], results)
    assert [outcome["status"] for outcome in outcomes] == [400, 400, 200]
    codes = [outcome["problem"]["errors"][0]["code"] for outcome in outcomes[:2]]
    assert codes == ["exam.other_kind", "not_found"]
    twice = [{"officer_id": officer["id"], "points": 1}, {"officer_id": officer["id"], "points": 2}]
    atomic = await world.bureau.post(f"{PATH}/{exam['id']}/results/batch", json={"items": twice, "atomic": True})
    assert faults(atomic) == [("/body/items/1/officer_id", "repeated")]
    kept = await world.bureau.get(f"{PATH}/{exam['id']}/results")
    assert [item["points"] for item in kept.json()["items"]] == [70]


async def test_a_unit_holds_exams_of_its_own_auxiliaries_alone(world: World) -> None:
    body = personnel.exam_in(world, unit_id=str(world.place.town.id), kind="auxiliary")
    exam = made(await world.manager.post(PATH, json=body))
    assert exam["allowed_actions"] == ["change", "record", "publish", "void"]
    general = await world.manager.post(PATH, json=body | {"kind": "general"})
    assert problem(general) == (403, "exam.bureau_only")
    beside = await world.manager.post(PATH, json=body | {"unit_id": str(world.place.other_town.id), "pass_points": 101})
    assert faults(beside) == [("/body/pass_points", "exam.pass_mark"), ("/body/unit_id", "not_found")]
    early = made(await world.bureau.post(PATH, json=personnel.exam_in(world, held_on="2024-10-16")))
    officer = await world.officer()
    await personnel.record(world, early["id"], {officer["id"]: 70})
    refused = await world.bureau.post(f"{PATH}/{early['id']}/publish", version=1)
    assert faults(refused) == [("/body/held_on", "in_future")]


READ = {"read": 200, "results": 200}
NONE = {"change": 403, "record": 403, "publish": 403, "void": 403}
TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", READ | {"change": 200, "record": 200, "publish": 200, "void": 200}),
    "bureau_elsewhere": (
        Role.BUREAU,
        "foreign_district",
        {"read": 404, "results": 200, "change": 404, "record": 404, "publish": 404, "void": 404},
    ),
    "manager": (Role.UNIT_MANAGER, "town", READ | {"change": 404, "record": 404, "publish": 404, "void": 404}),
    "member": (Role.UNIT_MEMBER, "town", READ | NONE),
    "platform": (Role.PLATFORM, "district", READ | NONE),
    "government": (Role.GOVERNMENT, "district", NONE | {"read": 403, "results": 403}),
    "system_admin": (Role.SYSTEM_ADMIN, "", NONE | {"read": 403, "results": 403}),
    "auditor": (Role.AUDITOR, "", NONE | {"read": 403, "results": 403}),
}


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    officer = await world.officer()
    result = {"items": [{"officer_id": officer["id"], "points": 70}]}
    found = {}
    for operation in expected:
        exam = await personnel.exam(world)
        await personnel.record(world, exam["id"], {officer["id"]: 61})
        calls: Mapping[str, tuple[str, str, dict[str, Any] | None]] = {
            "read": ("GET", "", None),
            "results": ("GET", "/results", None),
            "change": ("PATCH", "", {"title": "更名（演示）"}),
            "record": ("POST", "/results/batch", result),
            "publish": ("POST", "/publish", None),
            "void": ("POST", "/void", {"reason": "作废"}),
        }
        method, rest, body = calls[operation]
        answer = await caller.request(method, f"{PATH}/{exam['id']}{rest}", version=1, json=body)
        found[operation] = answer.status_code
        if name == "bureau_elsewhere" and operation == "results":
            assert answer.json()["items"] == []
    assert found == dict(expected)
