"""The working-day calendar over HTTP: import of a year, correction by the bureau, questions, and years nobody knows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from services.directory_api.working_days import schemas
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place

PATH = "/v1/working-days"
NOTICES = Path(__file__).parents[4] / "admin" / "reference" / "calendar.yaml"


def notice(year: int) -> dict[str, Any]:
    found = next(each for each in yaml.safe_load(NOTICES.read_text(encoding="utf-8"))["years"] if each["year"] == year)
    holidays = [{"day": day, "name": each["name"]} for each in found["holidays"] for day in each["days"]]
    return {"source": found["source"], "holidays": holidays, "make_up_days": found["make_up_days"]}


@pytest.fixture(scope="module", autouse=True)
async def calendar(services: Services) -> None:
    """The years 2024 to 2026, as a fresh system loads them."""
    admin = Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    for year in (2024, 2025, 2026):
        made = await admin.put(f"{PATH}/{year}", json=notice(year))
        assert made.status_code == 200, made.text


async def test_a_year_is_read_whole_with_its_source(bureau: Caller) -> None:
    answer = await bureau.get(PATH, params={"year": 2024})
    year = schemas.CalendarYearOut.model_validate_json(answer.content)
    assert (len(year.items), year.working_days, year.version) == (366, 251, 1)
    assert [day.day for day in year.items] == sorted(day.day for day in year.items)
    assert (await bureau.get(PATH, params={"year": 2024}, headers={"If-None-Match": answer.headers["ETag"]})).status_code == 304


@pytest.mark.parametrize(
    ("day", "working"), [("2024-02-09", True), ("2024-02-12", False), ("2024-02-18", True), ("2025-10-11", True)]
)
async def test_a_day_is_checked(bureau: Caller, day: str, working: bool) -> None:
    assert (await bureau.get(f"{PATH}/check", params={"on": day})).json() == {"on": day, "working": working}


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2024-02-09", 1, "2024-02-18"),
        ("2024-09-30", 5, "2024-10-12"),
        ("2024-12-31", 249, "2026-01-04"),
        ("2024-05-01", 0, "2024-05-01"),
    ],
)
async def test_days_are_added_across_years(bureau: Caller, start: str, days: int, end: str) -> None:
    answer = await bureau.get(f"{PATH}/add", params={"from": start, "days": days})
    assert answer.json() == {"on": end}


@pytest.mark.parametrize(
    ("path", "params", "year"),
    [
        ("", {"year": 2027}, "2027"),
        ("/check", {"on": "2023-05-04"}, "2023"),
        ("/check", {"on": "9999-12-31"}, "9999"),
        ("/add", {"from": "2026-12-20", "days": 30}, "2027"),
        ("/add", {"from": "2023-12-29", "days": 2}, "2023"),
        ("/add", {"from": "9999-12-31", "days": 1000}, "10000"),
        ("/add", {"from": "9998-12-31", "days": 1000}, "9999"),
    ],
)
async def test_a_year_nobody_imported_is_a_clear_error(bureau: Caller, path: str, params: dict[str, Any], year: str) -> None:
    answer = await bureau.get(PATH + path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (409, "calendar.missing_year"), answer.text
    assert year in answer.json()["detail"]


async def test_the_bureau_corrects_a_year_for_everyone(
    bureau: Caller, services: Services, place: Place, owner: psycopg.Connection
) -> None:
    wanted = notice(2026)
    # As announced late: one more day off, and one make-up day fewer.
    wanted["holidays"].append({"day": "2026-09-28", "name": "临时放假（演示）"})
    wanted["make_up_days"].remove("2026-02-28")
    assert (await bureau.put(f"{PATH}/2026", json=wanted)).status_code == 428
    shown = await bureau.put(f"{PATH}/2026", json=wanted, version=1, params={"dry_run": "true"})
    assert shown.json()["version"] == 2
    assert (await bureau.get(f"{PATH}/check", params={"on": "2026-02-28"})).json()["working"]
    done = await bureau.put(f"{PATH}/2026", json=wanted, version=1)
    assert (done.status_code, done.headers["ETag"]) == (200, '"v2"'), done.text
    assert (await bureau.put(f"{PATH}/2026", json=wanted, version=1)).status_code == 412
    elsewhere = Caller(services.client("directory_api"), Role.UNIT_MEMBER, unit=place.foreign_town)
    for day, working in (("2026-09-28", False), ("2026-02-28", False), ("2026-09-29", True)):
        assert (await elsewhere.get(f"{PATH}/check", params={"on": day})).json()["working"] is working
    rows = owner.execute(
        "SELECT action, after->>'year' FROM kit.audit_events WHERE actor_id IS NOT NULL AND after->>'year' = '2026'"
    ).fetchall()
    assert rows == [("calendar_year.imported", "2026")] * 2
    told = (await elsewhere.get("/v1/changes")).json()["items"]
    assert {each["kind"] for each in told} <= {"calendar_year.imported"}
    async with services.database("tasks_api").reading() as read:
        days = await read.fetch("SELECT count(*), count(DISTINCT day) FROM published.working_days WHERE day >= '2026-01-01'", [])
    assert tuple(days[0]) == (365, 365)


async def test_a_bent_notice_changes_nothing(sysadmin: Caller) -> None:
    wanted = notice(2025) | {"make_up_days": ["2025-01-27", "2024-12-28"]}
    answer = await sysadmin.put(f"{PATH}/2025", json=wanted, version=1)
    assert (answer.status_code, answer.json()["code"]) == (400, "working_days.bad_notice")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/body/make_up_days/0", "/body/make_up_days/1"]
    assert (await sysadmin.get(PATH, params={"year": 2025})).json()["version"] == 1


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"from": "2024-02-30", "days": 1}, "/query/from"),
        ({"from": "2024-02-01", "days": -1}, "/query/days"),
        ({"from": "2024-02-01", "days": 1001}, "/query/days"),
        ({"days": 1}, "/query/from"),
        ({"from": "2024-02-01T00:00:00Z", "days": 1}, "/query/from"),
    ],
)
async def test_a_bent_question_is_refused_by_name(bureau: Caller, params: dict[str, Any], pointer: str) -> None:
    answer = await bureau.get(f"{PATH}/add", params=params)
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_of_two_imports_of_a_new_year_at_once_one_wins(sysadmin: Caller) -> None:
    wanted = {"source": "示例通知（演示）", "holidays": [], "make_up_days": []}
    answers = await asyncio.gather(*(sysadmin.put(f"{PATH}/2030", json=wanted) for _ in range(4)))
    assert sorted({answer.status_code for answer in answers}) in ([200, 409], [200, 409, 428], [200, 428])
    assert [answer.status_code for answer in answers].count(200) == 1
