"""Obligations over HTTP: measured from the records, kept as known then, seen by right."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from services.kit import ids
from services.tasks_api.obligations.schemas import ObligationPage, RankingOut
from tests.factories.supervision import START, World

PATH = "/v1/obligations"


@pytest.fixture(scope="module")
async def owed(world: World) -> World:
    """The town owes tasks 1, 10, 22 and 24; the district tasks 13, 16, 18 and 21 and requirement 1."""
    plan = await world.plan()
    for number in (1, 13, 16, 18, 21, 22, 24):
        await world.assignment(await world.task(plan, number=number))
    catalogue = await world.task(plan, number=10)
    await world.assignment(catalogue, due_on=date(2025, 6, 30))
    await world.task(plan, number=1, kind="requirement")
    world.run(
        "INSERT INTO published.training_obligations VALUES ('O2a', %(d)s, %(u)s, 2025, 3, 4, 1, true),"
        " ('O2a', %(d)s, %(o)s, 2025, 2, 2, 0, true)".replace("%(d)s", f"'{world.place.district.id}'")
        .replace("%(u)s", f"'{world.place.town.id}'")
        .replace("%(o)s", f"'{world.place.other_town.id}'")
    )
    return world


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


async def statuses(world: World, name: str = "bureau", **query: Any) -> dict[tuple[str, str], tuple[int, int, str]]:
    page = ObligationPage.model_validate(await world.read(PATH, name, **{"year": 2025, "limit": 200} | query))
    return {(each.id, str(each.unit_id)): (each.value, each.threshold, each.status) for each in page.items}


def add_record(world: World, kind: str, on: date, **facts: Any) -> None:
    world.run(
        "INSERT INTO tasks.records (id, district_id, unit_id, kind, occurred_on, facts, attachment_ids, state, created_by,"
        " created_at, updated_at, version) VALUES (%s, %s, %s, %s, %s, %s::jsonb, '{}', 'active', %s, now(), now(), 1)",
        ids.new_id(), world.place.district.id, world.place.town.id, kind, on, json.dumps(facts), ids.new_id(),
    )  # fmt: skip


async def test_records_prove_what_is_owed(owed: World) -> None:
    town, district = str(owed.place.town.id), str(owed.place.district.id)
    before = await statuses(owed)
    assert before["O1", town] == (0, 1, "on_track")
    assert before["O2a", town] == (3, 4, "at_risk")
    assert before["O10", town] == (0, 1, "at_risk")
    assert before["O24a", town] == (0, 4, "on_track")
    assert before["O16", district] == (0, 3, "on_track")
    assert before["O13b", district] == (0, 1, "on_track")
    assert ("O13a", town) not in before, "a town hands in no plan of inspections"
    assert before["R1", district] == (0, 4, "on_track")
    add_record(owed, "political-studies", date(2025, 3, 1))
    add_record(owed, "item-catalogues", date(2025, 1, 5))
    for line in ("training", "training", "equipment"):
        add_record(owed, "budget-lines", date(2024, 12, 20), line=line, budget_year=2025, in_own_budget=True)
    add_record(owed, "budget-lines", date(2025, 1, 9), line="supervision", budget_year=2025, in_own_budget=False)
    add_record(owed, "budget-lines", date(2025, 1, 9), line="enforcement", budget_year=2024, in_own_budget=True)
    add_record(owed, "supervision-plans", date(2024, 12, 20), plan_year=2025)
    add_record(owed, "consultations", date(2025, 2, 1), form="regular")
    after = await statuses(owed)
    assert after["O1", town] == (1, 1, "met")
    assert after["O10", town] == (0, 1, "at_risk"), "a catalogue that is not public proves nothing"
    assert after["O24a", town] == (2, 4, "on_track"), "different lines of the year's own budget are counted, whenever adopted"
    assert after["R1", district] == (1, 4, "on_track")
    assert after["O18", district] == (1, 1, "met"), "a plan of the year counts though adopted before it"
    owed.clock.set_to(date(2026, 1, 1))
    late = await statuses(owed)
    assert (late["O10", town][2], late["O24a", town][2], late["O1", town][2]) == ("missed", "missed", "met")
    begun = await statuses(owed, year=2026)
    assert ("O10", town) not in begun
    assert begun["O10", district] == (0, 0, "not_applicable"), "its day lay in the year before, and the board says so"


async def test_an_approved_plan_of_inspections_is_seen(owed: World) -> None:
    owed.run(
        "INSERT INTO tasks.inspection_plans (id, district_id, year, title, state, submitted_on, submitted_by_name, approved_on,"
        " created_by_name, created_at, version)"
        " VALUES (%s, %s, 2024, '演示', 'approved', '2024-01-20', '示例甲', '2024-02-01', '示例甲', now(), 1)",
        ids.new_id(), owed.place.district.id,
    )  # fmt: skip
    assert (await statuses(owed, year=2024))["O13b", str(owed.place.district.id)] == (1, 1, "met")


async def test_the_past_is_told_as_it_was_recorded(owed: World) -> None:
    town = str(owed.place.town.id)
    assert (await owed.caller("bureau").post(f"{PATH}/recordings")).json()["recorded"] > 0
    assert (await owed.caller("bureau").post(f"{PATH}/recordings")).json() == {"recorded": 0}
    then = owed.clock.pass_time(minutes=1)
    first = await statuses(owed, as_of=f"{then:%Y-%m-%dT%H:%M:%SZ}")
    assert first == await statuses(owed)
    owed.clock.pass_time(days=2)
    add_record(owed, "staffings", date(2025, 6, 3))
    assert (await owed.caller("bureau").post(f"{PATH}/recordings")).json() == {"recorded": 1}
    assert (await statuses(owed))["O22", town] == (1, 1, "met")
    assert await statuses(owed, as_of=f"{then:%Y-%m-%dT%H:%M:%SZ}") == first
    moved = (await owed.read(f"{PATH}/changes", year=2025, **{"from": f"{then:%Y-%m-%dT%H:%M:%SZ}"}))["changes"]
    assert [(each["id"], each["status_before"], each["status_after"]) for each in moved] == [("O22", "on_track", "met")]


async def test_units_see_their_own_and_the_ranking_says_why(owed: World) -> None:
    town = str(owed.place.town.id)
    assert {unit for _, unit in await statuses(owed, "manager")} == {town}
    assert await statuses(owed, "foreign_bureau") == {}
    for name in ("reviewer", "admin", "auditor"):
        assert (await owed.caller(name).get(PATH, params={"year": 2025})).status_code == 403
    ranking = RankingOut.model_validate(await owed.read(f"{PATH}/ranking", year=2025))
    assert [(unit.rank, str(unit.unit_id) == town) for unit in ranking.units] == [(1, False), (2, True)]
    assert {"O2a", "O10"} <= set(ranking.units[1].behind)
    assert (await owed.caller("manager").post(f"{PATH}/recordings")).status_code == 403


async def test_a_number_is_declared_only_where_no_record_shows_one(owed: World) -> None:
    town = owed.place.town.id
    body = {"unit_id": str(town), "year": 2025, "value": 1, "note": "保单另存（演示）"}
    manager = owed.caller("manager")
    assert (await manager.post(f"{PATH}/O2a/declarations", json=body)).json()["code"] == "obligation.not_declarable"
    assert (await manager.post(f"{PATH}/O99/declarations", json=body)).status_code == 404
    assert (await manager.post(f"{PATH}/O23/declarations", json=body)).json()["code"] == "obligation.not_owed"
    other = body | {"unit_id": str(owed.place.other_town.id)}
    assert (await manager.post(f"{PATH}/O23/declarations", json=other)).status_code == 400
    earlier = body | {"year": 2024}
    made = await manager.post(f"{PATH}/O22/declarations", json=earlier)
    assert made.status_code == 201, made.text
    page = ObligationPage.model_validate(await owed.read(PATH, year=2024, id="O22"))
    assert [(each.value, each.status, each.self_declared) for each in page.items] == [(1, "met", True)]
    [row] = owed.rows("SELECT action FROM kit.audit_events WHERE object_id = %s", made.json()["id"])
    assert row.action == "obligation_declaration.made"


async def test_pages_follow_each_other_and_bad_questions_are_named(owed: World) -> None:
    whole = [(each["id"], each["unit_id"]) for each in await owed.items(PATH, year=2025, limit=200)]
    seen: list[tuple[str, str]] = []
    query: dict[str, Any] = {"year": 2025, "limit": 4}
    while True:
        page = await owed.read(PATH, **query)
        seen += [(each["id"], each["unit_id"]) for each in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == whole
    tomorrow = f"{START + timedelta(1):%Y-%m-%dT%H:%M:%SZ}"
    for path, query in (
        (PATH, {}),
        (PATH, {"year": 2025, "as_of": tomorrow}),
        (f"{PATH}/changes", {"year": 2025, "from": tomorrow}),
    ):
        assert (await owed.caller("bureau").get(path, params=query)).status_code == 400


async def test_the_scoreboard_shows_obligations_under_their_tasks_now_and_then(owed: World) -> None:
    [plan] = owed.rows("SELECT id FROM tasks.plans WHERE state = 'active'")
    owed.clock.pass_time(days=9)
    await owed.caller("bureau").post(f"{PATH}/recordings")
    then = f"{owed.clock.pass_time(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    board = await owed.read("/v1/scoreboard", plan_id=plan.id)
    told = {(row["kind"], row["number"]): row["obligations"] for row in board["tasks"]}
    assert {each["id"] for each in told["task", 24]} == {"O24a", "O24b"}
    assert {each["id"] for each in told["requirement", 1]} == {"R1"}
    past = await owed.read("/v1/scoreboard", plan_id=plan.id, as_of=then)
    assert {(row["kind"], row["number"]): row["obligations"] for row in past["tasks"]} == told
    own = await owed.read("/v1/scoreboard", "manager", plan_id=plan.id)
    seen = {each["unit_id"] for row in own["tasks"] for each in row["obligations"]}
    assert seen == {str(owed.place.town.id)}


async def test_templates_in_use_and_guided_cases_are_counted(owed: World) -> None:
    district, town, other = (each.id for each in (owed.place.district, owed.place.town, owed.place.other_town))
    plan = await owed.plan()
    for number in (8, 11):
        await owed.assignment(await owed.task(plan, number=number))
    assert (await statuses(owed))["O8", str(district)] == (0, 1, "on_track")
    templates = "INSERT INTO published.document_templates VALUES (%s, %s, %s, %s, %s)"
    owed.run(templates, district, "reminder", date(2024, 1, 1), date(2024, 12, 31), True)
    owed.run(templates, district, "penalty_decision", date(2025, 3, 1), None, False)
    assert (await statuses(owed))["O8", str(district)] == (0, 1, "on_track"), "an old one and a draft are not in use"
    owed.run(templates, district, "penalty_notice", date(2024, 6, 1), None, True)
    district_row = ("O11b", str(district))
    assert (await statuses(owed))[district_row] == (0, 0, "not_applicable"), "without powers granted nothing is asked"
    shares = "INSERT INTO published.guidance_shares VALUES (%s, %s, 2025, %s, %s, %s, 0)"
    owed.run(shares, district, town, 3, 4, 5)
    owed.run(shares, district, other, 0, 0, 0)
    found = await statuses(owed)
    assert found["O8", str(district)] == (1, 1, "met")
    assert district_row not in found
    assert (found["O11b", str(town)][:2], found["O11b", str(other)][:2]) == ((3, 4), (0, 0))
    owed.clock.set_to(date(2026, 1, 1))
    late = await statuses(owed)
    assert (late["O11b", str(town)][2], late["O11b", str(other)][2]) == ("missed", "not_applicable")


async def test_a_requirement_that_names_nobody_is_for_every_unit_that_enforces_law(owed: World) -> None:
    assert not [key for key in await statuses(owed) if key[0] == "R2"]
    await owed.task(await owed.plan(), number=2, kind="requirement", responsibles=[])
    enforcing = owed.rows("SELECT id FROM directory.units WHERE enforcement AND district_id = %s", owed.place.district.id)
    found = {unit: told for (name, unit), told in (await statuses(owed)).items() if name == "R2"}
    assert set(found) == {str(row.id) for row in enforcing}
    assert set(found.values()) == {(0, 1, "on_track")}


def add_report(world: World, state: str, start: date, end: date) -> None:
    sent = (state, end if state == "sent" else None)
    world.run(
        "INSERT INTO tasks.reports (id, district_id, unit_id, kind, title, period_start, period_end, sections, state, sent_on,"
        " data, created_by, created_by_name, created_at, version)"
        " VALUES (%s, %s, %s, 'quarterly', '演示', %s, %s, '[]', %s, %s, '{}', %s, '示例甲', now(), 1)",
        ids.new_id(), world.place.district.id, world.place.bureau.id, start, end, *sent, ids.new_id(),
    )  # fmt: skip


async def test_the_records_behind_a_value_are_one_call_away(owed: World) -> None:
    owed.clock.moment = START
    await owed.assignment(await owed.task(await owed.plan(), number=23))
    add_record(owed, "counselling-services", date(2025, 4, 1))
    add_record(owed, "insurances", date(2024, 7, 1), to_on="2025-06-30")
    add_record(owed, "insurances", date(2023, 7, 1), to_on="2024-06-30")
    quarter = (date(2025, 1, 1), date(2025, 3, 31))
    for state in ("sent", "sent", "draft"):
        add_report(owed, state, *quarter)
    whole = ObligationPage.model_validate(await owed.read(PATH, year=2025, limit=200)).items
    told = {}
    for each in whole:
        if "/records?" in each.evidence_url:
            items = (await owed.caller("bureau").get(each.evidence_url)).json()["items"]
            told[each.id] = items
            assert len([item for item in items if item["counts"]]) >= each.value, each
            assert (each.value == 0) == (not any(item["counts"] for item in items)), each
    values = {each.id: each.value for each in whole if each.unit_id in {owed.place.town.id, owed.place.district.id}}
    assert (values["O21b"], sorted(item["counts"] for item in told["O21b"])) == (1, [False, False, True])
    assert (values["O23"], [item["type"] for item in told["O23"]]) == (2, ["counselling-services", "insurances"])
    assert (await owed.caller("bureau").get(told["O23"][0]["url"])).status_code == 200
    assert await owed.items(f"{PATH}/O23/records", "other_manager", year=2025) == []
    for name, code in (("O2a", "obligation.shown_elsewhere"), ("O99", "obligation.unknown")):
        refused = await owed.caller("bureau").get(f"{PATH}/{name}/records", params={"year": 2025})
        assert (refused.status_code, refused.json()["code"]) == (404, code)
