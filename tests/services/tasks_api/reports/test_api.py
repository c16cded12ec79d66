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

from services.kit import jobs
from services.tasks_api.reports import jobs as gathering
from services.tasks_api.reports.schemas import ReportOut
from tests.factories.supervision import START, World

PATH = "/v1/reports"
QUARTER = {"kind": "quarterly", "year": 2025, "quarter": 2, "sections": [{"heading": "总体情况", "text": "平稳推进 #[*演示*]。"}]}


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
    world.run(
        "INSERT INTO published.unit_training_hours VALUES (%s, %s, 2025, 3, 2)", world.place.district.id, world.place.town.id
    )
    return await gathered(world)


async def test_figures_come_from_the_records(world: World, draft: str) -> None:
    report = ReportOut.model_validate(await world.read(draft))
    assert (report.state, str(report.period_start), str(report.period_end)) == ("draft", "2025-04-01", "2025-06-30")
    assert report.data is not None
    tables = {table.code: table.rows for table in report.data.tables}
    assert tables["tasks"] == [[2, "明确执法培训责任", 1, 0, 1, 1]]
    assert [row[1:] for row in tables["hours"]] == [[3, 2, 6667]]
    head = {each.code: each.value for each in report.data.indicators}
    assert (head["hours_met"], head["assignments_late"], head["problems_closed"]) == (6667, 1, None)


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
    asked = await world.caller("bureau").post(PATH, json=QUARTER)
    [row] = world.rows("SELECT id FROM tasks.reports WHERE state = 'gathering'")
    waiting = f"{PATH}/{row.id}"
    assert (await world.caller("bureau").get(f"{waiting}/file")).json()["code"] == "report.not_ready"
    assert (await world.move(waiting, "void", body={"reason": "撤回（演示）"})).json()["state"] == "void"
    await jobs.run(world.runtime, gathering.TASK, UUID(asked.json()["id"]))
    assert (await world.read(waiting))["state"] == "void"
