"""The check over HTTP: computed as it is read, lists that never lag behind, overrides that stay visible."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.case_records.kinds import lenient_items, monitoring_equipment
from services.cases_api.legal_checks import actions, jobs, schemas
from services.cases_api.legal_checks.queries import snapshots, stored
from services.kit import clock, ids
from services.kit.principal import Role
from tests.factories import cases, legal
from tests.factories.cases import World, legal_reviewer

FILES = "/v1/case-files"
LATE: dict[str, Any] = {"decision": {"on": "2025-06-12"}, "delivery": {"on": "2025-06-13"}, "publicity": {"on": "2025-06-16"},
        "payment": {"on": "2025-06-20"}, "closing": {"on": "2025-06-23"}, "archiving": {"on": "2025-06-24"},
        "more": [{"step": "exclusion", "on": "2025-04-01", "until": "2025-04-04", "reason": "testing"}]}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _calendar(cases_world: World) -> None:
    legal.load_calendar(cases_world.connection)


async def file(world: World, **changes: Any) -> dict[str, Any]:
    return await world.file(**legal.entry(**changes))


async def check(world: World, made: dict[str, Any]) -> schemas.DefectsOut:
    answer = await world.member.get(f"{FILES}/{made['id']}/defects")
    assert answer.status_code == 200, answer.text
    return schemas.DefectsOut.model_validate_json(answer.content)


async def listed(world: World, **params: Any) -> list[schemas.DefectRow]:
    answer = await world.bureau.get("/v1/defects", params={"limit": 200} | params)
    assert answer.status_code == 200, answer.text
    page = schemas.DefectPage.model_validate_json(answer.content)
    assert page.unchecked == 0
    return page.items


async def test_a_faultless_case_is_clean_to_the_last_rule(cases_world: World) -> None:
    found = await check(cases_world, await file(cases_world))
    assert (found.items, found.undecidable) == ([], [])
    assert found.clean == [f"P{number:02}" for number in range(1, 27) if number != 20]


async def test_what_was_found_is_told_with_its_days_and_its_sum(cases_world: World) -> None:
    made = await file(cases_world, **LATE)
    found = await check(cases_world, made)
    (outcome,) = found.items
    assert (outcome.rule, outcome.level, outcome.result) == ("P14", "major", "found")
    (finding,) = outcome.findings
    assert finding.en.startswith("filed on 2025-03-03, decided on day 97 of 90; 4 days excluded")
    assert finding.zh.startswith("2025-03-03 立案，作出决定为第 97 日，期限 90 日，不计入 4 日")
    assert finding.facts["last_day"] == "2025-06-05"
    assert "第六十条" in finding.article
    assert (found.version, found.case_no) == (1, made["case_no"])


async def test_what_cannot_be_decided_says_what_it_lacks(cases_world: World) -> None:
    found = await check(cases_world, await cases_world.file(decided_on="2025-04-10", decision="罚款", closed_on="2025-05-06"))
    lacking = {outcome.rule: [missing.what for missing in outcome.missing] for outcome in found.undecidable}
    assert lacking["P02"] == ["case.act_ended_on"]
    assert lacking["P15"] == ["decision.elements"]
    assert found.undecidable[0].missing[0].zh == "立案是否经审批"


async def test_the_check_never_stands_in_the_way_of_saving(cases_world: World) -> None:
    made = await file(cases_world, without=["notice"], decision={"on": "2025-02-01", "penalties": ["licence_revocation"]})
    found = await check(cases_world, made)
    assert {"P07", "P22"} <= {outcome.rule for outcome in found.items}


async def test_the_list_follows_each_change_at_once(cases_world: World) -> None:
    made = await file(cases_world, **{**LATE, "without": ["closing", "archiving"]})
    mine = {"case_file_id": made["id"]}
    assert [(row.rule, row.case_no) for row in await listed(cases_world, **mine)] == [("P14", made["case_no"])]
    moved = await cases_world.member.patch(f"{FILES}/{made['id']}", version=1, json={"decided_on": "2025-06-05"})
    assert moved.status_code == 200
    assert await listed(cases_world, **mine) == []
    back = await cases_world.member.patch(f"{FILES}/{made['id']}", version=2, json={"decided_on": "2025-06-06"})
    assert back.status_code == 200
    (row,) = await listed(cases_world, **mine)
    assert row.findings[0].facts["counted"] == 91


async def test_the_list_is_filtered_by_unit_rule_level_and_result(cases_world: World) -> None:
    made = await file(cases_world, filing={"on": "2025-03-03", "approved": False}, delivery={"receipt": None})
    found = {row.rule: row for row in await listed(cases_world, case_file_id=made["id"])}
    assert set(found) == {"P01"}
    (lacking,) = await listed(cases_world, case_file_id=made["id"], result="undecidable")
    assert (lacking.rule, lacking.missing) == ("P16", ["delivery.receipt"])
    for params, seen in (
        ({"rule": "P01"}, True),
        ({"rule": "P02"}, False),
        ({"level": "veto"}, True),
        ({"level": "minor"}, False),
        ({"unit_id": str(cases_world.place.town.id)}, True),
        ({"unit_id": str(cases_world.place.other_town.id)}, False),
        ({"case_kind": "penalty"}, True),
        ({"overridden": "false"}, True),
        ({"overridden": "true"}, False),
    ):
        assert (found["P01"].id in {row.id for row in await listed(cases_world, **params)}) is seen, params


async def test_a_new_setting_is_asked_from_the_next_reading_on(cases_world: World) -> None:
    made = await file(cases_world, sector="sector.of.this.test", **{**LATE, "more": []})
    assert [row.rule for row in await listed(cases_world, case_file_id=made["id"])] == ["P14"]
    setting = {"topic": "decision", "sector": "sector.of.this.test", "value": 120, "measure": "calendar_days",
               "valid_from": "2020-01-01", "source": "示例规定"}  # fmt: skip
    assert (await cases_world.bureau.post("/v1/legal-settings", json=setting)).status_code == 201
    assert await listed(cases_world, case_file_id=made["id"]) == []
    assert (await check(cases_world, made)).items == []


async def test_a_calendar_without_the_year_is_told_and_mended(cases_world: World) -> None:
    connection = cases_world.connection
    made = await file(cases_world, **LATE)
    days = connection.execute(
        "DELETE FROM directory.working_days WHERE day >= '2025-01-01' RETURNING day, working, kind"
    ).fetchall()
    try:
        (outcome,) = [each for each in (await check(cases_world, made)).undecidable if each.rule == "P14"]
        assert [(each.what, each.en) for each in outcome.missing] == [("calendar.2025", "the working days of 2025")]
        assert "P14" not in {row.rule for row in await listed(cases_world, case_file_id=made["id"])}
    finally:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO directory.working_days (day, working, kind) VALUES (%s, %s, %s)", days)
    assert [row.rule for row in await listed(cases_world, case_file_id=made["id"])] == ["P14"]


async def test_officers_are_judged_by_their_certificates_of_the_day(cases_world: World) -> None:
    second = cases.officer(cases_world.connection, cases_world.place.town)
    officers = [cases_world.officers[cases_world.place.town.id][0], second]
    made = await file(cases_world, officers=[str(officer) for officer in officers])
    assert await listed(cases_world, case_file_id=made["id"]) == []
    cases_world.connection.execute(
        "UPDATE training.certificates SET state = 'revoked', ended_on = '2025-03-24' WHERE officer_id = %s", [second]
    )
    (outcome,) = (await check(cases_world, made)).items
    assert (outcome.rule, outcome.findings[0].facts["on"], outcome.findings[0].facts["officer_id"]) == (
        "P04",
        "2025-03-24",
        str(second),
    )
    await jobs.recheck(cases_world.services.runtime("cases_api"))
    assert [row.rule for row in await listed(cases_world, case_file_id=made["id"])] == ["P04"]


async def test_a_running_case_falls_behind_as_days_pass(cases_world: World) -> None:
    today = clock.local_day(clock.now())
    made = await cases_world.file(
        filed_on=str(today - timedelta(80)), steps=[{"step": "registration_preservation", "on": str(today - timedelta(1))}]
    )
    assert "P14" not in {row.rule for row in await listed(cases_world, case_file_id=made["id"])}
    database = cases_world.services.database("cases_api")
    later = clock.now() + timedelta(30)
    while await actions.refresh(database, cases_world.place.district.id, later):
        pass
    rows = cases_world.rows("SELECT rule FROM cases.defects WHERE case_file_id = %s AND result = 'found'", made["id"])
    assert {row[0] for row in rows} >= {"P05", "P14"}
    # Told for another day, the check of then holds no longer today.
    while await actions.refresh(database, cases_world.place.district.id, clock.now() + timedelta(31)):
        pass


async def test_what_falls_due_by_day_unit_and_officer(cases_world: World) -> None:
    today = clock.local_day(clock.now())
    officer = cases.officer(cases_world.connection, cases_world.place.town)
    made = await cases_world.file(
        filed_on=str(today - timedelta(100)),
        officers=[str(officer)],
        steps=[{"step": "seizure", "on": str(today - timedelta(10))}],
    )
    params: dict[str, Any] = {"officer_id": str(officer), "until": str(today + timedelta(40))}
    answer = await cases_world.member.get("/v1/deadlines", params=params)
    page = schemas.DeadlinePage.model_validate_json(answer.content)
    assert [(row.act, row.overdue, str(row.case_file_id)) for row in page.items] == [
        ("decide", True, made["id"]),
        ("end_seizure", False, made["id"]),
    ]
    assert page.items[0].days_left < 0 < page.items[1].days_left
    for change in ({"until": str(today)}, {"act": "decide"}, {"unit_id": str(cases_world.place.town.id), "act": "decide"}):
        items = (await cases_world.member.get("/v1/deadlines", params=params | change)).json()["items"]
        assert [row["act"] for row in items] == ["decide"], change
    other = {"unit_id": str(cases_world.place.other_town.id)}
    assert (await cases_world.member.get("/v1/deadlines", params=params | other)).json()["items"] == []


async def test_an_override_has_its_reason_stays_visible_and_holds_for_what_was_found(cases_world: World) -> None:
    made = await file(cases_world, **{**LATE, "without": ["archiving"]})
    path = f"{FILES}/{made['id']}/defects/P14/override"
    reason = {"reason": "鉴定期间另有纸质告知书（示例）"}
    assert (await cases_world.manager.post(path, json=reason)).status_code == 428
    assert (await cases_world.manager.post(path, json=reason, version=7)).status_code == 412
    assert (await cases_world.manager.post(path, json={}, version=1)).status_code == 400
    nothing = await cases_world.manager.post(path.replace("P14", "P03"), json=reason, version=1)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "defect.nothing_found")
    assert (await cases_world.manager.post(path.replace("P14", "P27"), json=reason, version=1)).status_code == 400
    rehearsed = await cases_world.manager.post(path, json=reason, version=1, params={"dry_run": "true"})
    assert rehearsed.json()["items"][0]["override"]["reason"] == reason["reason"]
    assert (await check(cases_world, made)).items[0].override is None
    kept = schemas.DefectsOut.model_validate_json((await cases_world.manager.post(path, json=reason, version=1)).content)
    assert kept.items[0].override is not None
    assert (kept.items[0].rule, kept.items[0].override.stands) == ("P14", True)
    again = await cases_world.manager.post(path, json=reason, version=1)
    assert (again.status_code, again.json()["code"]) == (409, "defect.already_overridden")
    (row,) = await listed(cases_world, case_file_id=made["id"])
    assert (row.overridden, row.override_reason) == (True, reason["reason"])
    assert await listed(cases_world, case_file_id=made["id"], overridden="false") == []
    told = cases_world.rows(
        "SELECT reason FROM kit.audit_events WHERE object_id = %s AND action = 'case_file.defect_overridden'", made["id"]
    )
    assert told == [(reason["reason"],)]
    assert cases_world.rows("SELECT overridden FROM published.case_defects WHERE case_file_id = %s", made["id"]) == [(True,)]


async def test_an_override_does_not_cover_what_is_found_later_and_can_be_taken_back(cases_world: World) -> None:
    made = await file(cases_world, **{**LATE, "without": ["closing", "archiving"]})
    path = f"{FILES}/{made['id']}/defects/P14/override"
    assert (await cases_world.bureau.post(path, json={"reason": "已核实（示例）"}, version=1)).status_code == 200
    await cases_world.member.patch(f"{FILES}/{made['id']}", version=1, json={"decided_on": "2025-07-12"})
    (outcome,) = [each for each in (await check(cases_world, made)).items if each.rule == "P14"]
    assert outcome.override is not None
    assert outcome.override.stands is False
    assert [row.overridden for row in await listed(cases_world, case_file_id=made["id"], rule="P14")] == [False]
    assert (await cases_world.bureau.delete(path, version=2)).json()["errors"][0]["pointer"] == "/header/x-change-reason"
    headers = {"X-Change-Reason": "%E8%AF%AF%E5%88%A4"}
    assert (await cases_world.bureau.delete(path, version=2, headers=headers)).status_code == 200
    assert (await cases_world.bureau.delete(path, version=2, headers=headers)).status_code == 404
    assert [each.override for each in (await check(cases_world, made)).items if each.rule == "P14"] == [None]
    history = cases_world.rows(
        "SELECT action FROM cases.defect_overrides WHERE case_file_id = %s ORDER BY recorded_at", made["id"]
    )
    assert history == [("override",), ("withdraw",)]


async def test_a_review_kept_as_a_record_counts_like_a_step(cases_world: World) -> None:
    made = await file(cases_world, decision={"review_grounds": ["complex"]}, without=["closing", "archiving"])
    assert [row.rule for row in await listed(cases_world, case_file_id=made["id"])] == ["P12"]
    bureau = cases_world.place.bureau
    reviewer = legal_reviewer(cases_world, bureau, cases_world.officers[bureau.id][0])
    record = {"unit_id": str(cases_world.place.town.id), "case_file_id": made["id"], "reviewer_id": str(reviewer),
              "submitted_on": "2025-04-01", "reviewed_on": "2025-04-02", "ground": "complex", "opinion": "pass"}  # fmt: skip
    kept = await cases_world.member.post("/v1/legal-reviews", json=record)
    assert kept.status_code == 201, kept.text
    assert await listed(cases_world, case_file_id=made["id"]) == []


async def test_a_file_touched_while_it_is_checked_is_checked_again(cases_world: World) -> None:
    made = await file(cases_world, **{**LATE, "without": ["closing", "archiving"]})
    database, district, now = cases_world.services.database("cases_api"), cases_world.place.district.id, clock.now()
    async with database.transaction() as session:
        context = await snapshots.context(session, district)
        turns = await stored.waiting(session, district, context.basis, clock.local_day(now), 500)
        found = await snapshots.of_files(session, list(turns), now)
        moved = await cases_world.member.patch(f"{FILES}/{made['id']}", version=1, json={"decided_on": "2025-06-05"})
        assert moved.status_code == 200
        await stored.keep(session, await actions.results_of(found, context), turns, context.basis, now)
    # Neither the list nor the neighbours see what was computed of the older version.
    assert cases_world.rows("SELECT 1 FROM published.case_defects WHERE case_file_id = %s", made["id"]) == []
    assert await listed(cases_world, case_file_id=made["id"]) == []


@pytest.mark.parametrize(
    ("name", "roles", "home", "expected"),
    [
        ("member", [Role.UNIT_MEMBER], "town", (200, 200, 200, 403)),
        ("manager", [Role.UNIT_MANAGER], "town", (200, 200, 200, 200)),
        ("bureau", [Role.BUREAU], "bureau", (200, 200, 200, 200)),
        ("platform", [Role.PLATFORM], "district", (200, 200, 200, 403)),
        ("beside", [Role.UNIT_MANAGER], "other_town", (404, 200, 200, 404)),
        ("below", [Role.UNIT_MANAGER], "town_branch", (404, 200, 200, 404)),
        ("elsewhere", [Role.BUREAU], "foreign_district", (404, 200, 200, 404)),
        ("reviewer", [Role.REVIEWER], "other_town", (404, 403, 403, 403)),
        ("government", [Role.GOVERNMENT], "district", (403, 403, 403, 403)),
        ("system_admin", [Role.SYSTEM_ADMIN], "", (403, 403, 403, 403)),
        ("auditor", [Role.AUDITOR], "", (403, 403, 403, 403)),
    ],
)
async def test_who_sees_and_who_overrides(
    cases_world: World, name: str, roles: list[Role], home: str, expected: tuple[int, int, int, int]
) -> None:
    made = await file(cases_world, **LATE)
    caller = cases_world.caller(*roles, unit=getattr(cases_world.place, home) if home else None)
    path = f"{FILES}/{made['id']}/defects"
    lists = [await caller.get("/v1/defects", params={"limit": 200}), await caller.get("/v1/deadlines")]
    answers = [
        (await caller.get(path)).status_code,
        *(answer.status_code for answer in lists),
        (await caller.post(f"{path}/P14/override", json={"reason": "试验"}, version=1)).status_code,
    ]
    assert tuple(answers) == expected
    if lists[0].status_code == 200:
        assert (made["id"] in {row["case_file_id"] for row in lists[0].json()["items"]}) == (expected[0] == 200)


async def test_the_rules_are_told_with_their_articles(cases_world: World) -> None:
    answer = await cases_world.member.get("/v1/legal-checks/rules")
    rules = {rule.rule: rule for rule in schemas.RulesOut.model_validate_json(answer.content).items}
    assert list(rules) == [f"P{number:02}" for number in range(1, 27)]
    assert [(str(each.valid_from), each.article) for each in rules["P16"].articles][-1] == (
        "2021-07-15",
        "行政处罚法（2021年修订）第61条",
    )
    assert rules["P23"].articles[0].article == "福建省政府令第242号第17条"


async def test_a_closed_file_shows_until_when_it_goes_to_the_archive_and_is_kept(cases_world: World) -> None:
    made = await file(cases_world, without=["archiving"])
    assert "retention_until" not in made
    assert (await cases_world.member.get("/v1/deadlines")).json()["unchecked"] == 0
    shown = (await cases_world.member.get(f"{FILES}/{made['id']}")).json()
    assert (shown["archive_due_on"], shown["retention_until"], "permanent" in shown) == ("2025-06-05", "2035-05-06", False)
    found = {}
    for name, day in (("archive_due_on", "2025-06-04"), ("archive_due_on", "2025-06-05"), ("retention_until", "2035-05-06")):
        params = {f"{name}__lte": day, "state": "closed", "limit": 200}
        items = (await cases_world.member.get(FILES, params=params)).json()["items"]
        found[day] = made["id"] in [each["id"] for each in items]
    assert found == {"2025-06-04": False, "2025-06-05": True, "2035-05-06": True}


async def test_a_decision_is_checked_against_the_benchmark_it_names_and_anew_when_that_changes(cases_world: World) -> None:
    place, leader = cases_world.place, cases_world.caller(Role.UNIT_MANAGER, unit=cases_world.place.bureau)
    wanted = {
        "unit_id": str(place.bureau.id), "item": "占道经营（演示）", "title": "占道经营裁量权基准（演示）", "zero_range": True,
        "legal_bases": ["示例条例第1条"], "in_force_from": "2024-01-01",
        "bands": [{"key": "usual", "circumstance": "一般（演示）", "penalty": "罚款", "low_fen": 40_000, "high_fen": 40_000}],
    }  # fmt: skip
    made = (await leader.post("/v1/discretion-benchmarks", json=wanted)).json()
    named = {"benchmark_id": made["id"], "band_key": "usual", "benchmark_from": None}
    case = await file(cases_world, decision=named)
    found = {each.rule: each.findings[0].en for each in (await check(cases_world, case)).items}
    assert found == {
        "P15": "the benchmark applied was never made public",
        "P24": "a fine of 500 yuan where the benchmark fixes 400",
    }
    listed_before = [each.rule for each in await listed(cases_world, case_file_id=case["id"])]
    published = {"published_on": "2023-12-20", "public_address": "区政府门户网站（演示）"}
    path = f"/v1/discretion-benchmarks/{made['id']}/publish"
    assert (await leader.post(path, json=published, version=1)).status_code == 200
    assert (sorted(listed_before), [each.rule for each in await listed(cases_world, case_file_id=case["id"])]) == (
        ["P15", "P24"],
        ["P24"],
    )


async def test_a_case_is_checked_against_the_device_and_the_item_it_names_and_anew_when_they_change(cases_world: World) -> None:
    unit = {"unit_id": str(cases_world.place.town.id)}
    made = {
        kind.key: (await cases_world.member.post(kind.path, json=kind.example | unit)).json()
        for kind in (monitoring_equipment.KIND, lenient_items.KIND)
    }
    device, item = made["monitoring-equipment"], made["lenient-items"]
    shot = {"monitored": True, "equipment_id": device["id"], "content_reviewed": True, "told_on": "2025-03-06"}
    spared = {"outcome": "first_offence_spared", "penalties": None, "fine_fen": None, "lenient_item_id": item["id"]}
    spared |= {"first_offence": True, "harm_slight": True, "corrected": True}
    case = await file(cases_world, evidence=shot, decision=spared)
    assert {"P25", "P26"} <= set((await check(cases_world, case)).clean)
    assert await listed(cases_world, case_file_id=case["id"]) == []
    for record, path, change in (
        (device, "/v1/monitoring-equipment", {"technical_review_on": "2025-03-06"}),
        (item, "/v1/lenient-items", {"ends_on": "2025-01-31"}),
    ):
        answer = await cases_world.member.patch(f"{path}/{record['id']}", json=change, version=1)
        assert answer.status_code == 200, answer.text
    found = [(each.rule, each.level) for each in await listed(cases_world, case_file_id=case["id"])]
    assert sorted(found) == [("P25", "veto"), ("P26", "major")]
    # One of another district, or none at all, is unknown.
    stranger = await file(cases_world, evidence=shot | {"equipment_id": str(ids.new_id())})
    lacking = {each.rule: [one.what for one in each.missing] for each in (await check(cases_world, stranger)).undecidable}
    assert lacking["P25"] == ["evidence.equipment_id"]


async def test_neighbours_read_defects_and_deadlines_through_views(cases_world: World) -> None:
    columns = cases_world.rows(
        "SELECT table_name, string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_schema = 'published' AND table_name IN ('case_defects', 'case_deadlines') GROUP BY 1 ORDER BY 1"
    )
    assert columns == [
        ("case_deadlines", "id district_id unit_id case_file_id case_no officers act due_on"),
        (
            "case_defects",
            "id district_id unit_id case_file_id case_no case_kind case_state rule level findings found_at overridden",
        ),
    ]
    made = await file(cases_world, **LATE)
    await listed(cases_world)
    async with cases_world.services.database("tasks_api").reading() as read:
        rows = await read.fetch("SELECT rule, level FROM published.case_defects WHERE case_file_id = $1", [UUID(made["id"])])
    assert [tuple(row) for row in rows] == [("P14", "major")]


async def test_a_batch_of_files_is_checked_at_once(cases_world: World) -> None:
    """Everything a batch brought is off the queue after one turn."""
    items = [
        cases_world.body(**legal.entry(**LATE), external_system="platform", external_id=str(ids.new_id())) for _ in range(60)
    ]
    assert (await cases_world.platform.post(f"{FILES}/batch", json={"items": items})).status_code == 200
    database, district = cases_world.services.database("cases_api"), cases_world.place.district.id
    assert await actions.refresh(database, district, clock.now()) == 0
    count = cases_world.rows("SELECT count(*) FROM cases.legal_check_queue WHERE district_id = %s", district)
    assert count == [(0,)]
