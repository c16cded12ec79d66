"""Reports over HTTP: gathered, put into words, approved by another, sent, and printed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
import rfc8785

from services.kit import ids, jobs
from services.tasks_api.reports import jobs as gathering
from services.tasks_api.reports.schemas import ReportOut
from tests.factories.supervision import START, World

PATH = "/v1/reports"
QUARTER = {"kind": "quarterly", "year": 2025, "quarter": 2, "sections": [{"heading": "总体情况", "text": "平稳推进 #[*演示*]。"}]}


# What the neighbours published of the town; places are the district and the town.
CASE = "'00000000-0000-0000-0000-00000000000{}', %s, %s, 'penalty'"
NEIGHBOURS = [
    ("unit_training_hours", "%s, %s, 2025, 3, 2, 14000"),
    # Two decided this quarter, one of them quickly and reviewed for lawfulness; one decided before and handled offline.
    ("case_facts", f"{CASE.format(1)}, 'ordinary', 'closed', '2025-04-02', '2025-05-02', NULL, false, 'penalty', NULL,"
     " '[[\"seizure\", \"2025-04-03\", \"sealing\"]]', 50000, 'fine', true, true"),
    ("case_facts", f"{CASE.format(2)}, 'summary', 'closed', '2025-06-01', '2025-06-01', NULL, true, 'penalty', NULL, NULL,"
     " 5000, 'warning', false, false"),
    ("case_facts", f"{CASE.format(3)}, 'ordinary', 'closed', '2025-01-05', '2025-03-31', NULL, true, 'penalty', NULL, NULL,"
     " 700, 'fine', false, false"),
    ("review_results", "gen_random_uuid(), %s, %s, gen_random_uuid(), 2025, 'cross', gen_random_uuid(), true, 'good', 8550,"
     " false, '2025-05-30'"),
    ("review_deductions", "%s, %s, '2025-05-30', gen_random_uuid(), 'reasons', '说理不充分（演示）'"),
    ("review_followups", "'rectification', %s, %s, '2025-05-30', '2025-06-30', '2025-06-01', 'reported'"),
    ("case_records", "gen_random_uuid(), %s, %s, 'mediations', '2025-05-09', NULL,"
     " '{\"venue\": \"court\", \"result\": \"agreed\"}'"),
    ("case_records", "gen_random_uuid(), %s, %s, 'litigations', '2025-05-10', NULL, '{\"remedy\": \"first_instance\","
     " \"outcome\": \"revoked\", \"heard_on\": \"2025-05-20\", \"attendance\": \"deputy\"}'"),
]  # fmt: skip
USAGE = """
    INSERT INTO tasks.records (id, district_id, unit_id, kind, occurred_on, facts, attachment_ids, state, created_by, created_at,
                               updated_at, version)
    VALUES (gen_random_uuid(), %s, %s, 'platform-usages', %s, %s::jsonb, '{}', 'active', gen_random_uuid(), now(), now(), 1)
