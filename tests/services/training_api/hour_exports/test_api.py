"""Exports: the rows of the list, for the same people, as files without formulas, each noted."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import openpyxl
import pytest

from services.kit.principal import Role
from services.training_api.hour_exports import actions, rules
from tests.client import Caller
from tests.factories import training
from tests.factories.training import problem

HOURS, COMPLIANCE = "/v1/hour-entries/export", "/v1/compliance/officers/export"


@pytest.fixture(scope="module")
async def people(world: training.World) -> dict[str, dict[str, Any]]:
    """An officer of the town with hours, and one elsewhere."""
    world.clock.moment = training.START
    mine = await world.officer(name="示例甲")
    theirs = await world.officer(world.place.other_town, name="示例乙")
    foreign = await world.officer(world.place.foreign_town)
    first = await world.hours(
        mine, note='=HYPERLINK("x")', hours=4.5, starts_at="2024-05-06T01:00:00Z", ends_at="2024-05-06T05:30:00Z"
    )
    await world.reverse(first)
    await world.hours(theirs, source="self_study", external_id="E-9")
    return {"mine": mine, "theirs": theirs, "foreign": foreign}


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def hours(by: Caller, **params: Any) -> list[dict[str, str]]:
    return rows(await by.get(HOURS, params={"format": "csv", **params}))


async def test_the_ledger_as_a_text(world: training.World, people: dict[str, Any]) -> None:
    await world.seal()
    found = await hours(world.bureau)
    assert list(found[0]) == rules.HOUR_HEADINGS
    shown = ["单位", "姓名", "类别", "学时", "日期", "开始时间", "结束时间", "来源", "状态", "备注", "外部编号"]
    assert [[row[name] for name in shown] for row in found] == [
        ["示例甲镇", "示例甲", "业务知识", "4.5", "2024-05-06", "2024-05-06 09:00", "2024-05-06 13:30", "面授", "已入账",
         '\'=HYPERLINK("x")', ""],
        ["示例甲镇", "示例甲", "业务知识", "-4.5", "2024-05-06", "", "", "面授", "已入账", "误登", ""],
        ["示例乙镇", "示例乙", "业务知识", "4", "2024-05-06", "", "", "自学", "待确认", "", "E-9"],
    ]  # fmt: skip
    assert found[1]["冲正的记录"] == found[0]["记录编号"]
    assert all(len(row["链哈希"]) == 64 for row in found)


async def test_no_cell_of_the_workbook_is_a_formula(world: training.World, people: dict[str, Any]) -> None:
    answer = await world.bureau.get(HOURS)
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert (sheet["F2"].value, sheet["N2"].value) == (4.5, '=HYPERLINK("x")')


async def test_the_filters_of_the_list_hold(world: training.World, people: dict[str, Any]) -> None:
    assert len(await hours(world.bureau, officer_id=people["mine"]["id"])) == 2
    assert len(await hours(world.bureau, state="pending")) == 1
    assert await hours(world.bureau, year=2023) == []
    assert len(await hours(world.bureau, occurred_on__gte="2024-05-06", occurred_on__lte="2024-05-06")) == 3
    assert problem(await world.bureau.get(HOURS, params={"limit": 10})) == (400, "invalid_input")


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_pages_join_without_a_seam(
    world: training.World, people: dict[str, Any], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    whole = await hours(world.bureau)
    monkeypatch.setattr(actions, "PAGE", size)
    assert await hours(world.bureau) == whole


async def test_who_sees_what(world: training.World, people: dict[str, Any]) -> None:
    seen = {role: [row["姓名"] for row in await hours(world.caller(role))] for role in (Role.UNIT_MANAGER, Role.PLATFORM)}
    assert seen == {Role.UNIT_MANAGER: ["示例甲", "示例甲"], Role.PLATFORM: ["示**", "示**", "示**"]}
    figures = await world.manager.get(COMPLIANCE, params={"format": "csv", "year": 2024})
    assert [row["姓名"] for row in rows(figures)] == ["示例甲"]
    for role in (Role.GOVERNMENT, Role.AUDITOR, Role.SYSTEM_ADMIN):
        assert problem(await world.caller(role).get(HOURS)) == (403, "forbidden")
        assert problem(await world.caller(role).get(COMPLIANCE, params={"year": 2024})) == (403, "forbidden")


async def test_compliance_as_a_file(world: training.World, people: dict[str, Any]) -> None:
    found = rows(await world.bureau.get(COMPLIANCE, params={"format": "csv", "year": 2024}))
    assert list(found[0]) == rules.COMPLIANCE_HEADINGS
    by_name = {row["姓名"]: row for row in found}
    assert set(by_name) == {"示例甲", "示例乙"}
    mine = await world.compliance(people["mine"])
    row = by_name["示例甲"]
    assert [float(row[name]) for name in ("应修学时", "有效学时", "欠缺学时")] == [
        mine["required_hours"], mine["valid_hours"], mine["missing_hours"],
    ]  # fmt: skip
    assert (row["结果"], row["年度"], row["单位"]) == ("不足", "2024", "示例甲镇")
    met = await world.bureau.get(COMPLIANCE, params={"format": "csv", "year": 2024, "status": "met"})
    assert rows(met) == []
    future = {"year": 2024, "as_of": "2030-01-01T00:00:00Z"}
    assert problem(await world.bureau.get(COMPLIANCE, params=future)) == (400, "invalid_input")


async def test_each_export_is_noted(world: training.World, people: dict[str, Any]) -> None:
    await hours(world.bureau, year=2024)
    await world.bureau.get(COMPLIANCE, params={"year": 2024})
    with world.superuser() as connection:
        noted = connection.execute(
            "SELECT DISTINCT ON (action) action, after FROM kit.audit_events WHERE action LIKE '%%.exported'"
            " ORDER BY action, id DESC"
        ).fetchall()
    assert noted == [
        ("compliance.exported", {"format": "xlsx", "year": 2024}),
        ("hour_entry.exported", {"format": "csv", "year": 2024}),
    ]
