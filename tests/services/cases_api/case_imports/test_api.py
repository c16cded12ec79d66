"""Case files of past years from sheets: good rows become files, bad rows come back with every reason, nothing counts twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.case_imports.jobs import TASK
from services.cases_api.case_imports.rules import LAYOUT
from services.kit import jobs
from services.kit.import_schemas import ImportOut
from services.kit.principal import Role
from tests import sheets
from tests.client import Caller
from tests.factories.cases import CREDIT_CODE, RESIDENT_ID, World

PATH = "/v1/case-imports"
HEADINGS = [column.title for column in LAYOUT.columns]


@dataclass
class Importer:
    """Sends sheets in and runs their jobs."""

    world: World

    async def rows(self, *rows: list[Any], by: Caller | None = None, headings: list[str] = HEADINGS, **options: Any) -> Any:
        caller = by or self.world.manager
        content = sheets.workbook([headings, *rows])
        sent = await caller.post(PATH, files={"file": ("历史案卷.xlsx", content)}, **options)
        assert sent.status_code == 202, sent.text
        await jobs.run(self.world.services.runtime("cases_api"), TASK, UUID(sent.json()["id"]))
        answer = await caller.get(f"{PATH}/{sent.json()['id']}")
        ImportOut.model_validate_json(answer.content)
        return answer.json()

    def row(self, **changes: Any) -> list[Any]:
        """A good row of the town, closed and archived."""
        found = self.world.rows("SELECT number FROM training.certificates WHERE unit_id = %s", self.world.place.town.id)
        facts = {
            "unit_code": self.world.place.town.code, "kind": "行政处罚", "procedure": "普通程序", "party_kind": "自然人",
            "party_name": "林演示", "id_number": RESIDENT_ID, "officers": "、".join(row[0] for row in found),
            "item": "占道经营（演示）",
            "legal_bases": "《示例条例》第一条；《示例条例》第二条", "filed_on": "2021-03-01", "decided_on": "2021年4月1日",
            "penalties": "罚款、警告",
            "fine_fen": "12,500.50", "closed_on": "2021-05-01", "archived_on": "2021-05-20",
        }  # fmt: skip
        return [(facts | changes).get(column.name, "") for column in LAYOUT.columns]


@pytest.fixture(scope="module")
def importer(cases_world: World) -> Importer:
    """The importer of the module's world."""
    return Importer(cases_world)


def refusals(found: Any) -> dict[int, set[str]]:
    """Refused rows with the columns and codes of their reasons."""
    return {
        each["row"]: {":".join(filter(None, [reason.get("column"), reason["code"]])) for reason in each["reasons"]}
        for each in found["first_refusals"]
    }


async def test_good_rows_become_closed_files_and_bad_rows_come_back_with_every_reason(importer: Importer) -> None:
    world, foreign = importer.world, importer.world.place.other_town
    offline = {"offline_reason": "平台故障", "obstacle_ended_on": "2025-03-03", "keyed_in_on": "2025-03-20"}
    found = await importer.rows(
        importer.row(case_no="榕演〔2021〕1号"),
        importer.row(
            case_no="榕演〔2021〕2号",
            party_kind="法人",
            party_name="虚构商行",
            id_number=CREDIT_CODE,
            filed_on="2025-03-01",
            decided_on="2025-03-02",
            closed_on="2025-03-02",
            archived_on="",
            **offline,
        ),
        importer.row(
            case_no="榕演〔2021〕3号",
            kind="罚",
            filed_on="昨天",
            id_number=RESIDENT_ID[:-1] + "0",
            fine_fen="一百",
            closed_on="2099-01-01",
        ),
        importer.row(case_no="榕演〔2021〕4号", unit_code=foreign.code, officers="99999999999", decided_on=""),
        importer.row(case_no="榕演〔2021〕1号", item="同号另案"),
        importer.row(external_id="E-7", obstacle_ended_on="2021-01-01", item=f"代{RESIDENT_ID}办理"),
        importer.row(),
    )
    assert (found["rows"], found["accepted"], found["refused"]) == (7, 2, 5)
    assert refusals(found) == {
        4: {"kind:not_allowed", "closed_on:day.in_the_future"}
        | {f"{name}:wrong_format" for name in ("filed_on", "fine_fen", "id_number")},
        5: {"unit_code:not_found", "officers:not_found", "decided_on:missing"},
        6: {"case_no:repeated"},
        7: {"external_system:missing", "offline_reason:missing", "item:sheet.identity_misplaced"},
        8: {"case_no:sheet.one_needed"},
    }  # fmt: skip
    listed = (await world.manager.get("/v1/case-files", params={"case_no": "榕演〔2021〕1号"})).json()["items"][0]
    file = (await world.manager.get(f"/v1/case-files/{listed['id']}")).json()
    assert (file["state"], file["amount_fen"], len(file["legal_bases"])) == ("archived", 1250050, 2)
    assert file["party"]["name_masked"] == "林**"
    decision = next(step for step in file["steps"] if step["step"] == "decision")
    assert (decision["penalties"], decision["fine_fen"]) == (["fine", "warning"], 1250050)
    late = (await world.manager.get("/v1/case-files", params={"q": "虚构商行"})).json()["items"][0]
    assert (late["offline_reason"], late["obstacle_ended_on"], late["keyed_in_on"]) == (
        "platform_fault",
        "2025-03-03",
        "2025-03-20",
    )
    kept = world.rows("SELECT content FROM kit.import_chunks"), world.rows("SELECT f::text FROM cases.case_files f")
    assert RESIDENT_ID not in str(kept)
    actions = world.rows("SELECT action, count(*) FROM kit.audit_events WHERE object_type = 'case_file' GROUP BY action")
    assert ("case_file.created", 2) in actions


