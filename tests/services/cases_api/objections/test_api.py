"""Objections and rectifications over HTTP: once, in time, decided by somebody not involved; put right, checked, struck off."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.objections.schemas import ObjectionOut
from services.cases_api.rectifications import rules as rectifying
from services.cases_api.rectifications.schemas import RectificationOut
from services.kit import clock, ids
from services.kit.principal import Role
from tests.client import Caller
from tests.factories.reviews import World, good
from tests.services.cases_api.arbitrations.disputes import FINDING, Dispute, dispute, town_file
from tests.services.cases_api.assignment_runs.rounds import outsider, reviewer
from tests.services.cases_api.review_bundles.test_bundle import bent, verdict

REJECTED = {"decision": "扣分有据"}
LEARN = {"about": "other", "text": "组织复训（示例）"}
AFTER = ("objections", "rectifications")
# What bends the archive's record of an objection, and what its check says.
BENT = [
    ('"state" : "upheld"', '"state" : "rejected"', "does not follow from its sheets"),
    ('"decider" : "P[0-9]+"', '"decider" : "INVOLVED"', "decided by somebody involved"),
]


@pytest.fixture(scope="module", autouse=True)
def stock(world: World) -> None:
    """One closed file of the town, and a calendar in which every day is worked on."""
    town_file(world)
    days = (
        "INSERT INTO directory.working_days (day, working, kind)"
        " SELECT d::date, true, 'working' FROM generate_series(%s::date, %s::date, '1 day') d"
    )
    this_year = clock.local_day(clock.now()).year
    world.connection.execute(f"{days} ON CONFLICT DO NOTHING", [date(this_year, 1, 1), date(this_year + 1, 12, 31)])


@pytest.fixture(autouse=True)
def nobody(world: World) -> Iterator[None]:
    """Each test brings its own reviewers."""
    yield
    world.connection.execute("UPDATE published.accounts SET active = false")


async def published(world: World) -> tuple[Dispute, dict[str, Any]]:
    """A round whose reviews agree on one deduction, published, and its result."""
    found = await dispute(world, qualified=0)
    await found.submit(0, FINDING)
    await found.submit(1, FINDING)
    await found.turn.act("publish")
    by_round = {"round_id": found.pair[0][1]["round_id"]}
    return found, good(await world.manager().get("/v1/results", params=by_round))["items"][0]


async def filed(world: World, result: dict[str, Any]) -> dict[str, Any]:
    body = {"result_id": result["id"], "text": "时间已在笔录第3页载明"}
    return good(await world.manager().post("/v1/objections", json=body))


async def given(world: World, made: dict[str, Any]) -> tuple[Caller, dict[str, Any]]:
    """The objection given to somebody new."""
    decider = outsider(world)
    path, body = f"/v1/objections/{made['id']}/assign", {"account_id": str(decider)}
    return reviewer(world, decider), good(await world.bureau.post(path, json=body, version=made["version"]))


async def refused(answer: Any, code: str, status: int = 409) -> None:
    found = await answer
    assert (found.status_code, found.json()["code"]) == (status, code), found.text


async def test_an_upheld_objection_changes_the_result_and_keeps_its_history(world: World, tmp_path: Path) -> None:
    found, result = await published(world)
    made = await filed(world, result)
    ObjectionOut.model_validate(made)
    today = clock.local_day(clock.now())
    assert (made["state"], made["decide_by"]) == ("filed", str(today + timedelta(days=10)))
    again = {"result_id": result["id"], "text": "再提"}
    await refused(world.manager().post("/v1/objections", json=again), "objection.already_filed")
    for _, one in found.pair:
        named = {"account_id": one["account_id"]}
        await refused(world.bureau.post(f"/v1/objections/{made['id']}/assign", json=named, version=1), "objection.involved")
    own = {"account_id": str(outsider(world, world.place.town))}
    await refused(world.bureau.post(f"/v1/objections/{made['id']}/assign", json=own, version=1), "objection.involved")
    who, made = await given(world, made)
    assert (made["state"], (await who.get(f"/v1/case-files/{found.case_file_id}")).status_code) == ("assigned", 200)
    await refused(
        world.bureau.post(f"/v1/objections/{made['id']}/reject", json=REJECTED, version=2), "objection.other_decider", 403
    )
    path = f"/v1/objections/{made['id']}/uphold"
    wrong = {"decision": "异议成立", "sheet": {"items": [FINDING | {"item_key": "absent"}]}}
    answer = await who.post(path, json=wrong, version=2)
    assert answer.json()["errors"][0]["pointer"] == "/body/sheet/items/0/item_key"
    dry = {"decision": "异议成立", "sheet": {"items": []}}
    good(await who.post(path, json=dry, version=2, params={"dry_run": "true"}))
    assert good(await world.manager().get(f"/v1/results/{result['id']}"))["total"] == 96
    done = good(await who.post(path, json=dry, version=2))
    assert (done["state"], done["total_before"], done["allowed_actions"]) == ("upheld", 96, [])
    after = good(await world.manager().get(f"/v1/results/{result['id']}"))
    assert (after["total"], after["basis"], after["objection_id"], after["is_final"]) == (100, "objection", made["id"], True)
    history = good(await world.manager().get(f"/v1/results/{result['id']}/versions"))["items"]
    assert [(each["cause"], each["total"]) for each in history] == [("objection", 100), ("published", 96)]
    assert world.rows("SELECT count(*) FROM kit.audit_events WHERE action = 'result.corrected' AND object_id = %s",
                      result["id"]) == [(1,)]  # fmt: skip
    good(await world.bureau.post("/v1/rectifications", json={"result_id": result["id"], "items": [LEARN]}))
    archive = (await world.bureau.get(f"/v1/review-campaigns/{result['campaign_id']}/bundle")).content
    assert verdict(tmp_path, archive)[0] == 0
    involved = json.loads(zipfile.ZipFile(io.BytesIO(archive)).read("sheets.jsonl").splitlines()[0])["reviewer"]
    for old, new, said in BENT:
        code, told = verdict(
            tmp_path,
            bent(
                archive,
                "objections.jsonl",
                lambda text, o=old, n=new: re.sub(o, n.replace("INVOLVED", involved), text),
                rehash=True,
            ),
        )
        assert (code, said in told) == (1, True)
    entries = zipfile.ZipFile(io.BytesIO(archive))
    assert [json.loads(entries.read(f"{name}.jsonl"))["text" if name == "objections" else "items"] for name in AFTER] == [
        "时间已在笔录第3页载明", [LEARN],
    ]  # fmt: skip


async def test_a_rejected_one_leaves_the_result_and_a_late_one_is_refused(world: World) -> None:
    _, result = await published(world)
    who, made = await given(world, await filed(world, result))
    done = good(await who.post(f"/v1/objections/{made['id']}/reject", json=REJECTED, version=2))
    assert (done["state"], done["decision"]) == ("rejected", "扣分有据")
    assert good(await world.manager().get(f"/v1/results/{result['id']}"))["basis"] == "reviews"
    await refused(world.manager().post(f"/v1/objections/{made['id']}/withdraw", version=3), "objection.illegal_move")
    _, other = await published(world)
    world.connection.execute(
        "UPDATE cases.results SET published_at = published_at - interval '6 days' WHERE id = %s", [other["id"]]
    )
    body = {"result_id": other["id"], "text": "迟了"}
    await refused(world.manager().post("/v1/objections", json=body), "objection.too_late")
    foreign = world.manager(world.place.other_town)
    assert (await foreign.post("/v1/objections", json=body)).status_code == 404
    assert (await foreign.get(f"/v1/objections/{made['id']}")).status_code == 404


async def test_what_was_found_is_put_right_checked_by_another_and_struck_off(world: World) -> None:
    _, result = await published(world)
    made = good(await world.bureau.post("/v1/rectifications", json={"result_id": result["id"]}))
    RectificationOut.model_validate(made)
    assert made["items"] == [{"about": "item", "key": "clear", "text": "事实清楚：时间表述不清"}]
    assert (made["due_on"], made["priority"]) == (str(clock.local_day(clock.now()) + timedelta(days=30)), "normal")
    await refused(world.bureau.post("/v1/rectifications", json={"result_id": result["id"]}), "rectification.already_ordered")
    path = f"/v1/rectifications/{made['id']}"
    await refused(world.bureau.post(f"{path}/close", json={"note": "已核"}, version=1), "rectification.illegal_move")
    clerk = world.caller(Role.UNIT_MEMBER, unit=world.place.town)
    absent = await clerk.post(f"{path}/report", json={"report": "已补正", "attachment_ids": [str(ids.new_id())]}, version=1)
    assert absent.json()["errors"][0]["pointer"] == "/body/attachment_ids/0"
    good(await clerk.post(f"{path}/report", json={"report": "已补正"}, version=1))
    good(await world.bureau.post(f"{path}/return", json={"note": "缺证明"}, version=2))
    good(await clerk.post(f"{path}/report", json={"report": "已补证明"}, version=3))
    done = good(await world.bureau.post(f"{path}/close", json={"note": "已核"}, version=4))
    assert (done["state"], done["is_overdue"], done["allowed_actions"]) == ("closed", False, [])
    assert (await world.manager(world.place.other_town).get(path)).status_code == 404
    assert (await clerk.post(f"{path}/close", json={"note": "x"}, version=5)).status_code == 403


async def test_what_comes_back_another_year_has_priority_and_suggests_a_course_and_late_ones_show(world: World) -> None:
    _, before = await published(world)
    good(await world.bureau.post("/v1/rectifications", json={"result_id": before["id"]}))
    world.connection.execute("UPDATE cases.rectifications SET year = 2024")
    _, result = await published(world)
    made = good(await world.bureau.post("/v1/rectifications", json={"result_id": result["id"]}))
    assert (made["priority"], made["repeated_keys"]) == ("high", ["item:clear"])
    assert made["suggested_course"] == "同类问题往年已发现，建议安排专题培训：事实清楚"
    world.connection.execute("UPDATE cases.rectifications SET due_on = '2025-01-01' WHERE id = %s", [made["id"]])
    late = good(await world.manager().get("/v1/rectifications", params={"is_overdue": "true"}))["items"]
    assert [each["id"] for each in late] == [made["id"]]
    (row,) = world.rows("SELECT unit_id, due_on, items FROM published.open_rectifications WHERE id = %s", made["id"])
    assert row == (world.place.town.id, date(2025, 1, 1), 1)


def test_who_reported_does_not_check() -> None:
    me, other = UUID(int=1), UUID(int=2)
    for verb in ("close", "return"):
        same = rectifying.why_not_check(verb, rectifying.State.REPORTED, me, me)
        assert isinstance(same, rectifying.SamePerson)
        assert rectifying.why_not_check(verb, rectifying.State.REPORTED, me, other) is None
        assert isinstance(rectifying.why_not_check(verb, rectifying.State.OPEN, None, other), rectifying.IllegalMove)


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    who = world.caller(role, unit=world.place.bureau if role is Role.BUREAU else world.place.town)
    manager, bureau = role is Role.UNIT_MANAGER, role is Role.BUREAU
    nothing = {"result_id": str(ids.new_id()), "text": "x"}
    assert (await who.post("/v1/objections", json=nothing)).status_code == (404 if manager else 403)
    assert (await who.get("/v1/objections")).status_code == (200 if manager or bureau or role is Role.REVIEWER else 403)
    ordered = await who.post("/v1/rectifications", json={"result_id": str(ids.new_id())})
    assert ordered.status_code == (404 if bureau else 403)
    readers = {Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER}
    assert (await who.get("/v1/rectifications")).status_code == (200 if role in readers else 403)
