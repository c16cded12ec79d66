"""Plans and tasks over HTTP: from a document or data to a draft that can be activated."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.kit import ids, jobs
from services.kit.principal import Role
from services.tasks_api.plan_imports import jobs as plan_import_jobs
from services.tasks_api.plan_imports.schemas import PlanImportOut
from services.tasks_api.plans.schemas import PlanOut, PlanPage
from services.tasks_api.tasks.schemas import TaskOut, TaskPage
from tests.client import Caller, Services
from tests.places import Place

DOCUMENT = """示例区提升执法质量行动方案（2024—2026年）

一、总体要求

到2026年底，执法质量明显提高。

二、重点任务

（一）抓好培训

1. 办好培训。每人每年学习不少于60学时。

牵头单位：示例区司法局

责任单位：各乡镇人民政府、街道办事处，天外来客局

2. 编好目录。2024年底前完成。

责任单位：示例甲镇

三、工作要求

（一）加强领导。各单位抓好落实。
"""


@pytest.fixture(scope="module", autouse=True)
def groups(place: Place, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        group = ids.new_id()
        connection.execute(
            "INSERT INTO directory.unit_groups VALUES (%s, %s, 'townships', '各乡镇人民政府、街道办事处', '{}', false, 1, now())",
            [group, place.district.id],
        )
        for unit in (place.town, place.other_town):
            connection.execute("INSERT INTO directory.unit_group_members VALUES (%s, %s, '2023-01-01', NULL)", [group, unit.id])


@pytest.fixture
def bureau(services: Services, place: Place) -> Caller:
    return Caller(services.client("tasks_api"), Role.BUREAU, unit=place.bureau)


@pytest.fixture
def member(services: Services, place: Place) -> Caller:
    return Caller(services.client("tasks_api"), Role.UNIT_MEMBER, unit=place.town)


def upload(text: str, name: str = "方案.txt") -> dict[str, Any]:
    return {"file": (name, text.encode(), "text/plain")}


async def test_a_document_becomes_a_draft_and_unknown_units_are_named(bureau: Caller, place: Place) -> None:
    answer = await bureau.post("/v1/plan-imports", files=upload(DOCUMENT))
    assert answer.status_code == 201, answer.text
    read = PlanImportOut.model_validate_json(answer.content)
    assert (read.plan.tasks, read.plan.requirements, str(read.plan.period_end)) == (2, 1, "2026-12-31")
    first = read.tasks[0]
    assert [party.unit_id for party in first.leads] == [place.bureau.id]
    assert [party.group_key for party in first.responsibles] == ["townships", None]
    assert {warning.code for warning in read.warnings} == {"unit_unknown"}
    listed = TaskPage.model_validate_json((await bureau.get("/v1/tasks", params={"plan_id": str(read.plan.id)})).content)
    assert sorted(task.number for task in listed.items) == [1, 1, 2]


async def test_a_task_longer_than_a_plan_can_hold_is_cut_and_named(bureau: Caller) -> None:
    figures = "".join(f"不少于{count}次检查，" for count in range(1, 60))
    long = DOCUMENT.replace("编好目录。", f"编好目录。{figures}{'文' * 10_000}。")
    answer = await bureau.post("/v1/plan-imports", params={"dry_run": "true"}, files=upload(long))
    assert answer.status_code == 201, answer.text
    told = {each["code"]: each["text"] for each in answer.json()["warnings"]}
    assert told["summary_cut"] == told["figures_cut"] == "2. 编好目录"


async def test_an_identity_number_in_a_document_is_hidden(bureau: Caller) -> None:
    number = "350111190001010011"
    answer = await bureau.post(
        "/v1/plan-imports",
        params={"dry_run": "true"},
        files=upload(DOCUMENT.replace("编好目录。", f"编好目录。联系人（示例）{number[:9]}\n{number[9:]}。")),
    )
    assert answer.status_code == 201, answer.text
    assert number not in answer.text
    assert "350111********0011" in answer.text


async def test_an_unknown_unit_blocks_activation_until_a_person_names_it(bureau: Caller, place: Place) -> None:
    plan = (await bureau.post("/v1/plan-imports", files=upload(DOCUMENT))).json()["plan"]
    path = f"/v1/plans/{plan['id']}"
    blocked = await bureau.post(f"{path}/activate", version=plan["version"])
    assert (blocked.status_code, blocked.json()["code"]) == (409, "plan.unknown_parties")
    tasks = (await bureau.get("/v1/tasks", params={"plan_id": plan["id"], "kind": "task", "number": "1"})).json()["items"]
    task = TaskOut.model_validate(tasks[0])
    named = [{"as_written": "各乡镇人民政府、街道办事处", "group_key": "townships"}]
    changed = await bureau.patch(f"/v1/tasks/{task.id}", json={"responsibles": named}, version=task.version)
    assert changed.status_code == 200, changed.text
    assert changed.json()["version"] == task.version + 1
    active = await bureau.post(f"{path}/activate", version=plan["version"])
    assert active.status_code == 200, active.text
    refused = await bureau.patch(f"/v1/tasks/{task.id}", json={"title": "另题"}, version=task.version + 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.not_draft")
    closed = await bureau.post(f"{path}/close", version=active.json()["version"])
    assert PlanOut.model_validate_json(closed.content).state == "closed"


async def test_a_dry_run_reads_everything_and_writes_nothing(bureau: Caller) -> None:
    before = len((await bureau.get("/v1/plans")).json()["items"])
    answer = await bureau.post("/v1/plan-imports", params={"dry_run": "true"}, files=upload(DOCUMENT))
    assert PlanImportOut.model_validate_json(answer.content).warnings
    assert len((await bureau.get("/v1/plans")).json()["items"]) == before


async def test_who_prefers_not_to_wait_gets_an_operation(bureau: Caller, services: Services) -> None:
    answer = await bureau.post("/v1/plan-imports", files=upload(DOCUMENT), headers={"Prefer": "respond-async"})
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/v1/operations/{answer.json()['id']}"
    watcher = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    watcher.token = bureau.token
    queued = await watcher.get(answer.headers["Location"])
    assert queued.json()["state"] == "queued"
    runtime = services.runtime("tasks_api")
    await jobs.run(runtime, plan_import_jobs.TASK, UUID(answer.json()["id"]))
    ended = (await watcher.get(answer.headers["Location"])).json()
    assert (ended["state"], ended["progress"]) == ("succeeded", 1)
    assert (await bureau.get(ended["result_url"])).json()["state"] == "draft"
    stranger = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    assert (await stranger.get(answer.headers["Location"])).status_code == 404


async def test_a_cancelled_operation_writes_no_plan(bureau: Caller, services: Services) -> None:
    answer = await bureau.post("/v1/plan-imports", files=upload(DOCUMENT), headers={"Prefer": "respond-async"})
    watcher = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    watcher.token = bureau.token
    before = len((await bureau.get("/v1/plans")).json()["items"])
    cancelled = await watcher.delete(answer.headers["Location"], version=1)
    assert cancelled.status_code == 202
    await jobs.run(services.runtime("tasks_api"), plan_import_jobs.TASK, UUID(answer.json()["id"]))
    assert (await watcher.get(answer.headers["Location"])).json()["state"] == "cancelled"
    assert len((await bureau.get("/v1/plans")).json()["items"]) == before


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("letter.txt", "亲爱的同事：你好。\n此致敬礼".encode(), 400, "plan_import.not_a_plan"),
        ("empty.txt", b"", 400, "plan_import.empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, 400, "plan_import.unsupported_format"),
        ("plan.docx", b"PK\x03\x04 no archive", 400, "plan_import.unreadable"),
        ("../../x.txt", DOCUMENT.encode(), 201, None),
    ],
)
async def test_what_is_no_plan_is_refused_by_name(bureau: Caller, name: str, data: bytes, status: int, code: str | None) -> None:
    answer = await bureau.post("/v1/plan-imports", params={"dry_run": "true"}, files={"file": (name, data)})
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


async def test_units_read_plans_and_only_the_bureau_writes_them(bureau: Caller, member: Caller) -> None:
    made = (await bureau.post("/v1/plan-imports", files=upload(DOCUMENT))).json()["plan"]
    assert PlanPage.model_validate_json((await member.get("/v1/plans")).content).items
    assert (await member.post("/v1/plan-imports", files=upload(DOCUMENT))).status_code == 403
    assert (await member.patch(f"/v1/plans/{made['id']}", json={"title": "x"}, version=1)).status_code == 403


async def test_a_plan_as_data_names_every_fault_of_every_task(bureau: Caller, place: Place) -> None:
    body = {
        "title": "示例方案",
        "region_code": place.district.code,
        "period_start": "2024-01-01",
        "period_end": "2026-12-31",
        "tasks": [
            {"number": 1, "title": "一", "leads": [{"as_written": "某局", "unit_id": str(place.foreign_town.id)}]},
            {"number": 1, "title": "二", "deadlines": [{"shape": "fixed"}, {"shape": "none", "due_on": "2024-12-31"}]},
            {"number": 3, "title": "三", "responsibles": [{"as_written": "某组", "group_key": "no_such_group"}]},
        ],
    }
    answer = await bureau.post("/v1/plans", json=body)
    assert answer.status_code == 400
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {
        ("/body/tasks/0/leads/0/unit_id", "not_found"),
        ("/body/tasks/1/number", "repeated"),
        ("/body/tasks/1/deadlines/0/due_on", "missing"),
        ("/body/tasks/1/deadlines/1/due_on", "not_allowed"),
        ("/body/tasks/2/responsibles/0/group_key", "not_found"),
    }
    body["tasks"] = [{"number": 1, "title": "一"}]
    made = await bureau.post("/v1/plans", json=body)
    assert made.status_code == 201, made.text
    task = (await bureau.get("/v1/tasks", params={"plan_id": made.json()["id"]})).json()["items"][0]
    part = await bureau.post(f"/v1/tasks/{task['id']}/subtasks", json={"number": 1, "title": "分项"})
    assert part.status_code == 201, part.text
    parts = TaskPage.model_validate_json((await bureau.get(f"/v1/tasks/{task['id']}/subtasks")).content)
    assert [each.title for each in parts.items] == ["分项"]
