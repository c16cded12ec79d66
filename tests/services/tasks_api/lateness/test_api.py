"""The lateness record through the life of an assignment: what is late stays on record, whatever happens afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.lateness.schemas import LatenessOut, LatenessPage
from services.tasks_api.plans.tables import Plan
from tests.factories.supervision import MONDAY, START, World

# A Friday; the Monday after is the first working day of lateness, Saturday the first day.
DUE = MONDAY + timedelta(4)
REASON = {"reason": "演示理由"}


@pytest.fixture(scope="module")
async def plan(world: World) -> Plan:
    return await world.plan()


@pytest.fixture
async def assignment(world: World, plan: Plan) -> Assignment:
    world.clock.moment = START
    return await world.assignment(await world.task(plan), due_on=DUE)


async def records(world: World, assignment: Assignment, name: str = "bureau") -> list[LatenessOut]:
    found = await world.read("/v1/lateness", name, assignment_id=str(assignment.id), sort="first_late_on")
    return LatenessPage.model_validate(found).items


async def move(world: World, assignment: Assignment, verb: str, name: str = "bureau", body: Any = None) -> None:
    answer = await world.move(f"/v1/assignments/{assignment.id}", verb, name, body)
    assert answer.status_code == 200, answer.text


async def test_handing_in_late_ends_the_record_and_nothing_clears_it(world: World, assignment: Assignment) -> None:
    world.clock.set_to(MONDAY + timedelta(9))
    await move(world, assignment, "submit", "manager")
    await move(world, assignment, "approve")
    [record] = await records(world, assignment)
    assert (record.due_on, record.first_late_on, record.state) == (DUE, DUE + timedelta(1), "ended")
    assert (record.how, record.days_late, record.ended_on) == ("submitted", 3, MONDAY + timedelta(9))
    world.clock.pass_time(days=100)
    assert await records(world, assignment) == [record]
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", record.id)
    assert [row.action for row in trail] == ["lateness.recorded", "lateness.ended"]


async def test_in_time_leaves_no_record(world: World, assignment: Assignment) -> None:
    world.clock.set_to(DUE)
    await move(world, assignment, "submit", "manager")
    world.clock.set_to(MONDAY + timedelta(20))
    await move(world, assignment, "approve")
    assert await records(world, assignment) == []


async def test_returned_work_is_late_from_the_date_on(world: World, assignment: Assignment) -> None:
    await move(world, assignment, "submit", "manager")
    world.clock.set_to(MONDAY + timedelta(9))
    await move(world, assignment, "return", body=REASON)
    [record] = await records(world, assignment)
    assert (record.state, record.days_late) == ("open", 3)
    world.clock.pass_time(days=1)
    assert (await records(world, assignment))[0].days_late == 4


async def test_work_returned_twice_goes_on_in_the_same_record(world: World, assignment: Assignment) -> None:
    world.clock.set_to(MONDAY + timedelta(7))
    await move(world, assignment, "submit", "manager")
    world.clock.set_to(MONDAY + timedelta(9))
    await move(world, assignment, "return", body=REASON)
    [record] = await records(world, assignment)
    assert [(event.kind, event.how, event.days_late) for event in record.events] == [
        ("ended", "submitted", 1),
        ("went_on", "returned", 3),
    ]
    assert (record.state, record.days_late) == ("open", 3)


async def test_a_pause_gives_its_days_back_but_not_the_lateness(world: World, assignment: Assignment) -> None:
    world.clock.set_to(MONDAY + timedelta(8))
    await move(world, assignment, "suspend", body=REASON)
    world.clock.set_to(MONDAY + timedelta(22))
    await move(world, assignment, "resume")
    [record] = await records(world, assignment)
    assert [(event.how, event.days_late) for event in record.events] == [("suspended", 2), ("resumed", 2)]
    assert (record.state, record.days_late, record.due_on) == ("open", 2, DUE)


async def test_an_extension_ends_the_record_of_the_old_date(world: World, assignment: Assignment) -> None:
    world.clock.set_to(MONDAY + timedelta(7))
    base = f"/v1/assignments/{assignment.id}/extension-requests"
    body = {"new_due_on": str(MONDAY + timedelta(11)), "reason": "演示理由"}
    made = (await world.caller("manager").post(base, json=body)).json()
    assert (await world.move(f"{base}/{made['id']}", "approve")).status_code == 200
    [record] = await records(world, assignment)
    assert (record.how, record.days_late) == ("extended", 1)
    [moved] = record.extensions
    assert (moved.state, moved.old_due_on, moved.new_due_on) == ("approved", DUE, MONDAY + timedelta(11))
    world.clock.set_to(MONDAY + timedelta(14))
    await move(world, assignment, "submit", "manager")
    both = await records(world, assignment)
    assert [(one.due_on, one.days_late) for one in both] == [(DUE, 1), (MONDAY + timedelta(11), 1)]


async def test_after_a_hand_over_each_unit_answers_for_its_own_days(world: World, assignment: Assignment) -> None:
    world.clock.set_to(MONDAY + timedelta(8))
    await move(world, assignment, "reassign", body=REASON | {"unit_id": str(world.place.other_town.id)})
    world.clock.set_to(MONDAY + timedelta(10))
    await move(world, assignment, "sign", "other_manager")
    first, second = await records(world, assignment)
    assert (first.unit_id, first.how, first.days_late) == (world.place.town.id, "reassigned", 2)
    assert (second.unit_id, second.first_late_on, second.days_late) == (world.place.other_town.id, MONDAY + timedelta(9), 2)
    assert [one.id for one in await records(world, assignment, "manager")] == [first.id]
    assert [one.id for one in await records(world, assignment, "other_manager")] == [second.id]


async def test_who_may_read(world: World, assignment: Assignment) -> None:
    world.clock.set_to(MONDAY + timedelta(7))
    await move(world, assignment, "void", body=REASON)
    [record] = await records(world, assignment)
    expected = {"government": 200, "platform": 200, "member": 200, "other_manager": 404, "foreign_bureau": 404, "admin": 403}
    for name, status in expected.items():
        assert (await world.caller(name).get(f"/v1/lateness/{record.id}")).status_code == status, name
        listed = await world.caller(name).get("/v1/lateness", params={"assignment_id": str(assignment.id)})
        assert len(listed.json().get("items", [])) == (1 if status == 200 else 0), name
    assert (await world.client.get("/v1/lateness")).status_code == 401
    assert (await world.caller("bureau").get("/v1/lateness", params={"state": "gone"})).status_code == 400


async def test_filters(world: World, assignment: Assignment) -> None:
    world.clock.set_to(MONDAY + timedelta(9))
    await move(world, assignment, "submit", "manager")
    for filters, found in (({"state": "ended"}, 1), ({"state": "open"}, 0), ({"first_late_on__gte": str(MONDAY)}, 1)):
        assert len(await world.items("/v1/lateness", assignment_id=str(assignment.id), **filters)) == found, filters


def test_rows_cannot_be_changed(world: World) -> None:
    for sql in ("UPDATE tasks.lateness SET due_on = due_on", "DELETE FROM tasks.lateness_events"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            world.run(sql)
