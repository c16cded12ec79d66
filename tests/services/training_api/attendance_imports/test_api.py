"""Attendance by file: whom rows mean, every reason against them, dry runs, repeats, and who may send a sheet."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from services.kit import jobs
from services.kit.principal import Role
from services.training_api.attendance_imports.jobs import TASK
from services.training_api.attendance_imports.rules import LAYOUT
from tests import sheets
from tests.client import Caller
from tests.factories import classes, personnel
from tests.factories.training import World, id_number, problem
from tests.services.training_api.hour_imports.conftest import refusals

PATH = "/v1/attendance-imports"
HEADINGS = ["执法证号", "身份证号", "人员外部编号", "姓名", "考勤", "缺席课次", "缺课分钟"]
SERIALS = iter(range(800_000, 900_000))


async def person(world: World, **changes: Any) -> tuple[str, dict[str, Any]]:
    """An officer with the number that the service keeps sealed."""
    number = id_number(next(SERIALS))
    return number, await world.officer(id_number=number, **changes)


async def sent(world: World, held: dict[str, Any], *rows: list[str], by: Caller | None = None, **options: Any) -> Any:
    content = sheets.text([HEADINGS, *rows])
    path = classes.path(held, "/attendance-imports")
    return await (by or world.manager).post(path, files={"file": ("考勤.csv", content, "text/csv")}, **options)


async def done(world: World, held: dict[str, Any], *rows: list[str], by: Caller | None = None, **options: Any) -> dict[str, Any]:
    """An import run to its end, as its sender sees it."""
    caller = by or world.manager
    answer = await sent(world, held, *rows, by=caller, **options)
    assert answer.status_code == 202, answer.text
    key = answer.json()["id"]
    await jobs.run(world.runtime, TASK, UUID(key))
    found: dict[str, Any] = (await caller.get(f"{PATH}/{key}")).json()
    return found


async def recorded(world: World, held: dict[str, Any]) -> dict[str, tuple[bool | None, int | None]]:
    items = (await world.bureau.get(classes.path(held, "/enrolments"))).json()["items"]
    return {each["officer_id"]: (each.get("present"), each.get("missed_minutes")) for each in items}


def row(certificate: str = "", number: str = "", external: str = "", name: str = "", *rest: str) -> list[str]:
    return [certificate, number, external, name, *(rest or ("出勤", "", ""))]


async def test_officers_are_found_by_each_of_their_numbers(world: World) -> None:
    held = await world.training_class()
    number, by_number = await person(world)
    certified = await world.officer()
    await personnel.passed(world, certified)
    certificate = await personnel.certificate(world, certified)
    external = await world.officer(external_system="platform", external_id="EXT-77")
    found = await done(
        world,
        held,
        row(number=number, name=by_number["name"]),
        row(certificate["number"]),
        row("", "", "EXT-77", "", "出勤", "", "15分钟"),
    )
    assert (found["accepted"], found["refused"], found["state"]) == (3, 0, "succeeded")
    marks = await recorded(world, held)
    assert marks == {by_number["id"]: (True, 0), certified["id"]: (True, 0), external["id"]: (True, 15)}


async def test_each_bad_row_has_all_its_reasons_and_the_good_ones_are_recorded(world: World) -> None:
    held = await world.training_class()
    number, good = await person(world)
    twice, _ = await person(world)
    # Who left since is still on record; on the day of the class that person was not in service.
    gone, _ = await person(world, hired_on="2024-09-01")
    sender = world.manager
    found = await done(
        world,
        held,
        row(number=number),
        row(number=id_number(999_999)),
        row("", twice, "", "别人", "不知道", "9", "x"),
        row(number=twice),
        row(number=twice),
        row("", "", "", "无号"),
        row("", number, "EXT-NOBODY"),
        row(number=gone),
        row("", twice, "", "", "出勤", "7", "100000"),
        by=sender,
    )
    assert (found["rows"], found["accepted"], found["refused"]) == (9, 2, 7)
    assert refusals(found) == {
        3: ["id_number:not_found"],
        4: [
            "present:not_allowed",
            "missed_minutes:wrong_format",
            "name:hours.name_mismatch",
            "missed_sessions:class.unknown_session",
        ],
        6: ["import.repeated_in_file"],
        7: ["certificate_number:sheet.one_needed"],
        8: ["officer_external_id:not_found"],
        9: ["hours.not_in_service"],
        10: ["missed_sessions:class.unknown_session", "missed_minutes:class.missed_exceeds", "import.repeated_in_file"],
    }
    assert (await recorded(world, held))[good["id"]] == (True, 0)
    report = await sender.get(found["report_url"], params={"format": "csv"})
    lines = report.content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("缺课分钟,导入结果,原因")
    assert lines[1].endswith(",已导入,")
    assert "没有此课次" in lines[9]
    assert "缺课时间超过全班课时" in lines[9]


async def test_a_sheet_sent_again_changes_nothing_and_a_corrected_one_corrects(world: World) -> None:
    held = await world.training_class()
    number, officer = await person(world)
    await done(world, held, row("", number, "", "", "缺勤", "", ""))
    assert (await recorded(world, held))[officer["id"]] == (False, 480)
    before = (await world.manager.get(classes.path(held))).json()["version"]
    again = await done(world, held, row("", number, "", "", "缺勤", "", ""))
    assert (again["accepted"], again["refused"]) == (1, 0)
    assert (await world.manager.get(classes.path(held))).json()["version"] == before
    await done(world, held, row("", number, "", "", "到", "", "30"))
    assert (await recorded(world, held))[officer["id"]] == (True, 30)
    assert classes.told(world, held).count("class.attendance_recorded") == 2
    assert classes.told(world, held, "kit.outbox").count("class.attendance_recorded") == 2


async def test_a_dry_run_reports_and_leaves_nothing(world: World) -> None:
    held = await world.training_class()
    number, _ = await person(world)
    found = await done(world, held, row(number=number), row("", number, "", "", "?"), params={"dry_run": "true"})
    assert (found["dry_run"], found["accepted"], found["refused"]) == (True, 1, 1)
    assert await recorded(world, held) == {}
    assert "class.attendance_recorded" not in classes.told(world, held) + classes.told(world, held, "kit.outbox")


async def test_nobody_becomes_absent_once_hours_were_posted(world: World) -> None:
    number, officer = await person(world)
    held = await classes.held_with(world, officer)
    found = await done(world, held, row("", number, "", "", "缺勤", "", ""))
    assert refusals(found) == {2: ["present:class.hours_posted"]}


async def test_a_class_that_has_not_begun_or_is_cancelled_takes_no_sheet(world: World) -> None:
    number, _ = await person(world)
    ahead = await world.training_class(starts_at="2024-12-03T01:00:00Z", ends_at="2024-12-03T09:00:00Z")
    assert problem(await sent(world, ahead, row(number=number))) == (409, "class.not_begun")
    held = await world.training_class()
    sender = world.manager
    answer = await sent(world, held, row(number=number), by=sender)
    await sender.post(classes.path(held, "/cancel"), json=classes.REASON, version=held["version"])
    key = answer.json()["id"]
    await jobs.run(world.runtime, TASK, UUID(key))
    found = (await sender.get(f"{PATH}/{key}")).json()
    assert (found["state"], found["problem"]["code"]) == ("failed", "class.cancelled")


@pytest.mark.parametrize(
    ("role", "home", "status"),
    [
        (Role.BUREAU, "bureau", 202),
        (Role.UNIT_MANAGER, "town", 202),
        (Role.UNIT_MEMBER, "town", 202),
        (Role.UNIT_MANAGER, "other_town", 404),
        (Role.BUREAU, "foreign_district", 404),
        (Role.PLATFORM, "district", 403),
        (Role.GOVERNMENT, "district", 403),
        (Role.REVIEWER, "town", 403),
        (Role.SYSTEM_ADMIN, "", 403),
        (Role.AUDITOR, "", 403),
    ],
)
async def test_who_may_send_a_sheet(world: World, role: Role, home: str, status: int) -> None:
    held = await world.training_class()
    caller = world.caller(role, getattr(world.place, home) if home else None)
    answer = await sent(world, held, row("C-1"), by=caller)
    assert answer.status_code == status
    if status == 202:
        path = f"{PATH}/{answer.json()['id']}"
        assert (await caller.get(path)).status_code == 200
        assert (await world.caller(role, getattr(world.place, home)).get(path)).status_code == 404


async def test_others_people_are_found_only_on_the_list(world: World) -> None:
    held = await world.training_class()
    number, officer = await person(world, unit=world.place.other_town)
    found = await done(world, held, row(number=number))
    assert refusals(found) == {2: ["id_number:not_found"]}
    await classes.enrol(world.caller(Role.UNIT_MANAGER, world.place.other_town), held, officer)
    assert (await done(world, held, row(number=number)))["accepted"] == 1


async def test_the_template_can_be_filled_and_sent_in(world: World) -> None:
    answer = await world.manager.get(f"{PATH}/template")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    headings, example = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert headings == [column.title for column in LAYOUT.columns]
    assert LAYOUT.lacking(LAYOUT.placed([str(each) for each in headings])) == []
    assert example[headings.index("考勤")] == "出勤"
