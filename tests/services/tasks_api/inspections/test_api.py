"""综合查一次 over HTTP: proposals in January, merged, approved by the government, changed with reason, carried out."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.kit import ids
from services.tasks_api.inspection_plans.schemas import InspectionPlanItemPage, InspectionPlanOut, PlanChangesOut
from services.tasks_api.inspection_proposals.schemas import InspectionProposalOut, InspectionProposalPage
from services.tasks_api.inspections.schemas import InspectionOut, InspectionPage
from tests.factories.supervision import World

PROPOSALS, PLANS, INSPECTIONS = "/v1/inspection-proposals", "/v1/inspection-plans", "/v1/inspections"
YEARS = itertools.count(2025)


@pytest.fixture
def year(world: World) -> int:
    """A year of the test's own, on the fifth of its January."""
    found = next(YEARS)
    world.clock.set_to(date(found, 1, 5))
    return found


def body(world: World, year: int, **changes: Any) -> dict[str, Any]:
    given = {
        "unit_id": str(world.place.town.id),
        "year": year,
        "object_name": "示例食品公司",
        "object_code": "91350111EXAMPLE01",
        "content": "食品安全（演示）",
        "basis": "食品安全法（演示）",
        "first_on": f"{year}-03-01",
        "last_on": f"{year}-05-31",
    }
    return given | changes


async def propose(world: World, year: int, name: str = "bureau", **changes: Any) -> InspectionProposalOut:
    answer = await world.caller(name).post(PROPOSALS, json=body(world, year, **changes))
    assert answer.status_code == 201, answer.text
    return InspectionProposalOut.model_validate_json(answer.content)


async def three(world: World, year: int) -> None:
    """Three departments want to see one company in spring, one of them another company too."""
    place = world.place
    await propose(world, year)
    await propose(world, year, unit_id=str(place.other_town.id), first_on=f"{year}-04-01", last_on=f"{year}-06-30")
    await propose(world, year, unit_id=str(place.bureau.id), first_on=f"{year}-05-01", last_on=f"{year}-12-31")
    await propose(world, year, object_code="91350111EXAMPLE02", object_name="另一示例公司")


async def begun(world: World, year: int) -> str:
    answer = await world.caller("bureau").post(PLANS, json={"year": year, "title": "综合查一次（演示）"})
    assert answer.status_code == 201, answer.text
    return f"{PLANS}/{answer.json()['id']}"


async def approved(world: World, year: int) -> str:
    await three(world, year)
    path = await begun(world, year)
    for verb, name in (("merge", "bureau"), ("submit", "bureau"), ("approve", "government")):
        assert (await world.move(path, verb, name)).status_code == 200, verb
    return path


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", answer.json().get("state"))


async def test_three_visits_become_one_and_the_government_approves(world: World, year: int) -> None:
    path = await begun(world, year)
    assert told(await world.move(path, "submit")) == (409, "inspection_plan.nothing_planned")
    await three(world, year)
    dry = await world.move(path, "merge", params={"dry_run": "true"})
    assert dry.json()["totals"]["wording"] == "4 次检查合并为 2 次"
    assert (await world.read(path))["totals"]["visits_after"] == 0
    merged = InspectionPlanOut.model_validate_json((await world.move(path, "merge")).content)
    assert (merged.totals.visits_before, merged.totals.visits_after, merged.totals.joint) == (4, 2, 1)
    again = await world.move(path, "merge")
    assert again.json()["totals"]["visits_after"] == 2
    listed = InspectionPlanItemPage.model_validate(await world.read(f"{path}/items", "member", visits_before__gte=2))
    [joint] = listed.items
    assert (joint.wording, str(joint.first_on), str(joint.last_on)) == ("3 次检查合并为 1 次", f"{year}-05-01", f"{year}-05-31")
    assert (joint.lead_unit_id, len(joint.unit_ids), len(joint.contents)) == (world.place.town.id, 3, 3)
    assert {one.state for one in InspectionProposalPage.model_validate(await world.read(PROPOSALS, year=year)).items} == {
        "merged"
    }
    assert told(await world.move(path, "submit")) == (200, "submitted")
    assert (await world.move(path, "approve", "bureau")).status_code == 403
    assert (await world.move(path, "return", "government")).status_code == 400
    assert told(await world.move(path, "return", "government", {"note": "请核减"})) == (200, "draft")
    await world.move(path, "submit")
    version = (await world.read(path))["version"]
    both = (world.move(path, verb, "government", {"note": "审定"}, version=version) for verb in ("approve", "approve"))
    assert sorted(answer.status_code for answer in await asyncio.gather(*both)) == [200, 412]
    assert told(await world.move(path, "merge")) == (409, "inspection_plan.illegal_move")
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", path.rpartition("/")[2])
    past = ["begun", "merged", "merged", "submitted", "returned", "submitted", "approved"]
    assert [row.action for row in trail] == [f"inspection_plan.{verb}" for verb in past]


