"""The scoreboard over HTTP: as it stands, as recorded, and never older than what it is made of."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from services.kit import ids
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.scoreboard import queries
from services.tasks_api.scoreboard.schemas import ScoreboardChangesOut, ScoreboardOut
from tests.factories.supervision import START, World

PATH = "/v1/scoreboard"
MESSAGE: Final = (
    "INSERT INTO kit.outbox VALUES"
    " (%s, now(), 'training_api', 'hour_entry.posted', 'hour_entry', %s, 1, %s, NULL, '{}', '{}', '{}')"
)


async def board(world: World, assignment: Assignment, name: str = "bureau", **query: Any) -> ScoreboardOut:
    return ScoreboardOut.model_validate(await world.read(PATH, name, plan_id=assignment.plan_id, **query))


def cells(shown: ScoreboardOut) -> list[tuple[str, str, int | None]]:
    listed = (cell for task in shown.tasks for unit in task.units for cell in unit.assignments)
    return [(str(cell.id), cell.state, cell.percent) for cell in listed]


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


async def test_a_board_told_as_recorded_follows_every_change_at_once(world: World) -> None:
    town = world.place.town
    task = await world.task(await world.plan(title='示例"计划"\\演示'), number=2)
    assignment = await world.assignment(task)
    other = await world.assignment(task, world.place.other_town, state="issued")
    for name, unit, value in (("O2a", town, 3), ("O2b", town, 1)):
        row = "INSERT INTO published.training_obligations VALUES (%s, %s, %s, 2025, %s, 4, 1, true)"
        world.run(row, name, world.place.district.id, unit.id, value)
    world.run("INSERT INTO published.unit_reviewed_files VALUES (%s, %s, 2025, 'cross', 7)", world.place.district.id, town.id)
    measured = await board(world, assignment)
    assert measured.obligations_recorded_at is None
    await world.caller("bureau").post("/v1/obligations/recordings")
    assert await board(world, assignment) == measured, "what was measured a moment ago is as good"
    kept = await board(world, assignment, year=2025)
    assert kept.obligations_recorded_at == world.clock()
    assert kept == measured.model_copy(update={"obligations_recorded_at": kept.obligations_recorded_at, "year": 2025})
    [first, _] = kept.tasks[0].units
    assert first.training_hours is not None
    assert (kept.title, first.training_hours.met, first.training_hours.rate) == ('示例"计划"\\演示', 3, 0.75)
    assert [each.id for each in kept.tasks[0].obligations] == ["O2a", "O2b"]
    assert cells(kept) == [(str(assignment.id), "in_progress", None), (str(other.id), "issued", None)]
    report = {"period": "2025Q2", "text": "演示", "percent": 40}
    made = await world.caller("member").post(f"/v1/assignments/{assignment.id}/progress-reports", json=report)
    assert made.status_code == 201, made.text
    assert cells(await board(world, assignment))[0] == (str(assignment.id), "in_progress", 40)
    await world.move(f"/v1/assignments/{other.id}", "sign", "other_manager")
    changed = await board(world, assignment)
    assert cells(changed)[1][1] == "signed"
    assert (changed.counts.issued, changed.counts.signed, changed.tasks[0].counts.in_progress) == (0, 1, 1)
    assert cells(await board(world, assignment, "other_manager")) == [(str(other.id), "signed", None)]
    then = f"{world.clock():%Y-%m-%dT%H:%M:%SZ}"
    world.clock.pass_time(minutes=16)
    past = await board(world, assignment, as_of=then)
    assert (past.tasks, past.counts) == (changed.tasks, changed.counts)


def tell(world: World, district: UUID | None) -> None:
    """A message of another service, as it comes with an hour entry."""
    world.run(MESSAGE, ids.new_id(), ids.new_id(), district)


# What may befall an assignment or what its board shows of it, each as one statement.
BEFALLS: Final = (
    "UPDATE tasks.assignments SET percent = 70 WHERE id = %s",
    "UPDATE tasks.assignments SET state = 'submitted', stopped_on = '2025-03-01' WHERE id = %s",
    "UPDATE tasks.assignments SET due_on = '2025-02-01' WHERE id = %s",
    "UPDATE tasks.assignments SET year = 2026 WHERE id = %s",
    "UPDATE tasks.assignments SET role = 'lead' WHERE id = %s",
    "UPDATE directory.units SET short_name = short_name || '改' WHERE id = (SELECT unit_id FROM tasks.assignments WHERE id = %s)",
    "UPDATE tasks.assignments SET state = 'void' WHERE id = %s",
    "UPDATE tasks.tasks SET title = title || '改' WHERE id = (SELECT task_id FROM tasks.assignments WHERE id = %s)",
    "UPDATE tasks.assignments SET unit_id = (SELECT id FROM directory.units WHERE code = '359111102') WHERE id = %s",
)


@pytest.mark.parametrize("name", ["bureau", "manager"])
async def test_a_board_of_known_parts_is_the_one_made_from_nothing(world: World, name: str) -> None:
    plan = await world.plan()
    chosen = [await world.assignment(await world.task(plan, number=number)) for number in (3, 4, 2)]
    path = {"plan_id": str(plan.id)}

    async def told() -> bytes:
        return (await world.caller(name).get(PATH, params=path)).content

    seen = [await told()]
    for befalls in BEFALLS:
        world.run(befalls, chosen[0].id)
        tell(world, world.place.district.id)
        seen.append(await told())
        queries._MADE.clear()
        assert await told() == seen[-1], befalls
    assert len({*seen}) == len(seen), "each is seen"
    world.clock.pass_time(days=400)
    late = await told()
    queries._MADE.clear()
    assert (await told(), late != seen[-1]) == (late, True), "lamps change with the day"


async def test_what_another_service_records_stands_on_the_board_at_once(world: World) -> None:
    task = await world.task(await world.plan(), number=2)
    assignment = await world.assignment(task)
    await world.caller("bureau").post("/v1/obligations/recordings")
    world.run("UPDATE published.training_obligations SET value = 4 WHERE obligation = 'O2a'")
    path = {"plan_id": str(assignment.plan_id)}
    first, second = [await world.caller("bureau").get(PATH, params=path) for _ in range(2)]
    assert first.content == second.content
    kept = ScoreboardOut.model_validate_json(first.content)
    assert (kept.obligations_recorded_at is not None, kept.tasks[0].obligations[0].value) == (True, 3)
    tell(world, world.place.foreign_district.id)
    assert (await world.caller("bureau").get(PATH, params=path)).content == first.content
    tell(world, world.place.district.id)
    measured = await board(world, assignment)
    assert (measured.obligations_recorded_at, measured.tasks[0].obligations[0].value) == (None, 4)
    await world.caller("bureau").post("/v1/obligations/recordings")
    world.clock.pass_time(minutes=16)
    assert (await board(world, assignment)).obligations_recorded_at is None, "what was recorded is too old by now"


async def test_a_change_that_was_open_while_values_were_recorded_is_not_missed(world: World) -> None:
    assignment = await world.assignment(await world.task(await world.plan(), number=2))
    with psycopg.connect(world.database_url) as open_change:
        open_change.execute(MESSAGE, [ids.new_id(), ids.new_id(), world.place.district.id])
        await world.caller("bureau").post("/v1/obligations/recordings")
        assert (await board(world, assignment)).obligations_recorded_at is not None
    assert (await board(world, assignment)).obligations_recorded_at is None


async def test_two_moments_are_compared_and_only_what_differs_is_told(world: World) -> None:
    task = await world.task(await world.plan(), number=10)
    kept, moved, given_away = [await world.assignment(task, unit) for unit in (None, world.place.other_town, world.place.bureau)]
    await world.caller("bureau").post("/v1/obligations/recordings")
    start = world.clock.pass_time(minutes=1)
    world.clock.pass_time(minutes=1)
    await world.move(f"/v1/assignments/{moved.id}", "suspend", body={"reason": "等待文件（演示）"})
    body = {"unit_id": str(world.place.town_branch.id), "reason": "职能调整（演示）"}
    assert (await world.move(f"/v1/assignments/{given_away.id}", "reassign", body=body)).status_code == 200
    asked = {"plan_id": str(task.plan_id), "from": f"{start:%Y-%m-%dT%H:%M:%SZ}"}
    found = ScoreboardChangesOut.model_validate(await world.read(f"{PATH}/changes", **asked))
    told = {each.assignment_id: (each.before, each.after) for each in found.assignments}
    assert kept.id not in told
    before, after = told[moved.id]
    assert before is not None
    assert after is not None
    assert (before.state, before.lamp, after.state, after.lamp) == ("in_progress", "green", "suspended", "grey")
    assert [each and each.unit_id for each in told[given_away.id]] == [world.place.bureau.id, world.place.town_branch.id]
    assert (found.counts_before.suspended, found.counts_after.suspended) == (0, 1)
    own = ScoreboardChangesOut.model_validate(await world.read(f"{PATH}/changes", "other_manager", **asked))
    assert [each.assignment_id for each in own.assignments] == [moved.id]
    later = asked | {"from": f"{world.clock():%Y-%m-%dT%H:%M:%SZ}"}
    refused = await world.caller("bureau").get(f"{PATH}/changes", params=later)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/query/to")
    for name, status in (("foreign_bureau", 404), ("reviewer", 403)):
        assert (await world.caller(name).get(f"{PATH}/changes", params=asked)).status_code == status
