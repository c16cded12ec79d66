"""The list of case files: filters, order, pages; one statement, read along an index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from services.cases_api.case_files.schemas import lists
from services.kit import ids
from services.kit.principal import Role
from tests.factories.cases import World

PATH = "/v1/case-files"


async def ids_of(world: World, **params: Any) -> list[str]:
    answer = await world.bureau.get(PATH, params={"limit": 200} | params)
    assert answer.status_code == 200, answer.text
    return [str(file.id) for file in lists.CaseFilePage.model_validate_json(answer.content).items]


async def test_each_filter_finds_what_it_names(cases_world: World) -> None:
    unit = cases_world.place.town_branch
    external = {"external_system": "platform", "external_id": str(ids.new_id())}
    wanted = await cases_world.file(
        unit, filed_on="2016-03-03", kind="licence", procedure="fast", closed_on="2016-04-04", **external
    )
    other = await cases_world.file(filed_on="2016-05-05")
    fits = {
        "unit_id": str(unit.id),
        "kind": "licence",
        "procedure": "fast",
        "state": "closed",
        "state__in": "closed,archived",
        "filed_on__lte": "2016-03-03",
        "closed_on__gte": "2016-04-04",
        "closed_on__lte": "2016-04-04",
        "officer_id": wanted["officers"][0],
        "case_no": wanted["case_no"],
    } | external
    for name, value in fits.items():
        found = await ids_of(cases_world, **{name: value})
        assert wanted["id"] in found, name
        assert other["id"] not in found, name
    assert await ids_of(cases_world, **fits, filed_on__gte="2016-03-03") == [wanted["id"]]
    assert await ids_of(cases_world, filed_on__gte="2016-01-01", filed_on__lte="2016-12-31") == [other["id"], wanted["id"]]


@pytest.mark.parametrize(
    "params", [{"state": "lost"}, {"state__in": "open,lost"}, {"state__in": ""}, {"filed_on__gte": "2025"}, {"party": "林"}]
)
async def test_filters_that_are_none_are_refused(cases_world: World, params: dict[str, str]) -> None:
    assert (await cases_world.bureau.get(PATH, params=params)).status_code == 400


async def test_pages_follow_each_other_without_gap_or_repeat(cases_world: World) -> None:
    for _ in range(5):
        await cases_world.file(filed_on="2017-03-03")
    params = {"filed_on__gte": "2017-01-01", "filed_on__lte": "2017-12-31", "limit": 2, "sort": "filed_on"}
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        answer = await cases_world.bureau.get(PATH, params=params | ({"cursor": cursor} if cursor else {}))
        seen += [file["id"] for file in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
    assert seen == await ids_of(cases_world, **(params | {"limit": 200}))
    assert len(seen) == 5


@pytest.fixture
def crowd(cases_world: World) -> Iterator[None]:
    """3,000 further files of the neighbouring town, so that the planner has to choose."""
    cases_world.connection.execute(
        "WITH n AS (INSERT INTO cases.case_numbers SELECT gen_random_uuid(), u.district_id, u.id, 'other', 2018, s,"
        " 'crowd-' || s, 'used', NULL, u.id, now(), 1 FROM generate_series(1, 3000) s, directory.units u WHERE u.id = %s"
        " RETURNING *)"
        " INSERT INTO cases.case_files (id, district_id, unit_id, case_number_id, case_no, kind, procedure, state, item,"
        " legal_bases, officers, party_kind, party_name_shown, party_digest, filed_on, created_by, created_at,"
        " updated_at, version)"
        " SELECT gen_random_uuid(), district_id, unit_id, id, number, kind, 'ordinary', 'open', '演示', '{}',"
        " ARRAY[id, unit_id], 'legal', '示例', '', date '2018-01-01' + sequence / 10, created_by, now(), now(), 1 FROM n",
        [cases_world.place.other_town.id],
    )
    cases_world.connection.execute("ANALYZE cases.case_files")
    yield
    # What is counted of a file is kept for good, so the crowd leaves behind the triggers' back.
    cases_world.connection.execute("SET session_replication_role = replica")
    crowd = "(SELECT id FROM cases.case_files WHERE case_no LIKE 'crowd-%')"
    cases_world.connection.execute(f"DELETE FROM cases.case_tallies WHERE case_file_id IN {crowd}")
    cases_world.connection.execute("DELETE FROM cases.case_files WHERE case_no LIKE 'crowd-%'")
    cases_world.connection.execute("DELETE FROM cases.case_numbers WHERE number LIKE 'crowd-%'")
    cases_world.connection.execute("SET session_replication_role = origin")


@pytest.mark.parametrize(
    ("role", "home", "index"),
    [
        (Role.BUREAU, "bureau", "ix_case_files_district_id_filed_on"),
        (Role.UNIT_MEMBER, "other_town", "ix_case_files_unit_id_filed_on"),
    ],
)
async def test_a_list_is_one_statement_along_an_index(
    cases_world: World, crowd: None, monkeypatch: pytest.MonkeyPatch, role: Role, home: str, index: str
) -> None:
    asked: list[tuple[str, tuple[Any, ...]]] = []
    fetch = asyncpg.Connection.fetch

    async def noted(self: Any, query: str, *arguments: Any, **options: Any) -> Any:
        asked.append((query, arguments))
        return await fetch(self, query, *arguments, **options)

    caller = cases_world.caller(role, unit=getattr(cases_world.place, home))
    monkeypatch.setattr(asyncpg.Connection, "fetch", noted)
    answer = await caller.get(PATH, params={"limit": 50})
    assert len(answer.json()["items"]) == 50
    ((query, arguments),) = asked
    pool = await cases_world.services.database("cases_api").hot_pool()
    async with pool.acquire() as driver:
        plan = "\n".join(row[0] for row in await fetch(driver, f"EXPLAIN {query}", *arguments))
    assert f"using {index}" in plan, plan
    assert "Seq Scan on case_files" not in plan, plan
    assert "Sort" not in plan, plan