async def test_a_sheet_may_be_sent_again_and_a_dry_run_writes_nothing(importer: Importer) -> None:
    rows = [importer.row(case_no=f"榕演〔2020〕{place}号", filed_on="2020-01-01") for place in range(3)]
    tried = await importer.rows(*rows, params={"dry_run": "true"})
    assert (tried["accepted"], tried["dry_run"]) == (3, True)
    count = "SELECT count(*) FROM cases.case_files WHERE filed_on = '2020-01-01'"
    assert importer.world.rows(count) == [(0,)]
    assert (await importer.rows(*rows, rows[0]))["accepted"] == 3
    again = await importer.rows(*rows)
    assert (again["accepted"], again["repeated"]) == (0, 3)
    assert importer.world.rows(count) == [(3,)]
    sequences = importer.world.rows("SELECT sequence FROM cases.case_numbers WHERE year = 2020 ORDER BY 1")
    assert sequences == [(1,), (2,), (3,)]
    english = await importer.rows(rows[0], headings=[column.name.replace("_", " ") for column in LAYOUT.columns])
    assert english["repeated"] == 1


async def test_numbers_written_like_the_units_own_keep_their_place_and_are_never_given_again(importer: Importer) -> None:
    world, code = importer.world, importer.world.place.town.code
    rows = [importer.row(case_no=f"{code}-2018-CF-{place:05}", filed_on="2018-01-01") for place in (3, 1)]
    assert (await importer.rows(*rows, importer.row(case_no="旧〔2018〕1号", filed_on="2018-01-01")))["accepted"] == 3
    wanted = {"unit_id": str(world.place.town.id), "kind": "penalty", "year": 2018, "count": 2}
    reserved = (await world.manager.post("/v1/case-numbers", json=wanted)).json()["items"]
    assert [each["number"] for each in reserved] == [f"{code}-2018-CF-{place:05}" for place in (4, 5)]
    taken = world.rows("SELECT sequence, number FROM cases.case_numbers WHERE year = 2018 ORDER BY 1")
    assert [row[0] for row in taken] == [1, 2, 3, 4, 5]
    assert taken[1][1] == "旧〔2018〕1号"
    assert world.rows("SELECT last, ahead FROM cases.number_counters WHERE year = 2018") == [(5, [])]
    late = await importer.rows(importer.row(case_no=f"{code}-2018-CF-00005", filed_on="2018-02-02"))
    assert refusals(late) == {2: {"case_no:repeated"}}


async def test_only_leaders_and_the_platform_import_and_each_into_the_own_units(importer: Importer) -> None:
    world = importer.world
    for role in (Role.UNIT_MEMBER, Role.BUREAU, Role.REVIEWER, Role.GOVERNMENT):
        caller = world.caller(role, unit=world.place.town)
        assert (await caller.post(PATH, files={"file": ("a.csv", b"x")})).status_code == 403, role
    row = importer.row(case_no="榕演〔2019〕1号", filed_on="2019-01-01")
    other = await importer.rows(row, by=world.caller(Role.UNIT_MANAGER, unit=world.place.other_town))
    assert refusals(other) == {2: {"unit_code:not_found"}}
    assert (await importer.rows(row, by=world.platform))["accepted"] == 1
    template = await world.manager.get(f"{PATH}/template")
    assert template.status_code == 200
