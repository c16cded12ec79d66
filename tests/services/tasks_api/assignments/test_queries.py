"""The list: filters, lamps and late days as the rules say, a calendar with gaps, pages, and the indexes behind it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.kit import clock, db
from services.kit.calendar import Calendar
from services.tasks_api.assignments import rules, schemas
from services.tasks_api.assignments.rules import RUNNING, Lamp, State
from services.tasks_api.tasks.tables import Task
from tests.client import Services
from tests.factories import tasks as factories
from tests.places import Place

TODAY = clock.local_day(clock.now())
WEEKDAYS = Calendar({TODAY + timedelta(n): (TODAY + timedelta(n)).weekday() < 5 for n in range(-400, 400)})
OFFSETS = (-200, -8, -3, -1, 0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 200)
# The shipped ladder turns lamps yellow seven working days before.
YELLOW = 7


@pytest.fixture(scope="module")
async def tasks(services: Services, place: Place, neighbours: None) -> list[Task]:
    """Two tasks: one with assignments of every state and many due dates, one with a few without dates."""
    async with services.database("tasks_api").transaction() as session:
        plan = await factories.make_plan(session, place.district, state="active")
        first = await factories.make_task(session, plan, 1)
        second = await factories.make_task(session, plan, 2)
        for offset in OFFSETS:
            for state in State:
                stopped = None if state in RUNNING else TODAY - timedelta(2)
                due_on = TODAY + timedelta(offset)
                # Dates and states meet in one unit; the year only keeps them apart.
                year = 2000 + list(State).index(state)
                await factories.make_assignment(
                    session, first, place.town, state=state, due_on=due_on, stopped_on=stopped, year=year
                )
        for unit in (place.town, place.other_town, place.town_branch):
            await factories.make_assignment(session, second, unit, role="lead")
    return [first, second]


async def found(caller: Any, **filters: Any) -> list[schemas.AssignmentOut]:
    answer = await caller.get("/v1/assignments", params={"limit": 200} | filters)
    assert answer.status_code == 200, answer.text
    return schemas.AssignmentPage.model_validate_json(answer.content).items


async def test_lamps_and_late_days_are_those_of_the_rules(people: Any, tasks: list[Task]) -> None:
    soon_before = WEEKDAYS.add(TODAY, YELLOW + 1)
    listed = await found(people.bureau, task_id=str(tasks[0].id))
    assert len(listed) == len(OFFSETS) * len(State)
    for one in listed:
        stopped_on = None if one.state in RUNNING else TODAY - timedelta(2)
        assert one.lamp is rules.lamp(one.state, one.due_on, stopped_on, TODAY, soon_before), one
        assert one.late_days == rules.late_days(one.due_on, stopped_on, TODAY, WEEKDAYS.between), one


@pytest.mark.parametrize("lamp", Lamp)
async def test_the_filter_by_lamp_finds_exactly_its_rows(people: Any, tasks: list[Task], lamp: Lamp) -> None:
    all_of_them = await found(people.bureau, task_id=str(tasks[0].id))
    expected = {one.id for one in all_of_them if one.lamp is lamp}
    assert {one.id for one in await found(people.bureau, task_id=str(tasks[0].id), lamp=lamp)} == expected
    assert expected


async def test_filters(people: Any, tasks: list[Task], place: Place) -> None:
    first = {"task_id": str(tasks[0].id)}
    assert {one.state for one in await found(people.bureau, **first, state="submitted")} == {State.SUBMITTED}
    two = await found(people.bureau, **first, state__in="issued,approved")
    assert {one.state for one in two} == {State.ISSUED, State.APPROVED}
    assert {one.year for one in await found(people.bureau, **first, year=2003)} == {2003}
    assert {one.role for one in await found(people.bureau, role="lead")} == {"lead"}
    assert {one.unit_id for one in await found(people.bureau, unit_id=str(place.other_town.id))} == {place.other_town.id}
    assert len(await found(people.bureau, plan_id=str(tasks[0].plan_id))) == len(OFFSETS) * len(State) + 3
    dated = await found(people.bureau, due_on__gte=TODAY.isoformat(), due_on__lte=(TODAY + timedelta(3)).isoformat())
    assert {one.due_on for one in dated} == {TODAY + timedelta(n) for n in range(4)}
    assert all(one.due_on is not None for one in await found(people.bureau, due_on__gte=TODAY.isoformat()))


@pytest.mark.parametrize(
    "bad",
    [
        {"state": "done"},
        {"state__in": "issued,done"},
        {"state__in": ""},
        {"lamp": "blue"},
        {"due_on__lte": "2025-13-01"},
        {"year": "1999"},
        {"sort": "lamp"},
        {"unit_id": "x"},
        {"role": "boss"},
        {"colour": "red"},
    ],
)
async def test_bad_filters_are_refused(people: Any, bad: dict[str, str]) -> None:
    answer = await people.bureau.get("/v1/assignments", params=bad)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/query/{next(iter(bad))}")


async def test_units_see_themselves_and_what_stands_below_them(people: Any, tasks: list[Task], place: Place) -> None:
    second = {"task_id": str(tasks[1].id)}
    seen = {
        "bureau": {place.town.id, place.other_town.id, place.town_branch.id},
        "government": {place.town.id, place.other_town.id, place.town_branch.id},
        "manager": {place.town.id, place.town_branch.id},
        "member": {place.town.id},
        "branch_manager": {place.town_branch.id},
        "other_manager": {place.other_town.id},
        "foreign_bureau": set(),
    }
    for name, units in seen.items():
        assert {one.unit_id for one in await found(getattr(people, name), **second)} == units, name


@pytest.mark.parametrize("sort", ["due_on", "-due_on", "created_at", "-created_at"])
async def test_pages_follow_each_other_in_every_order(people: Any, tasks: list[Task], sort: str) -> None:
    params: dict[str, Any] = {"sort": sort, "plan_id": str(tasks[0].plan_id)}
    whole = [str(one.id) for one in await found(people.bureau, **params)]
    seen: list[str] = []
    cursor = None
    while True:
        answer = await people.bureau.get(
            "/v1/assignments", params=params | {"limit": 40} | ({"cursor": cursor} if cursor else {})
        )
        seen += [one["id"] for one in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            break
    assert seen == whole
    assert len(set(seen)) == len(seen)


async def test_those_without_a_due_date_come_last(people: Any, tasks: list[Task]) -> None:
    listed = await found(people.bureau, plan_id=str(tasks[0].plan_id))
    assert [one.due_on for one in listed[-3:]] == [None, None, None]
    assert None not in [one.due_on for one in listed[:-3]]


class TestGaps:
    """A calendar that lacks days: nothing is guessed, and the list still works."""

    @pytest.fixture(autouse=True)
    def gap(self, database_url: str) -> Iterator[None]:
        with psycopg.connect(database_url, autocommit=True) as connection:
            kept = connection.execute("SELECT day, working FROM published.working_days").fetchall()
            missing = [TODAY - timedelta(2), TODAY + timedelta(2)]
            connection.execute("DELETE FROM published.working_days WHERE day = ANY(%s)", [missing])
            yield
            connection.execute("TRUNCATE published.working_days")
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO published.working_days VALUES (%s, %s)", kept)

    async def test_late_days_are_left_out_where_a_day_is_missing(self, people: Any, tasks: list[Task]) -> None:
        listed = await found(people.bureau, task_id=str(tasks[0].id), state="issued")
        late = {one.due_on: one.late_days for one in listed}
        assert late[TODAY - timedelta(8)] is None
        assert late[TODAY - timedelta(1)] == WEEKDAYS.between(TODAY - timedelta(1), TODAY)
        assert late[TODAY + timedelta(200)] == 0

    async def test_yellow_reaches_only_as_far_as_is_certain(self, people: Any, tasks: list[Task]) -> None:
        listed = await found(people.bureau, task_id=str(tasks[0].id), state="issued", lamp="yellow")
        assert {one.due_on for one in listed} == {TODAY + timedelta(n) for n in OFFSETS if 0 <= n <= YELLOW}


MANY = """
    INSERT INTO tasks.assignments (id, district_id, plan_id, task_id, unit_id, role, year, original_due_on, due_on, state,
                                   suspended_days, held_since, version, created_at)
    SELECT gen_random_uuid(), %(district)s, %(plan)s, %(task)s, (%(units)s::uuid[])[1 + n %% 400], 'responsible',
           2000 + (n / 400) %% 100, DATE '2024-01-01' + n %% 1500, DATE '2024-01-01' + n %% 1500,
           (ARRAY['issued', 'signed', 'in_progress'])[1 + n %% 3], 0, DATE '2024-01-01', 1,
           TIMESTAMPTZ '2024-01-01' + n * interval '1 minute'
    FROM generate_series(1, 60000) AS n