async def test_late_proposals_need_a_reason_and_stay_late(world: World, year: int) -> None:
    path = await approved(world, year)
    world.clock.set_to(date(year, 1, 11))
    refused = await world.caller("manager").post(PROPOSALS, json=body(world, year))
    assert refused.json()["errors"][0]["pointer"] == "/body/late_reason"
    late = await propose(world, year, "member", late_reason="上级新部署", object_code="LATE-1")
    assert (late.late, late.allowed_actions) == (True, ["withdraw"])
    change = {"kind": "add", "reason": "并入新增检查"}
    changed = await world.move(path, "changes", body=change)
    assert (changed.status_code, changed.json()["totals"]["visits_after"]) == (200, 3)
    assert told(await world.move(f"{PROPOSALS}/{late.id}", "withdraw", "member")) == (409, "inspection_proposal.not_proposed")
    visits = (await world.items(f"{path}/items", sort="-first_on"))[0]["id"]
    moved = {"kind": "reschedule", "item_id": visits, "first_on": f"{year}-09-01", "last_on": f"{year}-09-30", "reason": "雨季"}
    assert (await world.move(path, "changes", body=moved)).status_code == 200
    outside = await world.move(path, "changes", body=moved | {"last_on": f"{year + 1}-01-01"})
    assert outside.json()["errors"][0]["pointer"] == "/body/last_on"
    unknown = await world.move(path, "changes", body=moved | {"item_id": str(ids.new_id())})
    assert unknown.json()["errors"][0]["pointer"] == "/body/item_id"
    assert (await world.move(path, "changes", body={"kind": "drop", "item_id": visits, "reason": "企业注销"})).status_code == 200
    assert told(await world.move(path, "changes", body=moved)) == (409, "inspection_plan.item_not_active")
    kept = PlanChangesOut.model_validate(await world.read(f"{path}/changes"))
    assert [(one.kind, one.reason) for one in kept.items] == [
        ("add", "并入新增检查"),
        ("reschedule", "雨季"),
        ("drop", "企业注销"),
    ]


async def test_what_was_carried_out(world: World, year: int) -> None:
    path = await approved(world, year)
    [joint] = await world.items(f"{path}/items", visits_before__gte=2)
    world.clock.set_to(date(year, 5, 12))
    given: dict[str, Any] = {
        "unit_id": str(world.place.town.id),
        "unit_ids": joint["unit_ids"],
        "plan_item_id": joint["id"],
        "inspected_on": f"{year}-05-12",
        "officers": 6,
        "result": "ordered_to_correct",
    }
    early = await world.caller("member").post(INSPECTIONS, json=given | {"inspected_on": f"{year}-05-13"})
    assert early.json()["errors"][0]["pointer"] == "/body/inspected_on"
    made = await world.caller("member").post(INSPECTIONS, json=given)
    found = InspectionOut.model_validate_json(made.content)
    assert (found.object_name, found.visits_saved) == ("示例食品公司", 2)
    assert told(await world.caller("member").post(INSPECTIONS, json=given)) == (409, "inspection.item_not_active")
    assert (await world.read(path))["totals"]["done"] == 1
    # Whoever took part sees it, whoever did not does not.
    assert (await world.caller("other_member").get(f"{INSPECTIONS}/{found.id}")).status_code == 200
    assert (await world.caller("branch_manager").get(f"{INSPECTIONS}/{found.id}")).status_code == 404
    assert (await world.move(f"{INSPECTIONS}/{found.id}", "void", "manager")).status_code == 400
    voided = await world.move(f"{INSPECTIONS}/{found.id}", "void", "manager", {"note": "登记错误"})
    assert (voided.json()["state"], (await world.read(path))["totals"]["done"]) == ("void", 0)
    assert told(await world.move(f"{INSPECTIONS}/{found.id}", "void", body={"note": "再次"})) == (409, "inspection.already_void")
    again = await asyncio.gather(*(world.caller("member").post(INSPECTIONS, json=given) for _ in range(2)))
    assert sorted(answer.status_code for answer in again) == [201, 409]
    off_plan = {key: value for key, value in given.items() if key != "plan_item_id"} | {"object_name": "临检对象（演示）"}
    refused = await world.caller("member").post(INSPECTIONS, json=off_plan)
    assert refused.json()["errors"][0]["pointer"] == "/body/off_plan_reason"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"unit_ids": [str(world.place.other_town.id)]}, "/body/unit_ids"),
        ({"unit_ids": [str(world.place.town.id), str(world.place.foreign_town.id)]}, "/body/unit_ids/1"),
        ({"unit_ids": [str(world.place.town.id)] * 2}, "/body/unit_ids/1"),
        ({"unit_id": str(ids.new_id())}, "/body/unit_id"),
        ({"officers": 1}, "/body/officers"),
        ({"object_name": None}, "/body/object_name"),
    ]
    for changes, pointer in cases:
        bad = await world.caller("member").post(INSPECTIONS, json=off_plan | {"off_plan_reason": "举报核查"} | changes)
        assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (400, pointer), changes
    beside = await world.caller("member").post(INSPECTIONS, json=off_plan | {"off_plan_reason": "举报核查"})
    assert beside.status_code == 201
    listed = InspectionPage.model_validate(await world.read(INSPECTIONS, planned="false", unit_id=str(world.place.other_town.id)))
    assert [str(one.id) for one in listed.items] == [beside.json()["id"]]
    setting = {"valid_from": f"{year}-05-12", "value": {"required": True}, "reading": "入企须扫码（演示）"}
    assert (await world.caller("bureau").post("/v1/supervision-settings/inspection_codes", json=setting)).status_code == 201
    codeless = off_plan | {"off_plan_reason": "举报核查", "enterprise": True}
    missing = await world.caller("member").post(INSPECTIONS, json=codeless)
    assert missing.json()["errors"][0]["pointer"] == "/body/check_code"
    coded = await world.caller("member").post(INSPECTIONS, json=codeless | {"check_code": "JCM-0001"})
    assert coded.status_code == 201


