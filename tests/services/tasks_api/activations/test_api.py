"""Activation over HTTP: the snapshot of groups, the assignments, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from services.kit import ids
from services.tasks_api.activations import schemas
from services.tasks_api.plans.tables import Plan
from tests import places
from tests.client import Services
from tests.factories import tasks as factories
from tests.places import Place

DATABASE = "tasks_api"


@pytest.fixture(scope="module", autouse=True)
def groups(database_url: str, place: Place, neighbours: None) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        factories.join_group(connection, "townships", place.town, until=date(2024, 6, 30))
        factories.join_group(connection, "townships", place.other_town, since=date(2025, 1, 1))
        factories.join_group(connection, "townships", place.bureau, since=date(2027, 1, 1))
        factories.join_group(connection, "townships", place.town_branch, until=date(2023, 12, 31))
        factories.join_group(connection, "townships", place.foreign_town)


@pytest.fixture
async def plan(services: Services, place: Place) -> Plan:
    """A draft whose first task is due each year, whose second has a date and whose third has neither."""
    async with services.database(DATABASE).transaction() as session:
        plan = await factories.make_plan(session, place.district)
        town: list[Any] = [place.town, "townships"]
        yearly = [{"shape": "yearly_count", "times_per_year": 2}]
        fixed = [{"shape": "fixed", "due_on": date(2025, 12, 31)}]
        await factories.make_task(session, plan, 1, leads=[place.bureau], responsibles=town, deadlines=yearly)
        await factories.make_task(session, plan, 2, responsibles=[place.bureau, "townships"], deadlines=fixed)
        await factories.make_task(session, plan, 1, kind="requirement", leads=[place.bureau], responsibles=[place.bureau])
    return plan


async def rows(services: Services, sql: str, **values: Any) -> list[Any]:
    async with services.database("tasks_api").reading() as read:
        return list((await read.execute(text(sql), values)).all())


async def activate(caller: Any, plan: Plan, version: int | None = 1, **options: Any) -> Any:
    return await caller.post(f"/v1/plans/{plan.id}/activate", version=version, **options)


async def test_activation_issues_what_each_unit_owes(people: Any, plan: Plan, services: Services, place: Place) -> None:
    answer = await activate(people.bureau, plan)
    assert answer.status_code == 200, answer.text
    told = schemas.ActivationOut.model_validate_json(answer.content)
    assert answer.headers["ETag"] == '"v2"'
    # Task 1: three years for the bureau as lead and two towns; task 2: three units once; requirement: lead and responsible.
    assert (told.state, told.assignments_issued, told.units, told.group_members) == ("active", 3 * 3 + 3 + 2, 3, 2)
    found = await rows(
        services, "SELECT year, due_on, unit_id, role, state FROM tasks.assignments WHERE plan_id = :id", id=plan.id
    )
    expected: dict[Any, int] = {
        **{(year, date(year, 12, 31)): 3 for year in (2024, 2025, 2026)},
        (None, date(2025, 12, 31)): 3,
        (None, None): 2,
    }
    assert Counter((row.year, row.due_on) for row in found) == expected
    assert {row.state for row in found} == {"issued"}
    assert {row.unit_id for row in found} == {place.bureau.id, place.town.id, place.other_town.id}


async def test_the_members_of_the_plans_period_are_kept(people: Any, plan: Plan, services: Services, place: Place) -> None:
    await activate(people.bureau, plan)
    kept = await rows(services, "SELECT group_key, unit_id FROM tasks.plan_group_members WHERE plan_id = :id", id=plan.id)
    assert set(map(tuple, kept)) == {("townships", place.town.id), ("townships", place.other_town.id)}


async def test_each_assignment_begins_its_history_and_is_told(people: Any, plan: Plan, services: Services) -> None:
    issued = (await activate(people.bureau, plan)).json()["assignments_issued"]
    ours = "SELECT id FROM tasks.assignments WHERE plan_id = :id"
    moves = await rows(services, f"SELECT verb FROM tasks.assignment_moves WHERE assignment_id IN ({ours})", id=plan.id)
    assert [row.verb for row in moves] == ["issue"] * issued
    messages = await own_rows(services, f"SELECT kind FROM kit.outbox WHERE object_id = :id OR object_id IN ({ours})", id=plan.id)
    assert Counter(row.kind for row in messages) == {"plan.activated": 1, "assignment.issued": issued}
    [trail] = await own_rows(services, "SELECT action, before, after FROM kit.audit_events WHERE object_id = :id", id=plan.id)
    assert (trail.action, trail.after) == ("plan.activated", {"state": "active", "assignments": issued})


async def own_rows(services: Services, sql: str, **values: Any) -> list[Any]:
    """Rows only the owner of the database may read."""
    with psycopg.connect(services.settings.database_url or "", row_factory=psycopg.rows.namedtuple_row) as connection:
        return connection.execute(sql.replace(":id", "%(id)s"), values).fetchall()


async def test_a_plan_is_activated_once(people: Any, plan: Plan) -> None:
    await activate(people.bureau, plan)
    again = await activate(people.bureau, plan, version=2)
    assert (again.status_code, again.json()["code"]) == (409, "plan.not_draft")


async def test_the_same_key_gives_the_same_answer(people: Any, plan: Plan) -> None:
    key = {"Idempotency-Key": str(ids.new_id())}
    first = await activate(people.bureau, plan, headers=key)
    again = await activate(people.bureau, plan, headers=key)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert again.content == first.content


async def test_a_dry_run_tells_the_numbers_and_writes_nothing(people: Any, plan: Plan, services: Services) -> None:
    answer = await activate(people.bureau, plan, params={"dry_run": "true"})
    assert (answer.status_code, answer.json()["assignments_issued"]) == (200, 14)
    assert await rows(services, "SELECT 1 FROM tasks.assignments WHERE plan_id = :id", id=plan.id) == []
    [kept] = await rows(services, "SELECT state, version FROM tasks.plans WHERE id = :id", id=plan.id)
    assert tuple(kept) == ("draft", 1)


async def test_parties_nobody_knows_are_named_and_nothing_is_issued(people: Any, services: Services, place: Place) -> None:
    async with services.database(DATABASE).transaction() as session:
        plan = await factories.make_plan(session, place.district)
        await factories.make_task(session, plan, 1, leads=[None], responsibles=[place.town, "没有成员的组"])
    answer = await activate(people.bureau, plan)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan.unknown_parties")
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("/tasks/1/leads/0", "party.unknown"),
        ("/tasks/1/responsibles/1", "party.no_members"),
    ]
    assert "无名单位0" in answer.json()["errors"][0]["detail"]
    assert await rows(services, "SELECT 1 FROM tasks.assignments WHERE plan_id = :id", id=plan.id) == []


async def test_who_may_activate(people: Any, plan: Plan) -> None:
    for name in ("government", "platform", "manager", "member", "reviewer", "admin", "auditor"):
        assert (await activate(getattr(people, name), plan)).status_code == 403, name
    assert (await activate(people.foreign_bureau, plan)).status_code == 404
    assert (await people.nobody.post(f"/v1/plans/{plan.id}/activate")).status_code == 401
    assert (await activate(people.bureau, plan, version=None)).status_code == 428
    assert (await activate(people.bureau, plan, version=7)).status_code == 412
    assert (await activate(people.bureau, plan)).status_code == 200


async def test_a_plan_of_the_size_of_the_district_is_issued_in_time(
    people: Any, services: Services, place: Place, database_url: str
) -> None:
    """24 tasks for 33 units, a third of them each year: well within the deadline of a request."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for number in range(30):
            made = ids.new_id()
            connection.execute(
                "INSERT INTO directory.units SELECT %s, district_id, parent_id, parent_id || %s::uuid[], %s, name, short_name,"
                " kind, enforcement, granting, vertical, assumed, NULL, NULL, 1, created_at FROM directory.units WHERE id = %s",
                [made, [made], f"359111-x{number}", place.other_town.id],
            )
            factories.join_group(connection, "many", places.Unit(made, (place.district.id, made), ""))
    async with services.database(DATABASE).transaction() as session:
        plan = await factories.make_plan(session, place.district)
        for number in range(1, 25):
            yearly = [{"shape": "yearly_count", "times_per_year": 1}] if number % 3 == 0 else []
            await factories.make_task(session, plan, number, leads=[place.bureau], responsibles=["many"], deadlines=yearly)
    answer = await activate(people.bureau, plan)
    assert (answer.status_code, answer.json()["assignments_issued"]) == (200, 31 * (16 + 8 * 3))