"""
DEFECTS = "INSERT INTO published.case_defects VALUES ('00000000-0000-0000-0000-000000000002', %s, %s, false)"


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START
    world.accounts["bureau"] = UUID(int=7)


async def gathered(world: World, **changes: Any) -> str:
    asked = await world.caller("bureau").post(PATH, json=QUARTER | changes)
    assert asked.status_code == 202, asked.text
    operation = UUID(asked.json()["id"])
    await jobs.run(world.runtime, gathering.TASK, operation)
    [row] = world.rows("SELECT state, result_url FROM kit.operations WHERE id = %s", operation)
    assert row.state == "succeeded", row
    return str(row.result_url)


@pytest.fixture(scope="module")
async def draft(world: World) -> str:
    world.clock.moment = START
    world.accounts["bureau"] = UUID(int=7)
    plan = await world.plan()
    task = await world.task(plan, number=2, title="明确执法培训责任")
    await world.assignment(task, due_on=START.date() - timedelta(3))
    for view, values in NEIGHBOURS:
        world.run(f"INSERT INTO published.{view} VALUES ({values})", *[world.place.district.id, world.place.town.id])
    for rule in ("P12", "P17"):
        world.run(DEFECTS, world.place.district.id, rule)
    for day, score in (("2025-04-30", 8), ("2025-05-31", 9.5), ("2025-07-31", 1)):
        world.run(USAGE, world.place.district.id, world.place.town.id, day, json.dumps({"active_officers": 8, "score": score}))
    return await gathered(world)


async def test_figures_come_from_the_records(world: World, draft: str) -> None:
    report = ReportOut.model_validate(await world.read(draft))
    assert (report.state, str(report.period_start), str(report.period_end)) == ("draft", "2025-04-01", "2025-06-30")
    assert report.data is not None
    tables = {table.code: table.rows for table in report.data.tables}
    assert tables["tasks"] == [[2, "明确执法培训责任", 1, 0, 0, 1, 1, 0]]
    told = {code: [row[1:] for row in rows] for code, rows in tables.items() if rows}
    assert told["hours"] == [[3, 2, 6667, 4667]]
    assert told["cases"] == [[2, 2, 1, 0, 0]]
    assert told["safeguards"] == [[2, 1, 2, 1, 1]]
    assert (told["reviews"], told["grades"]) == ([[0, 1, 0, 1, 3]], [[1, 0, 1, 0, 0, 0, 8550]])
    assert (told["defects"], told["followups"]) == ([[1, 1]], [[1, 1, 1, 0]])
    assert (told["mediations"], told["litigations"]) == ([[1, 1, 0]], [[1, 1, 1, 1, 1]])
    assert (told["platform"], told["platform_scores"]) == ([[2, 1, 5000]], [[8, 950]])
    assert not [code for code in tables if code.startswith("annual_")]
    head = {each.code: each.value for each in report.data.indicators}
    assert (head["hours_met"], head["assignments_late"], head["problems_closed"]) == (6667, 1, None)
    assert (head["published_in_time"], head["legally_reviewed"], head["recorded"]) == (5000, 5000, 5000)
    assert (head["leaders_in_court"], head["litigations_lost"], head["platform_used"]) == (10000, 10000, 5000)


async def test_a_year_s_report_holds_the_tables_of_the_yearly_statistics(world: World, draft: str) -> None:
    report = ReportOut.model_validate(await world.read(await gathered(world, kind="annual", quarter=None)))
    assert report.data is not None
    tables = {table.code: table for table in report.data.tables}
    assert [code for code in tables if code.startswith("annual_")] == [
        f"annual_{name}" for name in ("penalties", "licences", "compulsions", "others", "certificates")
    ]
    penalties = tables["annual_penalties"]
    [town] = [row for row in penalties.rows if row[11]]
    titles = [column.title for column in penalties.columns]
    assert {title: value for title, value in zip(titles, town, strict=True) if value and title != "单位"} == {
        "警告通报": 1, "罚款": 2, "合计": 3, "罚没金额（元）": 55700,
    }  # fmt: skip
    # Units in which nothing happened stand there with zeros.
    assert len(penalties.rows) == len(tables["annual_compulsions"].rows) > 1
    assert sum(row[1] for row in tables["annual_compulsions"].rows) == 1


async def test_a_special_report_counts_its_own_days_alone(world: World, draft: str) -> None:
    days = {"quarter": None, "period_start": "2025-04-01", "period_end": "2025-05-15"}
    report = ReportOut.model_validate(await world.read(await gathered(world, kind="special", title="春季专项（演示）", **days)))
    assert report.data is not None
    assert (report.title, str(report.period_start), str(report.period_end)) == ("春季专项（演示）", "2025-04-01", "2025-05-15")
    tables = {table.code: table for table in report.data.tables}
    # The case of June, and those of before April, are not of these days.
    assert [row[1:] for row in tables["cases"].rows] == [[1, 1, 0, 0, 0]]
    penalties = tables["annual_penalties"]
    [town] = [row for row in penalties.rows if row[11]]
    titles = [column.title for column in penalties.columns]
    assert {title: value for title, value in zip(titles, town, strict=True) if value and title != "单位"} == {
        "罚款": 1, "合计": 1, "罚没金额（元）": 50000,
    }  # fmt: skip


async def test_what_is_recorded_of_obligations_after_the_moment_does_not_enter(world: World, draft: str) -> None:
    later = (world.place.district.id, world.place.town.id, START + timedelta(30))
    world.run(
        "INSERT INTO tasks.obligation_values (id, district_id, unit_id, obligation, year, owed, value, threshold, risk,"
        " under_way, due_on, self_declared, recorded_at)"
        " VALUES (gen_random_uuid(), %s, %s, 'O23', 2025, true, 1, 1, false, false, '2025-12-31', false, %s)", *later,
    )  # fmt: skip
    report = ReportOut.model_validate(await world.read(await gathered(world)))
    assert report.data is not None
    [owed] = [table.rows for table in report.data.tables if table.code == "obligations"]
    assert "O23" not in {row[0] for row in owed}


async def test_obligations_are_looked_through_again_only_when_something_has_happened(world: World, draft: str) -> None:
    def looked_through() -> Any:
        [row] = world.rows("SELECT max(recorded_at) AS at FROM tasks.obligation_recordings WHERE year = 2025")
        return row.at

    await gathered(world)
    before = looked_through()
    world.clock.moment = START + timedelta(minutes=1)
    await gathered(world)
    assert looked_through() == before
    message = "SELECT (jsonb_populate_record(o, jsonb_build_object('id', %s::text, 'kind', 'report.sent'))).* FROM kit.outbox o"
    world.run(f"INSERT INTO kit.outbox {message} WHERE kind = 'report.gathered' ORDER BY o.id DESC LIMIT 1", str(ids.new_id()))
    await gathered(world)
    assert looked_through() == world.clock.moment
    world.clock.moment = START + timedelta(minutes=17)
    await gathered(world)
    assert looked_through() == world.clock.moment


async def test_the_same_records_give_the_same_bytes(world: World, draft: str) -> None:
    first = ReportOut.model_validate(await world.read(draft))
    again = ReportOut.model_validate(await world.read(await gathered(world)))
    assert first.data_sha256 == again.data_sha256
    bureau = world.caller("bureau")
    one, two = [(await bureau.get(f"{draft}/file", params={"format": "json"})).content for _ in range(2)]
    assert one == two
    assert hashlib.sha256(rfc8785.dumps(json.loads(one))).hexdigest() == first.data_sha256


async def test_it_is_printed_as_pdf_word_and_workbook(world: World, draft: str) -> None:
    bureau = world.caller("bureau")
    pdf = await bureau.get(f"{draft}/file")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-"), pdf.text[:300]
    word = zipfile.ZipFile(io.BytesIO((await bureau.get(f"{draft}/file", params={"format": "docx"})).content))
    assert "平稳推进 #[*演示*]。" in word.read("word/document.xml").decode()
    book = openpyxl.load_workbook(io.BytesIO((await bureau.get(f"{draft}/file", params={"format": "xlsx"})).content))
    cells = [[cell.value for cell in row if cell.value is not None] for row in book.active.iter_rows()]
    assert ["学时达标率", "66.67%"] in cells
    taken = world.rows("SELECT after FROM kit.audit_events WHERE action = 'report.exported'")
    assert {row.after["format"] for row in taken} >= {"pdf", "docx", "xlsx"}


async def test_from_draft_to_the_government(world: World) -> None:
    report = await gathered(world, kind="annual", quarter=None)
    assert (await world.caller("government").get(report)).status_code == 404
    version = int((await world.read(report))["version"])
    changed = await world.caller("bureau").patch(report, json={"title": "年度报告（演示）"}, version=version)
    assert changed.json()["title"] == "年度报告（演示）"
    sending = {"sent_on": "2025-06-02", "sent_to": "区政府"}
    assert (await world.move(report, "send", body=sending)).json()["code"] == "report.illegal_move"
    assert (await world.move(report, "approve")).json()["code"] == "report.same_person"
    world.accounts["bureau"] = uuid4()
    assert (await world.move(report, "approve")).json()["state"] == "approved"
    assert (await world.caller("government").get(report)).status_code == 200
    early = await world.move(report, "send", body=sending | {"sent_on": "2025-06-03"})
    assert early.json()["errors"][0]["code"] == "day.in_the_future"
    sent = await world.move(report, "send", body=sending | {"document_no": "示司〔2025〕1号"})
    assert (sent.json()["state"], sent.json()["allowed_actions"]) == ("sent", [])
    assert (await world.move(report, "void", body={"reason": "误"})).status_code == 409
    actions = [
        row.action for row in world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", report[-36:])
    ]
    assert actions == ["report.asked", "report.gathered", "report.changed", "report.approved", "report.sent"]


async def test_who_may_and_what_is_refused(world: World, draft: str) -> None:
    for name in ("manager", "member", "reviewer", "platform", "admin", "auditor"):
        assert (await world.caller(name).get(PATH)).status_code == 403
    assert (await world.caller("government").post(PATH, json=QUARTER)).status_code == 403
    assert (await world.caller("foreign_bureau").get(draft)).status_code == 404
    assert await world.items(PATH, "foreign_bureau") == []
    bad = await world.caller("bureau").post(PATH, json=QUARTER | {"quarter": None, "period_start": "2025-01-01"})
    assert [fault["pointer"] for fault in bad.json()["errors"]] == ["/body/quarter", "/body/period_start"]
    early = await world.caller("bureau").post(PATH, json=QUARTER | {"quarter": 3})
    assert [(each["pointer"], each["code"]) for each in early.json()["errors"]] == [("/body/quarter", "in_the_future")]
    asked = await world.caller("bureau").post(PATH, json=QUARTER)
    [row] = world.rows("SELECT id FROM tasks.reports WHERE state = 'gathering'")
    waiting = f"{PATH}/{row.id}"
    assert (await world.caller("bureau").get(f"{waiting}/file")).json()["code"] == "report.not_ready"
    assert (await world.move(waiting, "void", body={"reason": "撤回（演示）"})).json()["state"] == "void"
    await jobs.run(world.runtime, gathering.TASK, UUID(asked.json()["id"]))
    assert (await world.read(waiting))["state"] == "void"