async def test_bad_proposals_and_who_may(world: World, year: int) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"unit_id": str(ids.new_id())}, "/body/unit_id"),
        ({"unit_id": str(world.place.foreign_town.id)}, "/body/unit_id"),
        ({"first_on": f"{year - 1}-12-31"}, "/body/first_on"),
        ({"last_on": f"{year}-02-01"}, "/body/last_on"),
        ({"object_code": "空 格"}, "/body/object_code"),
    ]
    for changes, pointer in cases:
        refused = await world.caller("bureau").post(PROPOSALS, json=body(world, year, **changes))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), changes
    world.run("UPDATE directory.units SET valid_to = %s WHERE id = %s", date(year, 1, 4), world.place.other_town.id)
    gone = await world.caller("bureau").post(PROPOSALS, json=body(world, year, unit_id=str(world.place.other_town.id)))
    world.run("UPDATE directory.units SET valid_to = NULL WHERE id = %s", world.place.other_town.id)
    assert gone.json()["errors"][0]["code"] == "unit.not_in_force"
    assert told(await world.caller("bureau").post(PROPOSALS, json=body(world, year + 1))) == (409, "inspection_proposal.not_open")
    world.clock.pass_time(days=-30)
    before = await world.caller("bureau").post(PROPOSALS, json=body(world, year - 2, first_on=f"{year}-03-01"))
    assert told(before) == (409, "inspection_proposal.year_over")
    world.clock.pass_time(days=30)
    many = {"items": [body(world, year), body(world, year, first_on="2000-01-01")]}
    done = await world.caller("manager").post(f"{PROPOSALS}/batch", json=many)
    assert [item["status"] for item in done.json()["items"]] == [201, 400]
    for name, status in {"government": 403, "platform": 403, "other_manager": 400, "auditor": 403}.items():
        assert (await world.caller(name).post(PROPOSALS, json=body(world, year))).status_code == status, name
    made = await propose(world, year, "member")
    assert (await world.move(f"{PROPOSALS}/{made.id}", "withdraw", "other_manager")).status_code == 403
    assert (await world.caller("member").post(f"{PROPOSALS}/{made.id}/withdraw")).status_code == 428
    assert told(await world.move(f"{PROPOSALS}/{made.id}", "withdraw", "member")) == (200, "withdrawn")
    for name in ("manager", "member", "government", "platform"):
        assert (await world.caller(name).post(PLANS, json={"year": year, "title": "演示"})).status_code == 403, name
    path = await begun(world, year)
    twice = await world.caller("bureau").post(PLANS, json={"year": year, "title": "演示"})
    assert told(twice) == (409, "duplicate")
    for name, status in {"member": 200, "foreign_bureau": 404, "admin": 403}.items():
        assert (await world.caller(name).get(path)).status_code == status, name
        assert (await world.caller(name).get(f"{path}/items")).status_code == status, name
    await world.move(path, "merge")
    [item, *_] = await world.items(f"{path}/items")
    unapproved = {"unit_id": item["lead_unit_id"], "unit_ids": item["unit_ids"], "plan_item_id": item["id"], "officers": 2}
    refused = await world.caller("bureau").post(
        INSPECTIONS, json=unapproved | {"inspected_on": str(date(year, 1, 5) - timedelta(0)), "result": "no_finding"}
    )
    assert told(refused) == (409, "inspection.plan_not_approved")
