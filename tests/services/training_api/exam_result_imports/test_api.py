"""Exam results by file: every reason against a row, repeats, dry runs, and who may send a list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.kit import cells, jobs
from services.kit.principal import Role
from services.training_api.exam_result_imports import rules
from services.training_api.exam_result_imports.jobs import TASK
from tests import sheets
from tests.client import Caller
from tests.factories import personnel
from tests.factories.training import World, id_number, problem
from tests.services.training_api.hour_imports.conftest import refusals

PATH = "/v1/exam-result-imports"
HEADINGS = ["身份证号", "人员外部编号", "姓名", "成绩"]
SERIALS = iter(range(900_000, 950_000))


async def candidate(world: World, **changes: Any) -> tuple[str, dict[str, Any]]:
    number = id_number(next(SERIALS))
    return number, await world.officer(id_number=number, **changes)


async def sent(by: Caller, exam: dict[str, Any], *rows: list[str], **options: Any) -> Any:
    files = {"file": ("成绩.csv", sheets.text([HEADINGS, *rows]), "text/csv")}
    return await by.post(f"/v1/exams/{exam['id']}/result-imports", files=files, **options)


async def done(world: World, by: Caller, exam: dict[str, Any], *rows: list[str], **options: Any) -> dict[str, Any]:
    answer = await sent(by, exam, *rows, **options)
    assert answer.status_code == 202, answer.text
    await jobs.run(world.runtime, TASK, UUID(answer.json()["id"]))
    found: dict[str, Any] = (await by.get(f"{PATH}/{answer.json()['id']}")).json()
    return found


async def results(world: World, exam: dict[str, Any]) -> dict[str, tuple[float | None, str]]:
    items = (await world.bureau.get(f"/v1/exams/{exam['id']}/results")).json()["items"]
    return {each["officer_id"]: (each.get("points"), each["outcome"]) for each in items}


@pytest.mark.parametrize(
    ("text", "found"),
    [("85", "8500"), ("85.5", "8550"), ("８５分", "8500"), ("缺考", "absent"), ("Absent", "absent"), ("0", "0")],
)
def test_points_as_people_write_them(text: str, found: str) -> None:
    assert rules.points(text) == found


@pytest.mark.parametrize("text", ["-1", "85.555", "好", "=1+1"])
def test_what_is_no_number_of_points(text: str) -> None:
    with pytest.raises(cells.NotSo):
        rules.points(text)


async def test_good_rows_count_and_bad_ones_have_every_reason(world: World) -> None:
    exam = await personnel.exam(world)
    (one, first), (two, second), (three, third) = [await candidate(world) for _ in range(3)]
    auxiliary, _ = await candidate(world, kind="auxiliary")
    sender = world.bureau
    found = await done(
        world,
        sender,
        exam,
        [one, "", first["name"], "60"],
        [two, "", "", "59.5"],
        [three, "", "", "缺考"],
        [one, "", "别人", "101"],
        [auxiliary, "", "", "80"],
        [id_number(999_998), "", "", "x"],
        ["", "", "", "80"],
    )
    assert (found["rows"], found["accepted"], found["refused"], found["repeated"]) == (7, 3, 4, 1)
    assert refusals(found) == {
        5: ["name:hours.name_mismatch", "points:too_great", "import.repeated_in_file"],
        6: ["exam.other_kind"],
        7: ["points:wrong_format", "id_number:not_found"],
        8: ["certificate_number:sheet.one_needed"],
    }
    assert await results(world, exam) == {
        first["id"]: (60, "passed"),
        second["id"]: (59.5, "failed"),
        third["id"]: (None, "absent"),
    }
    report = (await sender.get(found["report_url"], params={"format": "csv"})).content.decode("utf-8-sig").splitlines()
    assert report[1].endswith(",已导入,")
    assert "此类考试不适用于该人员" in report[5]


async def test_a_list_sent_again_changes_nothing_a_corrected_one_corrects_and_a_dry_run_writes_nothing(world: World) -> None:
    exam = await personnel.exam(world)
    number, officer = await candidate(world)
    sender = world.bureau
    dry = await done(world, sender, exam, [number, "", "", "70"], params={"dry_run": "true"})
    assert (dry["accepted"], await results(world, exam)) == (1, {})
    for _ in range(2):
        assert (await done(world, sender, exam, [number, "", "", "50"]))["accepted"] == 1
    await done(world, sender, exam, [number, "", "", "70"])
    assert await results(world, exam) == {officer["id"]: (70, "passed")}
    with world.superuser() as connection:
        query = "SELECT count(*) FROM kit.audit_events WHERE object_id = %s AND action = 'exam.results_recorded'"
        assert connection.execute(query, [exam["id"]]).fetchone() == (2,)


async def test_a_published_exam_takes_no_list(world: World) -> None:
    exam = await personnel.exam(world)
    number, officer = await candidate(world)
    waiting = await sent(world.bureau, exam, [number, "", "", "70"])
    await personnel.record(world, exam["id"], {officer["id"]: 80})
    assert (await world.bureau.post(f"/v1/exams/{exam['id']}/publish", version=1)).status_code == 200
    assert problem(await sent(world.bureau, exam, [number, "", "", "70"])) == (409, "exam.illegal_move")
    await jobs.run(world.runtime, TASK, UUID(waiting.json()["id"]))
    assert await results(world, exam) == {officer["id"]: (80, "passed")}


@pytest.mark.parametrize(
    ("role", "home", "status"),
    [
        (Role.BUREAU, "bureau", 202),
        (Role.BUREAU, "foreign_district", 404),
        (Role.UNIT_MANAGER, "town", 404),
        (Role.UNIT_MEMBER, "town", 403),
        (Role.PLATFORM, "district", 403),
        (Role.GOVERNMENT, "district", 403),
        (Role.AUDITOR, "", 403),
    ],
)
async def test_who_may_send_a_list(world: World, role: Role, home: str, status: int) -> None:
    exam = await personnel.exam(world)
    caller = world.caller(role, getattr(world.place, home) if home else None)
    assert (await sent(caller, exam, ["C-1", "", "", "70"])).status_code == status
