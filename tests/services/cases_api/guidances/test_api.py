"""Guidance of township cases (跟案指导) over HTTP: the draw, the cases guided, the share, who may do what."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.cases_api.draws.schemas import DrawOut
from services.cases_api.guidance_rounds.schemas import GuidanceRoundOut, GuidanceRoundPage
from services.cases_api.guidance_settings.schemas import GuidanceSettingsOut, GuidanceSettingsPage
from services.cases_api.guidance_shares.schemas import GuidanceSharePage
from services.cases_api.guidances.schemas import GuidanceOut, GuidancePage
from services.kit import clock, ids, sampling
from services.kit.principal import Role
from tests.factories.cases import World
from tests.factories.reviews import good

REASON = {"X-Change-Reason": "mistake"}
VERIFIER = Path(__file__).parents[4] / "docs" / "verify_draw.py"
TODAY = clock.local_day(clock.now())


def faults_of(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def verdict(tmp_path: Path, record: dict[str, Any]) -> tuple[int, str]:
    """What the stand-alone script says of a saved record."""
    saved = tmp_path / "record.json"
    saved.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(saved)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


async def granted(world: World, code: str, **changes: Any) -> dict[str, Any]:
    """An item that the bureau, standing in for a department, granted to the town."""
    wanted = {
        "unit_id": str(world.place.town.id), "granted_on": "2025-01-01", "granting_unit_id": str(world.place.bureau.id),
        "item_code": code, "item": f"事项{code}（演示）",
    }  # fmt: skip
    return good(await world.bureau.post("/v1/granted-items", json=wanted | changes))


@pytest.fixture(scope="module")
async def stock(cases_world: World) -> World:
    """Two townships with granted items: 7 cases of the town and its team, 4 of the other town; and 4 that do not count."""
    world = cases_world
    place = world.place
    await granted(world, "T-1")
    await granted(world, "T-2", unit_id=str(place.other_town.id), ends_on="2025-06-30")
    for number in range(5):
        await world.file(item_code="T-1", filed_on=f"2025-03-0{number + 1}")
    await world.file(item="事项T-1（演示）")
    await world.file(place.town_branch, item_code="T-1")
    for number in range(4):
        await world.file(place.other_town, item_code="T-2", filed_on=f"2025-04-0{number + 1}")
    await world.file(item="事项T-1（演示）", item_code="OTHER")
    await world.file(place.other_town, item_code="T-1")
    await world.file(place.other_town, item_code="T-2", filed_on="2025-07-01")
    void = await world.file(item_code="T-1")
    path = f"/v1/case-files/{void['id']}/void"
    good(await world.manager.post(path, json={"reason": "重复（演示）"}, version=void["version"]))
    return world


def department(world: World, *roles: Role) -> Any:
    return world.caller(*(roles or (Role.UNIT_MANAGER,)), unit=world.place.bureau)


async def share(world: World, year: int = 2025, **params: Any) -> dict[str, Any]:
    answer = await world.member.get("/v1/guidance-shares", params={"year": year} | params)
    page = GuidanceSharePage.model_validate_json(answer.content)
    return page.items[0].model_dump(mode="json", exclude_none=True) if page.items else {}


async def drawn(world: World) -> tuple[str, str]:
    """The path of a drawn round of 2025 at version 3, and of its draw."""
    leader = department(world)
    made = good(await leader.post("/v1/guidance-rounds", json={"unit_id": str(world.place.bureau.id), "year": 2025}))
    path = f"/v1/guidance-rounds/{made['id']}"
    told = good(await leader.post(f"{path}/freeze", version=1))
    good(await leader.post(f"{path}/seed", json={"seed": str(ids.new_id()), "source": "公开掷骰（演示）"}, version=2))
    good(await leader.post(f"{path}/draw", json={"frame_sha256": told["frame_sha256"]}, version=2))
    return path, told["draw_url"]


async def test_a_department_draws_its_share_by_township_and_guides_to_the_end(stock: World, tmp_path: Path) -> None:
    world, leader = stock, department(stock)
    before = await share(world)
    figures = ("cases", "need", "picked", "guided", "missing", "percent", "status", "basis")
    assert tuple(before[name] for name in figures) == (11, 4, 0, 0, 4, 0.0, "short", "filed")
    moments = [clock.now()]
    path, draw_url = await drawn(world)
    whole = GuidanceRoundOut.model_validate(good(await leader.get(path)))
    assert (whole.state, whole.allowed_actions) == ("drawn", ["void_draw", "substitute", "grow"])
    record = good(await world.manager.get(draw_url))
    counted = {each.stratum: (each.files, each.take) for each in DrawOut.model_validate(record).strata}
    assert counted == {"359111101": (7, 3), "359111102": (4, 2)}
    assert verdict(tmp_path, record) == (0, "The draw is as published: frame, terms, seed and sample agree.\n")
    listed = GuidancePage.model_validate(good(await leader.get("/v1/guidances", params={"round_id": str(whole.id)})))
    assert [(each.state, each.how, each.year) for each in listed.items] == [("picked", "draw", 2025)] * 5
    assert (await share(world))["picked"] == 5
    # Another round draws only from what stood in no frame yet.
    again = {"unit_id": str(world.place.bureau.id), "year": 2025}
    later = good(await leader.post("/v1/guidance-rounds", json=again))
    assert (await leader.post("/v1/guidance-rounds", json=again)).json()["code"] == "guidance_round.open_already"
    empty = await leader.post(f"/v1/guidance-rounds/{later['id']}/freeze", version=1)
    assert empty.json()["code"] == "draw.empty_frame"
    voided = good(await leader.post(f"/v1/guidance-rounds/{later['id']}/void", version=1, headers=REASON))
    assert (voided["state"], voided["void_reason"]) == ("void", "mistake")

    mine = listed.items[0]
    one = f"/v1/guidances/{mine.id}"
    guide = str(world.officers[world.place.bureau.id][0])
    assert faults_of(await leader.patch(one, json={"guides": [str(ids.new_id())]}, version=1)) == [
        ("/body/guides/0", "not_found")
    ]
    good(await leader.patch(one, json={"guides": [guide]}, version=1))
    unmade = await leader.post(f"{one}/finish", json={"finished_on": "2025-06-01", "outcome": "adopted"}, version=2)
    assert unmade.json()["code"] == "guidance.illegal_move"
    visit = {"visited_on": "2025-05-06", "form": "on_site", "advice": "补正笔录（演示）"}
    late = visit | {"visited_on": (TODAY + timedelta(days=2)).isoformat()}
    assert faults_of(await leader.post(f"{one}/visits", json=late, version=2)) == [("/body/visited_on", "day.in_the_future")]
    early = visit | {"visited_on": "2025-01-02"}
    assert faults_of(await leader.post(f"{one}/visits", json=early, version=2)) == [("/body/visited_on", "record.out_of_order")]
    tried = await leader.post(f"{one}/visits", json=visit, version=2, params={"dry_run": "true"})
    assert (tried.json()["state"], good(await leader.get(one))["visits"]) == ("under_way", 0)
    begun = GuidanceOut.model_validate(good(await leader.post(f"{one}/visits", json=visit, version=2)))
    assert (begun.state, begun.visits, begun.advice[0].advice) == ("under_way", 1, "补正笔录（演示）")
    better = visit | {"response": "已采纳（演示）"}
    good(await leader.put(f"{one}/visits/{begun.advice[0].id}", json=better, version=3))
    finish = {"finished_on": "2025-06-01", "outcome": "adopted", "summary": "已补正（演示）"}
    too_soon = await leader.post(f"{one}/finish", json=finish | {"finished_on": "2025-05-01"}, version=4)
    assert faults_of(too_soon) == [("/body/finished_on", "record.out_of_order")]
    done = good(await leader.post(f"{one}/finish", json=finish, version=4))
    assert (done["state"], done["allowed_actions"], done["advice"][0]["response"]) == ("finished", ["reopen"], "已采纳（演示）")
    after = await share(world)
    assert tuple(after[name] for name in ("picked", "begun", "finished", "guided", "missing", "percent")) == (5, 1, 1, 1, 3, 9.09)
    moments.append(clock.now())
    assert (await leader.post(f"{one}/reopen", version=5)).json()["errors"][0]["pointer"] == "/header/x-change-reason"
    assert good(await leader.post(f"{one}/reopen", version=5, headers=REASON))["state"] == "under_way"
    refused = await leader.post(f"{path}/void-draw", version=3, headers=REASON)
    assert refused.json()["code"] == "guidance_round.begun"

    out = next(each for each in listed.items[1:] if each.case_unit_id == world.place.other_town.id)
    substitute = {"case_file_id": str(out.case_file_id), "reason": "案件已移送（演示）"}
    good(await leader.post(f"{path}/substitutions", json=substitute, version=3))
    assert good(await leader.get(f"/v1/guidances/{out.id}"))["void_reason"] == "案件已移送（演示）"
    ways = good(await leader.get("/v1/guidances", params={"round_id": str(whole.id), "state": "picked"}))["items"]
    assert sorted(each["how"] for each in ways) == ["draw"] * 3 + ["substitute"]
    wider = {"quota": {"share_per_10000": 6000}, "reason": "质量问题较多（演示）"}
    good(await leader.post(f"{path}/growths", json=wider, version=3))
    now = await share(world)
    assert now["picked"] == 8
    # Figures of a past moment come out again as they were recorded then.
    moments.append(clock.now())
    recorded = [await share(world, as_of=moment.isoformat().replace("+00:00", "Z")) for moment in moments]
    assert recorded == [before, after, now]
    assert await share(world, as_of="2020-01-01T00:00:00Z") == {}
    ahead = await world.member.get("/v1/guidance-shares", params={"year": 2025, "as_of": "2099-01-01T00:00:00Z"})
    assert faults_of(ahead) == [("/query/as_of", "in_future")]
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", mine.id)
    told = [f"guidance.{verb}" for verb in ("picked", "changed", "visited", "visit_corrected", "finished", "reopened")]
    assert [row[0] for row in trail] == told
    heard = world.rows("SELECT DISTINCT unit_id FROM kit.outbox WHERE object_id = %s", mine.id)
    assert {row[0] for row in heard} == {world.place.bureau.id, mine.case_unit_id}


async def test_a_case_may_be_chosen_beside_the_draw_if_it_is_on_a_granted_item(stock: World) -> None:
    world, leader = stock, department(stock)
    wanted = {"unit_id": str(world.place.bureau.id), "reason": "疑难案件（演示）"}
    plain = await world.file(item_code="NOT-GRANTED")
    refused = await leader.post("/v1/guidances", json=wanted | {"case_file_id": plain["id"]})
    assert faults_of(refused) == [("/body/case_file_id", "guidance.not_granted")]
    case = await world.file(item_code="T-1", filed_on="2025-09-01")
    made = good(await leader.post("/v1/guidances", json=wanted | {"case_file_id": case["id"]}))
    assert (made["how"], made["year"], made["case"]["case_no"]) == ("chosen", 2025, case["case_no"])
    assert "party" not in made["case"]
    twice = await leader.post("/v1/guidances", json=wanted | {"case_file_id": case["id"]})
    assert faults_of(twice) == [("/body/case_file_id", "guidance.not_granted")]
    path = f"/v1/guidances/{made['id']}"
    given_up = good(await leader.post(f"{path}/void", version=1, headers=REASON))
    assert (given_up["state"], given_up["allowed_actions"]) == ("void", [])


async def test_who_reads_draws_and_writes(stock: World) -> None:
    world, place = stock, stock.place
    leader = department(world)
    case = await world.file(item_code="T-1", filed_on="2025-10-09")
    wanted = {"unit_id": str(place.bureau.id), "case_file_id": case["id"], "reason": "乡镇申请（演示）"}
    path = f"/v1/guidances/{good(await leader.post('/v1/guidances', json=wanted))['id']}"
    visit = {"visited_on": "2025-10-10", "form": "papers", "advice": "阅卷（演示）"}
    rounds = {"unit_id": str(place.bureau.id), "year": 2025}
    found = {}
    for name, caller in {
        "department's staff": department(world, Role.UNIT_MEMBER),
        "bureau": world.bureau,
        "the town": world.manager,
        "another town": world.caller(Role.UNIT_MANAGER, unit=place.other_town),
        "government": world.caller(Role.GOVERNMENT, unit=place.district),
        "another district": world.caller(Role.UNIT_MANAGER, unit=place.foreign_town),
        "auditor": world.caller(Role.AUDITOR),
    }.items():
        found[name] = [
            (await caller.get(path)).status_code,
            (await caller.get("/v1/guidance-shares", params={"year": 2025})).status_code,
            (await caller.post(f"{path}/visits", json=visit, version=9)).status_code,
            (await caller.post("/v1/guidances", json=wanted)).status_code,
            (await caller.post("/v1/guidance-rounds", json=rounds, params={"dry_run": "true"})).status_code,
        ]
    assert found == {
        "department's staff": [200, 200, 412, 403, 403],
        "bureau": [200, 200, 403, 403, 201],
        "the town": [200, 200, 404, 400, 400],
        "another town": [404, 200, 404, 400, 400],
        "government": [403, 200, 403, 403, 403],
        "another district": [404, 200, 404, 400, 400],
        "auditor": [403, 403, 403, 403, 403],
    }
    foreign = await world.caller(Role.UNIT_MANAGER, unit=place.foreign_town).get("/v1/guidance-shares", params={"year": 2025})
    assert foreign.json()["items"] == []
    listed = GuidanceRoundPage.model_validate(good(await world.manager.get("/v1/guidance-rounds")))
    assert all("freeze" not in each.allowed_actions for each in listed.items)


async def test_witnesses_make_the_seed(stock: World) -> None:
    world, leader = stock, department(stock)
    await world.file(item_code="T-1", filed_on="2025-11-03")
    made = good(await leader.post("/v1/guidance-rounds", json={"unit_id": str(world.place.bureau.id), "year": 2025}))
    path = f"/v1/guidance-rounds/{made['id']}"
    good(await leader.post(f"{path}/freeze", version=1))
    witnesses = [world.caller(Role.UNIT_MEMBER, unit=world.place.town), world.caller(Role.GOVERNMENT, unit=world.place.district)]
    for place, witness in enumerate(witnesses):
        commitment = {"nonce_sha256": sampling.commitment(f"nonce {place} of many")}
        good(await witness.post(f"{path}/commitments", json=commitment))
    told = [good(await each.post(f"{path}/reveals", json={"nonce": f"nonce {n} of many"})) for n, each in enumerate(witnesses)]
    assert [each.get("seed_source") for each in told] == [None, "commitments"]
    good(await leader.post(f"{path}/draw", version=2))
    undone = good(await leader.post(f"{path}/void-draw", version=3, headers=REASON))
    assert (undone["state"], "draw_id" in undone) == ("draft", False)
    void = good(await leader.get("/v1/guidances", params={"round_id": made["id"]}))["items"]
    assert {each["state"] for each in void} == {"void"}


async def test_what_a_round_and_a_setting_refuse(stock: World) -> None:
    world, unit = stock, str(stock.place.bureau.id)
    less = {"unit_id": unit, "year": 2025, "quota": {"share_per_10000": 2999, "max": 3}}
    found = faults_of(await world.bureau.post("/v1/guidance-rounds", json=less))
    assert found == [("/body/quota/share_per_10000", "too_small"), ("/body/quota/max", "not_allowed")]
    early = faults_of(await world.bureau.post("/v1/guidance-rounds", json={"unit_id": unit, "year": 2024}))
    assert early == [("/body/unit_id", "guidance.grants_nothing")]
    town = {"unit_id": str(world.place.town.id), "year": 2025}
    assert faults_of(await world.bureau.post("/v1/guidance-rounds", json=town)) == [("/body/unit_id", "guidance.grants_nothing")]
    setting = {"valid_from": "2020-01-01", "share_per_10000": 5000, "basis": "closed", "counted": "finished"}
    over = await world.bureau.post("/v1/guidance-settings", json=setting)
    assert faults_of(over) == [("/body/valid_from", "guidance_settings.year_over")]
    assert (await world.manager.post("/v1/guidance-settings", json=setting)).status_code == 403


async def test_a_year_is_measured_by_the_settings_that_begin_by_its_end(stock: World) -> None:
    world = stock
    code = "Y-1"
    await granted(world, code, granted_on="2026-01-01")
    # Granted once more while it holds: its cases count once.
    await granted(world, code, granted_on="2026-01-03", ends_on="2026-06-30")
    await world.file(item_code=code, filed_on="2026-01-05")
    await world.file(item_code=code, filed_on="2026-01-06", decided_on="2026-02-06", closed_on="2026-02-20")
    before = await share(world, TODAY.year)
    assert tuple(before[name] for name in ("cases", "need", "status")) == (2, 1, "short")
    first = date(TODAY.year, 1, 1).isoformat()
    wanted = {"valid_from": first, "share_per_10000": 10_000, "basis": "closed", "counted": "picked"}
    made = GuidanceSettingsOut.model_validate(good(await world.bureau.post("/v1/guidance-settings", json=wanted)))
    assert (await world.bureau.post("/v1/guidance-settings", json=wanted)).json()["code"] == "guidance_settings.already_set"
    listed = GuidanceSettingsPage.model_validate(good(await world.member.get("/v1/guidance-settings")))
    assert [each.district_id for each in listed.items] == [made.district_id, None]
    now = await share(world, TODAY.year)
    assert tuple(now[name] for name in ("cases", "need", "basis", "townships")) == (
        1, 1, "closed", [{"township_id": str(world.place.town.id), "cases": 1, "picked": 0}],
    )  # fmt: skip
    assert (await share(world))["basis"] == "filed"
    # A year in which nothing was filed owes nothing.
    assert (await share(world, 2030))["status"] == "not_applicable"


async def test_what_is_published_of_it(stock: World) -> None:
    columns = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'published' AND table_name = %s ORDER BY 1"
    assert [row[0] for row in stock.rows(columns, "guidance_shares")] == [
        "basis", "begun", "cases", "counted", "district_id", "drawn", "finished", "guided", "need", "picked",
        "share_per_10000", "status", "unit_id", "year",
    ]  # fmt: skip
    assert [row[0] for row in stock.rows(columns, "granted_items")] == [
        "department_id", "district_id", "ends_on", "granted_on", "id", "item", "item_code", "unit_id",
    ]  # fmt: skip
    stock.connection.execute("SET ROLE zhifa_tasks")
    try:
        assert stock.rows("SELECT count(*) > 0 FROM published.guidance_shares")[0][0]
        assert stock.rows("SELECT due_on FROM published.benchmark_filings") == []
    finally:
        stock.connection.execute("RESET ROLE")
