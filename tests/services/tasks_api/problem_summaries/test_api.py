"""Summaries of the problem list over HTTP: counted from the problems, handed in, returned, approved; the roll-up."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import date
from typing import Any

import pytest

from services.kit import ids
from services.kit.principal import Role
from services.tasks_api.problem_summaries import rules
from services.tasks_api.problem_summaries.rules import Scope, Verb
from services.tasks_api.problem_summaries.schemas import ProblemSummaryOut, ProblemSummaryPage
from tests.factories.supervision import MONDAY, START, World

PATH = "/v1/problem-summaries"
NOTHING = {"found": 0, "closed": 0, "submitted": 0, "open": 0, "late": 0, "reopened": 0}


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


async def problem(world: World, found_on: date = MONDAY, **changes: Any) -> str:
    given = {"unit_id": str(world.place.town.id), "kind": "rough", "source": "hotline", "title": "演示", "description": "演示"}
    answer = await world.caller("bureau").post("/v1/problems", json=given | {"found_on": str(found_on)} | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def body(world: World, day: str, **changes: Any) -> dict[str, Any]:
    given = {"unit_id": str(world.place.town.id), "period_start": day, "period_end": day, "title": "总结（演示）", "text": "演示"}
    return given | changes


async def begun(world: World, day: str, name: str = "manager", **changes: Any) -> ProblemSummaryOut:
    answer = await world.caller(name).post(PATH, json=body(world, day, **changes))
    assert answer.status_code == 201, answer.text
    return ProblemSummaryOut.model_validate_json(answer.content)


async def test_a_units_summary_is_counted_not_typed(world: World) -> None:
    day = "2025-05-05"
    path = f"{PATH}/{(await begun(world, day)).id}"
    assert (await world.read(path, "manager"))["figures"] == NOTHING
    found = await problem(world, date.fromisoformat(day))
    dropped = await problem(world, date.fromisoformat(day))
    await world.move(f"/v1/problems/{dropped}", "void", body={"note": "误列"})
    assert (await world.read(path))["figures"] == NOTHING | {"found": 1, "open": 1}
    changed = await world.caller("member").patch(path, json={"text": "补充（演示）"}, version=1)
    assert changed.json()["text"] == "补充（演示）"
    handed = await world.move(path, "submit", "manager")
    assert (handed.json()["state"], handed.json()["submitted_on"]) == ("submitted", str(MONDAY))
    # What happens later changes the list, not what was handed in.
    await world.move(f"/v1/problems/{found}", "measure", "manager", {"measures": "整改"})
    await world.move(f"/v1/problems/{found}", "submit", "manager", {"result": "已整改"})
    assert (await world.read(path))["figures"] == NOTHING | {"found": 1, "open": 1}
    assert (await world.move(path, "return")).status_code == 400
    returned = await world.move(path, "return", body={"note": "请补充"})
    assert (returned.json()["state"], returned.json()["figures"]["submitted"]) == ("draft", 1)
    await world.move(path, "submit", "manager")
    approved = await world.move(path, "approve")
    assert (approved.json()["approved_on"], approved.json()["allowed_actions"]) == (str(MONDAY), [])
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", path.rpartition("/")[2])
    past = ["begun", "changed", "submitted", "returned", "submitted", "approved"]
    assert [row.action for row in trail] == [f"problem_summary.{verb}" for verb in past]


async def test_the_roll_up_counts_the_problems_themselves(world: World) -> None:
    day = "2025-04-04"
    await problem(world, date.fromisoformat(day))
    await problem(world, date.fromisoformat(day), unit_id=str(world.place.other_town.id))
    own = await begun(world, day)
    await world.move(f"{PATH}/{own.id}", "submit", "manager")
    made = await begun(world, day, "bureau", scope="district", unit_id=str(world.place.bureau.id))
    path = f"{PATH}/{made.id}"
    assert made.figures.found == 2
    rows = {row.unit_id: row for row in made.rows}
    assert rows[world.place.town.id].summary_state == "submitted"
    other = rows[world.place.other_town.id]
    assert (other.figures.found, other.summary_id) == (1, None)
    assert rows[world.place.bureau.id].figures.found == 0
    assert (await world.move(path, "approve", "government")).json()["code"] == "problem_summary.illegal_move"
    await world.move(path, "submit", "bureau")
    assert (await world.move(path, "approve", "bureau")).status_code == 403
    both = (world.move(path, verb, "government", {"note": "审定"}, version=2) for verb in ("approve", "return"))
    assert sorted(answer.status_code for answer in await asyncio.gather(*both)) == [200, 412]


async def test_bad_input_and_who_may(world: World) -> None:
    day, plan, closed = "2025-03-03", await world.plan(), await world.plan(state="closed")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"unit_id": str(ids.new_id())}, "/body/unit_id"),
        ({"unit_id": str(world.place.other_town.id)}, "/body/unit_id"),
        ({"period_end": "2025-03-02"}, "/body/period_end"),
        ({"period_start": "2025-07-01", "period_end": "2025-09-30"}, "/body/period_start"),
        ({"plan_id": str(plan.id), "period_end": "2027-01-01"}, "/body/period_end"),
        ({"plan_id": str(ids.new_id())}, "/body/plan_id"),
    ]
    for changes, pointer in cases:
        refused = await world.caller("manager").post(PATH, json=body(world, day, **changes))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), changes
    refused = await world.caller("manager").post(PATH, json=body(world, day, plan_id=str(closed.id)))
    assert refused.json()["code"] == "problem.plan_closed"
    assert (await world.caller("manager").post(PATH, json=body(world, day, scope="district"))).status_code == 403
    for name in ("government", "platform", "auditor"):
        assert (await world.caller(name).post(PATH, json=body(world, day))).status_code == 403, name
    path = f"{PATH}/{(await begun(world, day)).id}"
    assert (await world.caller("manager").post(PATH, json=body(world, day))).json()["code"] == "duplicate"
    for name, status in {"member": 403, "other_manager": 404, "government": 403}.items():
        assert (await world.move(path, "submit", name, version=1)).status_code == status, name
    assert (await world.caller("manager").post(f"{path}/submit")).status_code == 428
    dry = await world.move(path, "submit", "manager", params={"dry_run": "true"})
    assert (dry.json()["state"], (await world.read(path))["state"]) == ("submitted", "draft")
    for name, status in {"member": 200, "other_manager": 404, "foreign_bureau": 404, "admin": 403}.items():
        assert (await world.caller(name).get(path)).status_code == status, name
    found = ProblemSummaryPage.model_validate(await world.read(PATH, "manager", state="draft", period_start=day))
    assert [one.period_start for one in found.items] == [date.fromisoformat(day)]


async def test_the_roll_up_is_printed(world: World) -> None:
    day = "2025-05-09"
    await problem(world, date.fromisoformat(day))
    path = f"{PATH}/{(await begun(world, day, 'bureau', scope='district', unit_id=str(world.place.bureau.id))).id}/file"
    word = await world.caller("bureau").get(path, params={"format": "docx"})
    assert word.status_code == 200, word.text[:300]
    told = zipfile.ZipFile(io.BytesIO(word.content)).read("word/document.xml").decode()
    assert all(text in told for text in ("总结（演示）", "各单位情况", "未起草", "发现1项，销号0项"))
    assert (await world.caller("bureau").get(path)).content[:5] == b"%PDF-"
    assert (await world.caller("manager").get(path)).status_code == 404
    [row] = world.rows("SELECT count(*) AS n FROM kit.audit_events WHERE action = 'problem_summary.exported'")
    assert row.n == 2


@pytest.mark.parametrize(("scope", "decider"), [(Scope.UNIT, Role.BUREAU), (Scope.DISTRICT, Role.GOVERNMENT)])
def test_each_scope_has_its_decider(scope: Scope, decider: Role) -> None:
    assert {role for role in Role if rules.may(Verb.APPROVE, scope, frozenset({role}))} == {decider}
