"""Files of registers: a sheet of every kind goes out and comes in again; bad rows come back with every reason."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.case_records import router as case_records
from services.kit import ids, jobs
from services.kit.import_schemas import ImportOut
from services.kit.registers import columns
from services.kit.registers.imports import Files
from services.kit.sheets import Sheet
from services.tasks_api.registers.kinds import KINDS
from services.tasks_api.registers.router import FILES
from tests import sheets
from tests.factories.supervision import START, World

UNIT = UUID("0192f0c8-0000-7000-8000-000000000102")
EVERY = [*FILES.files.values(), *case_records.FILES.files.values()]
LINES = "/v1/registers/budget-lines"
HEADINGS = ["单位代码", "预算批复之日", "预算年度", "预算项目", "预算数（元）", "是否纳入本级预算", "外部编号"]


@pytest.fixture(autouse=True)
def _late_enough(world: World) -> None:
    world.clock.moment = START.replace(year=2026)
    # Imports are their sender's.
    for name in ("bureau", "member"):
        world.accounts.setdefault(name, ids.new_id())


@pytest.mark.parametrize("files", EVERY, ids=lambda files: files.store.kind.key)
def test_what_a_kind_shows_in_a_sheet_it_reads_again(files: Files) -> None:
    kind, sheet = files.store.kind, files.sheet
    facts = kind.facts.model_validate({name: value for name, value in kind.example.items() if name != "unit_id"})
    written = facts.model_dump(mode="json", exclude_none=True)
    record = written | {"id": str(ids.new_id()), "unit_id": str(UNIT), "state": "active", "created_at": "2025-06-02T20:00:00Z"}
    shown = sheet.row(record, {}, {UNIT: ("350111102", "示例镇")})
    headings = sheet.headings()
    assert len(set(headings)) == len(headings) == len(shown)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in heading) for heading in headings)
    read = Sheet(sheet.layout)
    rows = [[1, *headings], [2, *("" if cell is None else str(cell) for cell in shown)]]
    [found] = read.records(rows)
    assert (found.reasons, read.unknown) == ([], ["单位名称", "状态", "作废原因", "登记时间"])
    cells = {column.name: value for column, value in zip(sheet.layout.columns, found.values, strict=True) if value is not None}
    assert (cells.pop(columns.UNIT), cells.pop(columns.RECORD)) == ("350111102", record["id"])
    again = {name: list(value) if isinstance(value, tuple) else value for name, value in cells.items()}
    assert kind.facts.model_validate(again) == facts
    template = Sheet(sheet.layout)
    [example] = template.records([[1, *sheet.layout.template()[0]], [2, *sheet.layout.template()[1]]])
    assert {reason.code for reason in example.reasons} <= {"missing"}, kind.key


async def brought(
    world: World,
    rows: Sequence[Sequence[Any]],
    kind: str = "budget-lines",
    by: str = "bureau",
    *,
    cancelled: bool = False,
    **sent: Any,
) -> dict[str, Any]:
    """A sheet sent in, worked on, and how it went."""
    encoding = sent.pop("encoding", "")
    content = sheets.text(rows, encoding) if encoding else sheets.workbook(rows)
    path = f"/v1/registers/{kind}/imports"
    answer = await world.caller(by).post(path, files={"file": ("台账.xlsx", content)}, **sent)
    assert answer.status_code == 202, answer.text
    if cancelled:
        world.run("UPDATE kit.operations SET cancel_asked = true WHERE id = %s", answer.json()["id"])
    await jobs.run(world.runtime, FILES.of(kind).task, UUID(answer.json()["id"]))
    found = await world.caller(by).get(f"{path}/{answer.json()['id']}")
    ImportOut.model_validate_json(found.content)
    told: dict[str, Any] = found.json()
    return told


def refusals(found: Mapping[str, Any]) -> dict[int, set[str]]:
    return {
        each["row"]: {":".join(filter(None, [reason.get("column"), reason["code"]])) for reason in each["reasons"]}
        for each in found["first_refusals"]
    }


async def records(world: World, **asked: Any) -> list[dict[str, Any]]:
    return await world.items(f"{LINES}/records", state="active", **asked)


async def test_good_rows_become_records_and_bad_rows_come_back_with_every_reason(world: World) -> None:
    town, other = world.place.town.code, world.place.other_town.code
    rows: list[list[Any]] = [
        ["2027年执法经费（演示）"],
        HEADINGS,
        [town, "2025年1月25日", "2021年", "人员培训费用", "120,000.50", "是", ""],
        [town, "2025/1/25", 2021, "equipment", "3000元", "否", "B-1"],
        [town, "昨天", 2021, "培训", "很多", "也许", ""],
        ["999999", "2099-01-01", 1899, "人员培训费用", "", "是", "号 1"],
        [town, "2025-01-25", 2021, "装备配备费用", "1", "是", "B-2"],
        [town, "2025-01-26", 2021, "行政执法工作经费", "1", "是", "B-1"],
        [other, "2099-01-25", 2021, "人员培训费用", "7", "是", ""],
        [town, "2025年1月25日", "2021年", "人员培训费用", "120,000.50", "是", ""],
    ]
    tried = await brought(world, rows, params={"dry_run": "true"})
    assert ((tried["dry_run"], tried["accepted"], tried["refused"]), await records(world, year=2025)) == ((True, 2, 6), [])
    found = await brought(world, rows, encoding="gb18030", headers={"X-Change-Reason": "annual"})
    assert (found["rows"], found["accepted"], found["refused"], found["repeated"]) == (8, 2, 6, 1)
    assert refusals(found) == {
        5: {f"{name}:wrong_format" for name in ("adopted_on", "budget_fen")} | {"line:not_allowed", "in_own_budget:not_allowed"},
        6: {"unit_code:not_found", "budget_fen:missing", "budget_year:too_small", "external_id:wrong_format"},
        7: {"line:repeated"},
        8: {"external_id:repeated"},
        9: {"adopted_on:day.in_the_future"},
        10: {"import.repeated_in_file"},
    }
    made = await records(world, year=2025)
    assert {(each["line"], each["budget_fen"], each["in_own_budget"]) for each in made} == {
        ("training", 12000050, True), ("equipment", 300000, False),
    }  # fmt: skip
    trail = world.rows("SELECT object_id FROM kit.audit_events WHERE action = 'budget_lines.created'")
    sent = world.rows("SELECT object_id FROM kit.outbox WHERE kind = 'budget_lines.created'")
    assert {str(row.object_id) for row in trail} >= {each["id"] for each in made} <= {str(row.object_id) for row in sent}
    report = await world.caller("bureau").get(found["report_url"], params={"format": "csv"})
    lines = list(csv.reader(io.StringIO(report.content.decode("utf-8-sig"))))
    assert (lines[1][-2:], lines[2][-2]) == (["导入结果", "原因"], "已导入")
    assert "预算项目" in lines[6][-1]


async def test_a_sheet_may_be_sent_again_and_an_export_changed_and_sent_in(world: World) -> None:
    town = world.place.town.code
    rows: list[list[Any]] = [
        HEADINGS,
        [town, "2025-02-25", 2022, "training", "10", "是", ""],
        [town, "2025-02-25", 2022, "装备配备费用", "20", "是", "C-1"],
    ]
    await brought(world, rows)
    first = await records(world, budget_year=2022)
    rows[2][4] = "21.5"
    again = await brought(world, rows)
    assert (again["accepted"], again["refused"]) == (2, 0)
    second = {each["id"]: each for each in await records(world, budget_year=2022)}
    assert sorted((each["version"], each["budget_fen"]) for each in second.values()) == [(1, 1000), (2, 2150)]
    assert second.keys() == {each["id"] for each in first}
    sheet = await world.caller("member").get(
        f"{LINES}/export", params={"format": "csv", "on__gte": "2025-02-25", "on__lte": "2025-02-25"}
    )
    out = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert (out[0][:2], out[0][-4:]) == (["单位代码", "预算批复之日"], ["单位名称", "状态", "作废原因", "登记时间"])
    assert {(row[3], row[4]) for row in out[1:]} == {("人员培训费用", "10"), ("装备配备费用", "21.5")}
    out[1][4], out[2][4] = "11", "22"
    changed = await brought(world, out, by="member")
    assert (changed["accepted"], changed["unknown_columns"]) == (2, out[0][-4:])
    assert sorted(each["budget_fen"] for each in await records(world, budget_year=2022)) == [1100, 2200]
    out[1][out[0].index("记录编号")] = str(ids.new_id())
    out.append(out[2])
    told = refusals(await brought(world, out))
    assert told == {2: {"record_id:not_found"}, 4: {"record_id:repeated", "external_id:repeated"}}
    [taken] = world.rows("SELECT after FROM kit.audit_events WHERE action = 'budget_lines.exported' ORDER BY id DESC LIMIT 1")
    assert taken.after["on__gte"] == "2025-02-25"


async def test_what_is_referred_to_stands_by_its_name(world: World) -> None:
    town = world.place.town
    case_id, item_id = ids.new_id(), ids.new_id()
    world.run(
        "INSERT INTO published.case_files VALUES (%s, %s, %s, '榕演〔2025〕7号')", case_id, world.place.district.id, town.id
    )
    head = ["单位代码", "释法之日", "执法环节", "说明的法律规定", "听取人数", "当事人是否理解接受", "所办案卷（案号）"]
    good = [town.code, "2025-05-20", "告知", '=HYPERLINK("http://示例")', "2人", "是", "榕演〔2025〕7号"]
    other = [world.place.other_town.code, *good[1:]]
    found = await brought(world, [head, good, other, [*good[:-1], str(item_id)]], "law-explanations")
    assert refusals(found) == {3: {"case_file_id:not_found"}, 4: {"case_file_id:not_found"}}
    [made] = await world.items("/v1/registers/law-explanations/records", case_file_id=str(case_id))
    assert made["stage"] == "notice"
    sheet = await world.caller("bureau").get("/v1/registers/law-explanations/export", params={"format": "csv"})
    shown = next(row for row in csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))) if made["id"] in row)
    assert (shown[3], shown[5]) == ('\'=HYPERLINK("http://示例")', "榕演〔2025〕7号")
    named = [["单位代码", "会商之日", "会商形式", "议题", "参加单位（单位代码）", "议定事项"],
             [town.code, "2025-03-28", "定期会商", "议题（演示）", f"{world.place.bureau.code}、{town.code}", "按季通报"],
             [town.code, "2025-03-28", "定期会商", "议题（演示）", world.place.foreign_town.code, "按季通报"]]  # fmt: skip
    assert refusals(await brought(world, named, "consultations")) == {3: {"member_unit_ids:not_found"}}


async def test_areas_stand_by_their_names_and_granted_items_by_their_codes(world: World) -> None:
    town, place, item_id = world.place.town, world.place, ids.new_id()
    areas = KINDS["joint-areas"]
    area = areas.example | {"unit_id": str(town.id), "member_unit_ids": [str(place.bureau.id)], "name": "示例南片区"}
    assert (await world.caller("bureau").post(areas.path, json=area)).status_code == 201
    known = "INSERT INTO cases.records (id, district_id, unit_id, kind, occurred_on, subject_id, facts, attachment_ids, state,"
    world.run(
        f"{known} created_by, created_at, updated_at, version) VALUES (%s, %s, %s, 'granted-items', '2023-07-01', %s,"
        " '{\"item_code\": \"CG-001\", \"item\": \"示例\"}', '{}', 'active', %s, now(), now(), 1)",
        item_id, place.district.id, town.id, place.bureau.id, item_id,
    )  # fmt: skip
    operations = ["单位代码", "行动之日", "行动名称", "所属片区（片区名称）", "参加单位（单位代码）", "出动执法人员人次",
                  "检查对象数", "发现违法行为数", "立案数"]  # fmt: skip
    row = [town.code, "2025-05-20", "联合行动（演示）", "示例南片区", place.bureau.code, 6, 5, 2, 1]
    found = await brought(world, [operations, row, [*row[:3], "没有的片区", *row[4:]]], "joint-operations")
    assert (found["accepted"], refusals(found)) == (1, {3: {"joint_area_id:not_found"}})
    assessments = [
        "单位代码",
        "评估之日",
        "赋权的区级部门（单位代码）",
        "所评估的赋权事项（单位代码/事项编码）",
        "评估结论",
        "评估情况",
    ]
    given = [town.code, "2024-12-20", place.bureau.code, f"{town.code}/CG-001", "保留", "运行平稳（演示）"]
    found = await brought(world, [assessments, given], "grant-assessments")
    assert found["accepted"] == 1, found
    [made] = await world.items("/v1/registers/grant-assessments/records", unit_id=str(town.id), year=2024)
    assert made["granted_item_id"] == str(item_id)
    sheet = await world.caller("bureau").get("/v1/registers/grant-assessments/export", params={"format": "csv"})
    assert f"{town.code}/CG-001" in sheet.content.decode("utf-8-sig")


async def test_who_sends_and_takes_files(world: World) -> None:
    town = world.place.town.code
    rows: list[list[Any]] = [HEADINGS, [town, "2025-03-25", 2020, "training", "10", "是", "D-1"]]
    foreign = await brought(world, [HEADINGS, [world.place.other_town.code, *rows[1][1:]]], by="member")
    assert refusals(foreign) == {2: {"unit_code:not_found"}}
    cancelled = await brought(world, rows, cancelled=True)
    assert (cancelled["state"], await records(world, budget_year=2020)) == ("cancelled", [])
    book = {"file": ("x.xlsx", sheets.workbook(rows))}
    for name, key, status in (
        ("government", "budget-lines", 403), ("auditor", "budget-lines", 403), ("member", "supervision-acts", 403),
        ("bureau", "unknown-things", 404),
    ):  # fmt: skip
        answer = await world.caller(name).post(f"/v1/registers/{key}/imports", files=book)
        assert answer.status_code == status, (name, answer.text)
    wrong = await world.caller("bureau").post(f"{LINES}/imports", files={"file": ("x.xlsx", b"%PDF-1.7")})
    assert (wrong.status_code, wrong.json()["code"]) == (415, "sheet.kind_not_allowed")
    assert (await world.client.get(f"{LINES}/export")).status_code == 401
    assert (await world.caller("auditor").get(f"{LINES}/export")).status_code == 403
    hidden = await world.caller("other_manager").get(f"{LINES}/export", params={"format": "csv"})
    assert town not in hidden.content.decode()
    template = await world.caller("member").get(f"{LINES}/imports/template", params={"format": "csv"})
    assert template.content.decode("utf-8-sig").startswith("单位代码,预算批复之日,预算年度")
    mine = await world.items(f"{LINES}/imports", "member")
    assert mine[0]["id"] == foreign["id"]
    other = await world.caller("bureau").get(f"{LINES}/imports/{mine[0]['id']}")
    assert other.status_code == 404


def test_words_stand_in_the_document_beside_their_codes() -> None:
    schema = json.dumps(KINDS["budget-lines"].facts.model_json_schema(), ensure_ascii=False)
    assert "人员培训费用" in schema
