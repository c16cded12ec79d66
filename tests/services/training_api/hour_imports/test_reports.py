"""The report of an import, and the template."""

from __future__ import annotations

import io

import openpyxl
import pytest

from services.kit import ids, imports
from services.kit.principal import Role
from tests import sheets
from tests.factories import training
from tests.factories.training import problem
from tests.services.training_api.hour_imports.conftest import HEADINGS, PATH, Importer, Person, refusals, row


async def test_the_report_is_the_file_with_two_columns_more(importer: Importer, person: Person) -> None:
    sender = importer.world.bureau
    headings = ["序号", *HEADINGS]
    table = [["二〇二四年汇总"], headings, ["1", *row(person.number, note="-甲")], [], ["2", *row(person.number, hours="x")]]
    found = await importer.run(sheets.text(table, "gb18030"), sender)
    assert found["unknown_columns"] == ["序号"]
    text = (await sender.get(found["report_url"], params={"format": "csv"})).content.decode("utf-8-sig")
    lines = text.split("\r\n")
    assert lines[:2] == ["二〇二四年汇总", ",".join([*headings, "导入结果", "原因"])]
    assert lines[2].endswith(",'-甲,,已导入,")
    assert lines[3] == ""
    assert lines[4].endswith(",未导入,学时：格式不对")


async def test_a_report_can_be_corrected_and_sent_again(importer: Importer, person: Person) -> None:
    sender = importer.world.bureau
    first = await importer.run(sheets.text([HEADINGS, row(person.number, note="=甲"), row(person.number, hours="x")]), sender)
    for form in ("csv", "xlsx"):
        report = await sender.get(first["report_url"], params={"format": form}, headers={"Accept-Language": "en"})
        again = await importer.run(report.content, sender)
        assert (again["rows"], again["repeated"], again["unknown_columns"]) == (2, 1, ["Result", "Reasons"])
        answer = await sender.get(again["report_url"], headers={"Accept-Language": "en"})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert [cell.value for cell in sheet[1]] == [*HEADINGS, "Result", "Reasons"]
        assert [[cell.value for cell in sheet[place]][-2:] for place in (2, 3)] == [
            ["refused", "Recorded before"],
            ["refused", "hours: Wrong format"],
        ]
        assert (sheet["A2"].value, sheet["H2"].value, sheet["H2"].data_type) == (person.number, "=甲", "s")


async def test_a_dry_run_says_what_would_be(importer: Importer, person: Person) -> None:
    sender = importer.world.bureau
    found = await importer.rows(row(person.number), by=sender, params={"dry_run": "true"})
    text = (await sender.get(found["report_url"], params={"format": "csv"})).content.decode("utf-8-sig")
    assert text.split("\r\n")[1].endswith(",可导入,")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_template_can_be_sent_as_it_is(importer: Importer, form: str) -> None:
    answer = await importer.world.bureau.get(f"{PATH}/template", params={"format": form})
    assert answer.status_code == 200
    assert "filename*=UTF-8''%E5%AD%A6" in answer.headers["content-disposition"]
    found = await importer.run(answer.content)
    assert (found["rows"], found["unknown_columns"], refusals(found)) == (1, [], {2: ["id_number:not_found"]})


async def test_an_old_import_keeps_its_sums_but_not_its_file(importer: Importer, person: Person, world: training.World) -> None:
    account = ids.new_id()
    sender = world.caller(Role.BUREAU, account_id=account)
    found = await importer.rows(row(person.number), row(person.number, hours="x"), by=sender)
    world.clock.pass_time(days=world.runtime.settings.import_days, seconds=1)
    await imports.forget(world.runtime)
    sender = world.caller(Role.BUREAU, account_id=account)
    left = (await sender.get(f"{PATH}/{found['id']}")).json()
    assert [left[name] for name in ("rows", "accepted", "reasons")] == [2, 1, found["reasons"]]
    assert (left["first_refusals"], left.get("report_url")) == ([], None)
    assert problem(await sender.get(found["report_url"])) == (404, "not_found")