"""


@pytest.fixture(scope="module")
def many(database_url: str, services: Services, place: Place, tasks: list[Task]) -> None:
    """60,000 assignments of 400 units."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        units = [place.town.id, place.other_town.id]
        for number in range(398):
            row = connection.execute(
                "INSERT INTO directory.units SELECT i.id, district_id, parent_id, parent_id || ARRAY[i.id], %s, name, short_name,"
                " kind, enforcement, granting, vertical, assumed, NULL, NULL, 1, created_at"
                " FROM directory.units, (SELECT gen_random_uuid() AS id) i WHERE directory.units.id = %s RETURNING id",
                [f"359111-m{number}", place.other_town.id],
            ).fetchone()
            assert row is not None
            units.append(row[0])
        places = {"district": place.district.id, "plan": tasks[0].plan_id, "task": tasks[0].id, "units": units}
        connection.execute(MANY, places)
        connection.execute("ANALYZE tasks.assignments, directory.units")


@pytest.mark.parametrize("caller", ["bureau", "manager", "member"])
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"sort": "-due_on"},
        {"sort": "created_at"},
        {"state": "issued"},
        {"lamp": "red"},
        {"lamp": "yellow"},
        {"due_on__gte": TODAY.isoformat()},
        {"state__in": "issued,signed", "sort": "-created_at"},
    ],
    ids=str,
)
async def test_no_list_reads_the_whole_table(
    people: Any, services: Services, many: None, caller: str, filters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, Sequence[Any]]] = []
    plain = db.Reader.fetch

    async def noting(self: db.Reader, sql: str, arguments: Sequence[Any]) -> list[Any]:
        ran.append((sql, arguments))
        return await plain(self, sql, arguments)

    monkeypatch.setattr(db.Reader, "fetch", noting)
    await found(getattr(people, caller), **{"limit": 50} | filters)
    [(sql, arguments)] = ran
    async with services.database("tasks_api").reading() as read:
        plan = "\n".join(row[0] for row in await plain(read, f"EXPLAIN {sql}", arguments))
    assert "Seq Scan on assignments" not in plan, plan
