"""Compliance over HTTP: what is owed, what counts, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.kit.principal import Role
from services.training_api.compliance import actions, schemas
from tests.factories.training import World, faults

ABSENT = "01900000-0000-7000-8000-00000000ffff"


async def rows(by: Any, **params: Any) -> dict[str, dict[str, Any]]:
    """Figures by officer, page after page."""
    found: dict[str, dict[str, Any]] = {}
    query: dict[str, Any] = {"year": 2024, "limit": 200, **params}
    while True:
        page = await by.get("/v1/compliance/officers", params=query)
        assert page.status_code == 200, page.text
        schemas.OfficerCompliancePage.model_validate_json(page.content)
        found |= {item["officer_id"]: item for item in page.json()["items"]}
        if page.json()["next_cursor"] is None:
            return found
        query["cursor"] = page.json()["next_cursor"]


async def test_a_year_is_told_in_figures_entries_and_words(world: World) -> None:
    officer = await world.officer()
    first = await world.hours(officer, hours=12.5, occurred_on="2024-03-05")
    await world.hours(officer, hours=8, occurred_on="2024-03-06", category="political")
    pending = await world.hours(officer, hours=5, occurred_on="2024-03-07", source="self_study")
    answer = await world.bureau.get(f"/v1/compliance/officers/{officer['id']}", params={"year": 2024})
    schemas.OfficerComplianceDetailOut.model_validate_json(answer.content)
    body = answer.json()
    assert (body["required_hours"], body["valid_hours"], body["missing_hours"], body["status"]) == (60, 12.5, 47.5, "short")
    assert body["by_category"] == {"public_law": 0, "business": 12.5, "skills": 0, "political": 8}
    assert body["quota"] == {"base": 60, "months": 12, "served_months": 12, "exempt_months": 0, "reasons": []}
    assert [(entry["hours"], entry["counts"]) for entry in body["entries"]] == [(12.5, True), (8, False)]
    assert body["explanation"]["zh"] == (
        "2024 年应修 60 学时，有效 12.5 学时（公共法律知识 0，业务知识 12.5，行政执法技能 0，政治 8（不计入）），尚缺 47.5 学时。"
    )
    path = f"/v1/hour-entries/{pending['id']}/confirm"
    assert (await world.manager.post(path, version=pending["version"])).status_code == 200
    assert (await world.compliance(officer))["valid_hours"] == 17.5
    assert (await world.reverse(first)).status_code == 201
    after = await world.compliance(officer)
    assert (after["valid_hours"], [entry["hours"] for entry in after["entries"]]) == (5, [12.5, -12.5, 8, 5])
    assert after["explanation"]["en"] == (
        "60 hours required in 2024, 5 valid (public law 0, business knowledge 5, enforcement skills 0,"
        " political 8 (not counted)): 55 missing."
    )


@pytest.mark.parametrize(
    ("hired_on", "left_on", "months", "required", "reason"),
    [
        ("2023-12-31", None, 12, 60, None),
        ("2024-01-01", None, 12, 60, None),
        ("2024-01-02", None, 12, 60, "joined"),
        ("2024-03-31", None, 10, 50, "joined"),
        ("2020-01-01", "2024-09-30", 9, 45, "left"),
        ("2024-04-01", "2024-04-01", 1, 5, "joined_and_left"),
    ],
)
async def test_a_part_of_the_year_owes_a_twelfth_for_each_month_begun(
    world: World, hired_on: str, left_on: str | None, months: int, required: int, reason: str | None
) -> None:
    officer = await world.officer(hired_on=hired_on)
    if left_on:
        leave = {"on": left_on, "reason": "调离"}
        assert (await world.bureau.post(f"/v1/officers/{officer['id']}/leave", json=leave, version=1)).status_code == 200
    found = await world.compliance(officer)
    assert (found["quota"]["months"], found["required_hours"], found["quota"].get("reason")) == (months, required, reason)


async def test_who_was_not_there_or_owes_nothing_is_not_listed(world: World) -> None:
    auxiliary = await world.officer(kind="auxiliary")
    before, after = await world.officer(), await world.officer(hired_on="2024-02-01")
    leave = {"on": "2022-12-31", "reason": "退休"}
    assert (await world.bureau.post(f"/v1/officers/{before['id']}/leave", json=leave, version=1)).status_code == 200
    for officer, year in ((auxiliary, 2024), (before, 2023), (after, 2023)):
        path = f"/v1/compliance/officers/{officer['id']}"
        assert (await world.bureau.get(path, params={"year": year})).status_code == 404
        assert officer["id"] not in await rows(world.bureau, year=year)


async def test_the_hours_follow_a_move_and_the_figure_stands_with_the_last_unit(world: World) -> None:
    officer = await world.officer()
    await world.hours(officer, hours=9)
    then = world.clock()
    world.clock.pass_time(days=1)
    move = {"unit_id": str(world.place.other_town.id), "on": "2024-07-01"}
    assert (await world.bureau.post(f"/v1/officers/{officer['id']}/transfer", json=move, version=1)).status_code == 200
    now = await world.compliance(officer)
    assert (now["unit_id"], now["valid_hours"]) == (str(world.place.other_town.id), 9)
    before = await world.compliance(officer, as_of=then.isoformat().replace("+00:00", "Z"))
    assert (before["unit_id"], before["valid_hours"]) == (str(world.place.town.id), 9)
    # In the year before nobody had moved.
    assert (await world.compliance(officer, 2023))["unit_id"] == str(world.place.town.id)


async def test_past_figures_are_given_again_as_they_were_recorded(world: World) -> None:
    officer = await world.officer()
    first = await world.hours(officer, hours=10)
    pending = await world.hours(officer, hours=3, source="self_study", occurred_on="2024-05-07")
    then = world.clock().isoformat().replace("+00:00", "Z")
    before = await world.compliance(officer)
    world.clock.pass_time(days=20)
    await world.hours(officer, hours=7, occurred_on="2024-05-08")
    assert (await world.reverse(first)).status_code == 201
    version = (await world.bureau.get(f"/v1/hour-entries/{pending['id']}")).json()["version"]
    assert (await world.manager.post(f"/v1/hour-entries/{pending['id']}/confirm", version=version)).status_code == 200
    assert (await world.compliance(officer))["valid_hours"] == 10
    assert await world.compliance(officer, as_of=then) == before
    assert (await rows(world.bureau, as_of=then))[officer["id"]]["valid_hours"] == 10
    future = await world.bureau.get("/v1/compliance/officers", params={"year": 2024, "as_of": "2030-01-01T00:00:00Z"})
    assert faults(future) == [("/query/as_of", "in_future")]


async def test_lists_are_filtered_sorted_and_paged(world: World) -> None:
    met, short = await world.officer(world.place.town_branch), await world.officer(world.place.town_branch)
    for day in range(1, 4):
        await world.hours(met, hours=20, occurred_on=f"2024-08-{day:02}")
    await world.hours(short, hours=20, occurred_on="2024-08-01")
    unit_id = str(world.place.town_branch.id)
    assert {key: row["status"] for key, row in (await rows(world.bureau, unit_id=unit_id)).items()} == {
        met["id"]: "met",
        short["id"]: "short",
    }
    assert list(await rows(world.bureau, unit_id=unit_id, status="short")) == [short["id"]]
    for sort in ("officer_id", "-missing_hours"):
        whole = await rows(world.bureau, sort=sort)
        paged = await rows(world.bureau, sort=sort, limit=2)
        assert list(paged) == list(whole)
    missing = [row["missing_hours"] for row in (await rows(world.bureau, sort="-missing_hours")).values()]
    assert missing == sorted(missing, reverse=True)
    assert faults(await world.bureau.get("/v1/compliance/officers")) == [("/query/year", "missing")]


async def test_units_are_rolled_up_from_the_same_sums(world: World) -> None:
    branch = str(world.place.town_branch.id)
    figures = await rows(world.bureau, unit_id=branch)
    answer = await world.bureau.get("/v1/compliance/units", params={"year": 2024, "unit_id": branch})
    (unit,) = [item.model_dump() for item in schemas.UnitCompliancePage.model_validate_json(answer.content).items]
    met = sum(row["status"] == "met" for row in figures.values())
    assert (unit["officers"], unit["met"], unit["rate"]) == (len(figures), met, round(met / len(figures), 4))


async def test_the_forecast_counts_who_is_behind_the_pace(world: World) -> None:
    """On 1 July 182 of 366 days are over: 30 hours are enough for the pace, a little less is not."""
    place = world.place.foreign_town
    bureau = world.caller(Role.BUREAU, world.place.foreign_district)
    world.clock.moment = datetime(2024, 7, 1, 2, 0, tzinfo=UTC)
    for hours in (30.1, 29.8, 24):
        officer = await world.officer(place)
        bureau = world.caller(Role.BUREAU, world.place.foreign_district)
        for day in range(2):
            entry = world.hours_in(officer, hours=round(hours / 2, 2), occurred_on=f"2024-03-{4 + day:02}")
            assert (await bureau.post("/v1/hour-entries", json=entry)).status_code == 201
    answer = await bureau.get("/v1/compliance/units", params={"year": 2024})
    (unit,) = answer.json()["items"]
    assert (unit["unit_id"], unit["officers"], unit["met"], unit["forecast_short"]) == (str(place.id), 3, 0, 2)


VIEWS = {
    "bureau": (Role.BUREAU, "bureau", {"town", "town_branch", "other_town"}),
    "manager": (Role.UNIT_MANAGER, "town", {"town", "town_branch"}),
    "member": (Role.UNIT_MEMBER, "town", {"town"}),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", {"other_town"}),
    "platform": (Role.PLATFORM, "district", {"town", "town_branch", "other_town"}),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", {"foreign_town"}),
}


@pytest.mark.parametrize("name", VIEWS)
async def test_each_role_sees_its_units(world: World, name: str) -> None:
    role, home, seen = VIEWS[name]
    caller = world.caller(role, getattr(world.place, home))
    made = {
        unit: await world.officer(getattr(world.place, unit)) for unit in ("town", "town_branch", "other_town", "foreign_town")
    }
    listed = await rows(caller)
    assert {unit for unit, officer in made.items() if officer["id"] in listed} == seen
    for unit, officer in made.items():
        answer = await caller.get(f"/v1/compliance/officers/{officer['id']}", params={"year": 2024})
        assert answer.status_code == (200 if unit in seen else 404)
    units = (await caller.get("/v1/compliance/units", params={"year": 2024})).json()["items"]
    assert {item["unit_id"] for item in units} == {str(getattr(world.place, unit).id) for unit in seen}


async def test_the_government_reads_units_alone_and_the_others_nothing(world: World) -> None:
    officer = await world.officer()
    paths = ("/v1/compliance/units", "/v1/compliance/officers", f"/v1/compliance/officers/{officer['id']}")
    expected = {Role.GOVERNMENT: [200, 403, 403], Role.REVIEWER: [403] * 3, Role.SYSTEM_ADMIN: [403] * 3, Role.AUDITOR: [403] * 3}
    for role, statuses in expected.items():
        found = [(await world.caller(role).get(path, params={"year": 2024})).status_code for path in paths]
        assert found == statuses, role
    assert [(await world.client.get(path, params={"year": 2024})).status_code for path in paths] == [401] * 3
    unknown = await world.bureau.get(f"/v1/compliance/officers/{ABSENT}", params={"year": 2024})
    assert unknown.status_code == 404


async def test_an_approved_exemption_lowers_what_is_owed_and_is_named_in_words(world: World) -> None:
    officer = await world.officer(hired_on="2024-02-01")
    body = {"officer_id": officer["id"], "reason": "seconded", "from_on": "2024-03-01", "to_on": "2024-05-15"}
    asked = await world.manager.post("/v1/exemptions", json=body)
    assert asked.status_code == 201, asked.text
    assert (await world.compliance(officer))["required_hours"] == 55
    approve = f"/v1/exemptions/{asked.json()['id']}/approve"
    assert (await world.bureau.post(approve, version=1)).status_code == 200
    found = await world.compliance(officer)
    assert found["quota"] == {
        "base": 60, "months": 9, "served_months": 11, "exempt_months": 2, "reason": "joined_and_seconded",
        "reasons": ["joined", "seconded"],
    }  # fmt: skip
    assert found["required_hours"] == 45
    assert "（年内入职，在职 11 个月，借调减免 2 个月，60×9÷12）" in found["explanation"]["zh"]
    assert (
        "(joined during the year, 11 months in service, 2 months exempt for seconded elsewhere, 60 x 9 / 12)"
        in (found["explanation"]["en"])
    )
    assert found["entries"] == []


async def test_what_is_left_over_counts_in_the_next_year_as_far_as_the_rules_let_it(world: World) -> None:
    officer = await world.officer()
    for day in range(1, 5):
        await world.hours(officer, hours=18, occurred_on=f"2023-05-{day:02}")
    assert (await world.compliance(officer))["carried_hours"] == 0
    rule = {"valid_from": "2024-01-01", "carry_over_hours": 10}
    answer = await world.bureau.post("/v1/hour-rules", json=rule)
    assert answer.status_code == 201, answer.text
    found = await world.compliance(officer)
    assert (found["carried_hours"], found["valid_hours"], found["missing_hours"]) == (10, 10, 50)
    assert "上年结转 10" in found["explanation"]["zh"]
    assert (await rows(world.bureau))[officer["id"]]["valid_hours"] == 10
    assert (await world.compliance(officer, 2023))["carried_hours"] == 0


async def test_the_district_in_one_row_and_the_sums_against_the_ledger(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    units = (await world.bureau.get("/v1/compliance/units", params={"year": 2024, "limit": 200})).json()["items"]
    answer = await world.bureau.get("/v1/compliance/district", params={"year": 2024})
    whole = schemas.DistrictComplianceOut.model_validate_json(answer.content)
    totals = [sum(unit[name] for unit in units) for name in ("officers", "met")]
    assert [whole.units, whole.officers, whole.met] == [len(units), *totals]
    assert (whole.short, whole.missing_hours) == (whole.officers - whole.met, sum(unit["missing_hours"] for unit in units))
    assert (await world.manager.get("/v1/compliance/district", params={"year": 2024})).status_code == 403
    checked = (await world.bureau.get("/v1/compliance/verification")).json()
    assert (checked["ok"], checked["checked"] > 0) == (True, True)
    officer = await world.officer()
    await world.hours(officer, hours=1)
    with world.superuser() as connection:
        connection.execute("UPDATE training.hour_sums SET business = 6000 WHERE officer_id = %s", [officer["id"]])
    bent = schemas.SumsVerificationOut.model_validate_json((await world.bureau.get("/v1/compliance/verification")).content)
    assert (bent.ok, str(bent.first_bad)) == (False, officer["id"])
    # Of many officers part by part; the bent one is the last of them.
    monkeypatch.setattr(actions, "OFFICERS", 1)
    in_parts = await world.bureau.get("/v1/compliance/verification")
    assert in_parts.content.startswith(b"  ")
    assert in_parts.json() == {"checked": checked["checked"] + 1, "ok": False, "first_bad": officer["id"]}
    listed = await rows(world.bureau, forecast="met")
    assert all(row["forecast"] == "met" for row in listed.values())
    assert officer["id"] in listed
