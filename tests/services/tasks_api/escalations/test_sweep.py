"""The sweep on a moved clock: the whole ladder, once each, also twice at once, after downtime and after a crash."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.kit import jobs, outbox
from services.tasks_api import access
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.escalations import actions, queries
from services.tasks_api.escalations import jobs as sweeps
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.escalations.schemas import EscalationPage, LadderStateOut
from services.tasks_api.plans.tables import Plan
from services.tasks_api.tasks.tables import Task
from tests.client import statements
from tests.factories.supervision import MONDAY, START, World
from tests.places import Unit

# A Monday two weeks on.
DUE = MONDAY + timedelta(14)
REASON = {"reason": "演示理由"}
ENDED = "UPDATE kit.operations SET state = 'succeeded' WHERE state IN ('queued', 'running')"


@pytest.fixture(autouse=True)
def _same_time(world: World) -> Iterator[None]:
    world.clock.moment = START
    yield
    # What one test leaves behind is none of the next one's business.
    world.run("UPDATE tasks.assignments SET watch_on = NULL")


@pytest.fixture(scope="module")
async def plan(world: World) -> Plan:
    return await world.plan()


@pytest.fixture
async def task(world: World, plan: Plan) -> Task:
    return await world.task(plan)


@pytest.fixture
async def assignment(world: World, task: Task) -> Assignment:
    await world.assignment(task, world.place.other_town, role="lead", watch_on=None)
    return await world.assignment(task, due_on=DUE)


async def fired(world: World, assignment: Assignment) -> list[tuple[str, int]]:
    found = await world.read("/v1/escalations", assignment_id=str(assignment.id), limit=200)
    items = EscalationPage.model_validate(found).items
    return [(one.step, one.occurrence) for one in reversed(items)]


async def titles(world: World, name: str, **filters: Any) -> list[str]:
    found = await world.items("/v1/notifications", name, limit=200, **filters)
    return [message["title"] for message in found]


async def test_the_ladder_from_yellow_to_the_circular(world: World, assignment: Assignment) -> None:
    seen: dict[int, list[tuple[str, int]]] = {}
    before: list[tuple[str, int]] = []
    for day in range(45):
        await world.sweep_on(MONDAY + timedelta(day))
        after = await fired(world, assignment)
        if after != before:
            seen[day], before = after[len(before) :], after
    assert seen == {
        3: [("yellow", 0)],
        15: [("red", 0)],
        16: [("leader", 0)],
        18: [("lead_unit", 0)],
        23: [("leader", 1), ("notice", 0)],
        30: [("leader", 2)],
        35: [("circular", 0)],
        37: [("leader", 3)],
    }
    [notice] = await world.items("/v1/supervision-notices", assignment_id=str(assignment.id), kind="notice")
    assert (notice["number"], notice["reply_due_on"], notice["step"]) == (
        "执督〔2025〕1号",
        str(MONDAY + timedelta(30)),
        "notice",
    )
    [circular] = await world.items("/v1/supervision-notices", "other_manager", kind="circular")
    assert circular["number"] == "执督通〔2025〕1号"
    assert {"任务即将到期（1 项）", "任务已逾期（1 项）", "执督〔2025〕1号"} <= set(await titles(world, "member"))
    assert "任务逾期，请单位负责人督促（1 项）" not in await titles(world, "member")
    assert (await titles(world, "manager")).count("任务逾期，请单位负责人督促（1 项）") == 4
    assert "责任单位任务逾期（1 项）" in await titles(world, "other_manager")
    [record] = await world.items("/v1/lateness", assignment_id=str(assignment.id))
    assert (record["first_late_on"], record["days_late"]) == (str(DUE + timedelta(1)), 22)
    assert [warning["step"] for warning in record["warnings"]][:3] == ["yellow", "red", "leader"]
    trail = world.rows("SELECT after->>'step' AS step FROM kit.audit_events WHERE object_id = %s ORDER BY id", assignment.id)
    feed = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s", assignment.id)
    assert len(trail) == len(feed) == len(await fired(world, assignment))


async def test_a_second_sweep_of_the_day_touches_nothing(world: World, assignment: Assignment) -> None:
    await world.sweep_on(DUE + timedelta(3))
    before = Counter(await fired(world, assignment))
    written = world.rows("SELECT xmin, watch_on FROM tasks.assignments WHERE id = %s", assignment.id)
    await world.sweep()
    assert Counter(await fired(world, assignment)) == before
    assert world.rows("SELECT xmin, watch_on FROM tasks.assignments WHERE id = %s", assignment.id) == written


async def test_after_downtime_each_step_comes_once(world: World, assignment: Assignment) -> None:
    await world.sweep_on(DUE + timedelta(40))
    steps = await fired(world, assignment)
    assert sorted(steps) == [("circular", 0), ("lead_unit", 0), ("leader", 3), ("notice", 0), ("red", 0)]
    [record] = await world.items("/v1/lateness", assignment_id=str(assignment.id))
    assert record["first_late_on"] == str(DUE + timedelta(1))


async def test_what_is_handed_in_is_left_alone(world: World, assignment: Assignment) -> None:
    world.clock.set_to(DUE)
    await world.move(f"/v1/assignments/{assignment.id}", "submit", "manager")
    await world.sweep_on(DUE + timedelta(40))
    assert await fired(world, assignment) == []
    assert await world.items("/v1/lateness", assignment_id=str(assignment.id)) == []


async def test_a_pause_stops_the_ladder_and_does_not_begin_it_anew(world: World, assignment: Assignment) -> None:
    path = f"/v1/assignments/{assignment.id}"
    await world.sweep_on(DUE + timedelta(2))
    assert await fired(world, assignment) == [("red", 0), ("leader", 0)]
    await world.move(path, "suspend", body=REASON)
    await world.sweep_on(DUE + timedelta(30))
    assert len(await fired(world, assignment)) == 2
    await world.move(path, "resume")
    await world.sweep()
    assert len(await fired(world, assignment)) == 2
    await world.sweep_on(DUE + timedelta(32))
    assert await fired(world, assignment) == [("red", 0), ("leader", 0), ("lead_unit", 0)]


async def test_a_hand_over_begins_the_ladder_anew_for_the_new_unit(world: World, task: Task) -> None:
    assignment = await world.assignment(task, due_on=DUE)
    await world.sweep_on(DUE + timedelta(1))
    body = REASON | {"unit_id": str(world.place.other_town.id)}
    await world.move(f"/v1/assignments/{assignment.id}", "reassign", body=body)
    await world.sweep()
    assert await fired(world, assignment) == [("red", 0)]
    await world.sweep_on(DUE + timedelta(2))
    assert await fired(world, assignment) == [("red", 0), ("red", 0)]
    assert "任务已逾期（1 项）" in await titles(world, "other_member")


async def test_whoever_does_not_sign_is_reminded(world: World, task: Task) -> None:
    assignment = await world.assignment(task, state="issued", held_since=MONDAY)
    await world.sweep_on(MONDAY + timedelta(2))
    assert await fired(world, assignment) == []
    await world.sweep_on(MONDAY + timedelta(3))
    assert await fired(world, assignment) == [("unsigned", 0)]
    await world.move(f"/v1/assignments/{assignment.id}", "sign", "manager")
    await world.sweep_on(MONDAY + timedelta(20))
    assert await fired(world, assignment) == [("unsigned", 0)]


async def test_several_tasks_of_a_unit_make_one_message_and_one_letter(world: World, plan: Plan) -> None:
    many = [await world.assignment(await world.task(plan), due_on=DUE) for _ in range(3)]
    await world.sweep_on(DUE + timedelta(9))
    [notice] = await world.items("/v1/supervision-notices", assignment_id=str(many[0].id), kind="notice")
    assert {item["assignment_id"] for item in notice["items"]} == {str(one.id) for one in many}
    assert "任务已逾期（3 项）" in await titles(world, "member")


async def test_a_closed_plan_is_left_alone(world: World) -> None:
    closed = await world.plan(state="closed")
    assignment = await world.assignment(await world.task(closed), due_on=DUE)
    await world.sweep_on(DUE + timedelta(20))
    assert await fired(world, assignment) == []
    [row] = world.rows("SELECT watch_on FROM tasks.assignments WHERE id = %s", assignment.id)
    assert row.watch_on is None


async def test_two_sweeps_at_once_take_each_step_once(world: World, plan: Plan) -> None:
    many = [
        await world.assignment(await world.task(plan), unit, due_on=DUE)
        for unit in (world.place.town, world.place.other_town, world.place.town_branch)
        for _ in range(4)
    ]
    world.clock.set_to(DUE + timedelta(9))
    before = len(world.rows("SELECT 1 FROM tasks.supervision_notices"))
    asked = [await world.ask_for_sweep() for _ in range(4)]
    await asyncio.gather(*(jobs.run(world.runtime, sweeps.TASK, each) for each in asked))
    await world.sweep()
    for assignment in many:
        assert sorted(await fired(world, assignment)) == [("lead_unit", 0), ("leader", 1), ("notice", 0), ("red", 0)]
    letters = world.rows("SELECT sequence FROM tasks.supervision_notices WHERE kind = 'notice' ORDER BY sequence")
    assert [row.sequence for row in letters] == list(range(1, len(letters) + 1))
    assert len(world.rows("SELECT 1 FROM tasks.supervision_notices")) == before + 3


async def test_a_sweep_killed_half_way_loses_and_doubles_nothing(
    world: World, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = (world.place.town, world.place.other_town)
    many = [await world.assignment(await world.task(plan), unit, due_on=DUE) for unit in units for _ in range(3)]
    world.clock.set_to(DUE + timedelta(1))
    calls = 0
    plain = queries.look_again

    async def dying(*given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise asyncio.CancelledError
        await plain(*given)

    monkeypatch.setattr(queries, "look_again", dying)
    # A turn for each unit.
    monkeypatch.setattr(actions, "MOST", 3)
    with pytest.raises(asyncio.CancelledError):
        await world.sweep()
    done = [len(await fired(world, assignment)) for assignment in many]
    assert sorted(done) == [0, 0, 0, 1, 1, 1]
    monkeypatch.undo()
    await world.sweep()
    assert [await fired(world, assignment) for assignment in many] == [[("red", 0)]] * 6
    sent = world.rows(
        "SELECT count(*) FROM tasks.notifications WHERE kind = 'escalation' AND data->'assignment_ids' ? %s", str(many[0].id)
    )
    assert sent[0].count == 1


async def test_many_that_fall_due_cost_no_more_statements_than_one(world: World, plan: Plan) -> None:
    async def swept(units: Sequence[Unit], each: int) -> int:
        many = [await world.assignment(await world.task(plan), unit, due_on=DUE) for unit in units for _ in range(each)]
        with statements(world.runtime.database) as said:
            await world.sweep_on(DUE + timedelta(2))
        for assignment in many:
            assert sorted(await fired(world, assignment)) == [("leader", 0), ("red", 0)]
        return len(said)

    place = world.place
    assert 0 < await swept([place.town], 1) == await swept([place.town, place.other_town, place.town_branch], 4)


async def test_what_is_told_together_is_told_and_sealed_as_if_one_by_one(world: World, assignment: Assignment) -> None:
    await world.sweep_on(DUE + timedelta(1))
    [message] = world.rows("SELECT * FROM kit.outbox WHERE object_id = %s", assignment.id)
    told = {"step": "red", "occurrence": 0, "action": "warn", "audience": "unit"}
    assert (message.kind, message.object_type, message.version) == ("assignment.escalated", "assignment", assignment.version)
    assert (message.unit_id, message.data) == (world.place.town.id, told)
    assert message.audience == outbox.audience_of(access.ASSIGNMENTS_READ)
    [event] = world.rows("SELECT * FROM kit.audit_events WHERE object_id = %s", assignment.id)
    assert (event.action, event.actor_name, event.before, event.after) == ("assignment.escalated", SWEEPER.name, None, told)
    [late] = world.rows("SELECT id FROM tasks.lateness WHERE assignment_id = %s", assignment.id)
    [opened] = world.rows("SELECT version, data FROM kit.outbox WHERE object_id = %s", late.id)
    assert opened == (1, {"assignment_id": str(assignment.id), "task_id": str(assignment.task_id)})
    while world.rows("SELECT kit.seal_audit() AS sealed")[0].sealed:
        pass
    [chain] = world.rows("SELECT * FROM kit.verify_audit(NULL, 1000000)")
    assert (chain.first_bad, chain.more) == (None, False)
    waiting = world.rows("SELECT position FROM kit.outbox_queue WHERE message_id = %s", message.id)
    assert len(waiting) == 1


async def test_a_record_that_had_ended_goes_on_while_the_unit_is_still_late(world: World, assignment: Assignment) -> None:
    await world.sweep_on(DUE + timedelta(1))
    world.run(
        "INSERT INTO tasks.lateness_events SELECT id, 1, 'ended', 'suspended', first_late_on, counts_from, 1, '示例', now()"
        " FROM tasks.lateness WHERE assignment_id = %s",
        assignment.id,
    )
    await world.sweep_on(DUE + timedelta(2))
    [record] = await world.items("/v1/lateness", assignment_id=str(assignment.id))
    assert [(event["kind"], event["how"]) for event in record["events"]] == [("ended", "suspended"), ("went_on", "still_late")]


async def test_a_sweep_may_be_cancelled_between_two_turns(world: World, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [await world.assignment(await world.task(plan), due_on=DUE) for _ in range(4)]
    world.clock.set_to(DUE + timedelta(1))
    asked, plain = await world.ask_for_sweep(), actions.sweep

    async def cancelling(*given: Any) -> int:
        world.run("UPDATE kit.operations SET cancel_asked = true WHERE id = %s", asked)
        return await plain(*given)

    monkeypatch.setattr(actions, "sweep", cancelling)
    monkeypatch.setattr(actions, "MOST", 2)
    await jobs.run(world.runtime, sweeps.TASK, asked)
    [ended] = world.rows("SELECT state, progress FROM kit.operations WHERE id = %s", asked)
    assert ended == ("cancelled", 0.5)
    assert sorted([len(await fired(world, each)) for each in many]) == [0, 0, 1, 1]
    monkeypatch.undo()
    await world.sweep()
    assert [await fired(world, each) for each in many] == [[("red", 0)]] * 4


async def test_a_backlog_is_worked_off_in_two_lanes(world: World, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    units = (world.place.town, world.place.other_town, world.place.town_branch)
    many = [await world.assignment(await world.task(plan), unit, due_on=DUE) for unit in units for _ in range(3)]
    monkeypatch.setattr(actions, "MOST", 2)
    monkeypatch.setattr(sweeps, "BACKLOG", 1)
    running, most, plain = 0, 0, actions.sweep

    async def counting(*given: Any) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return await plain(*given)
        finally:
            running -= 1

    monkeypatch.setattr(actions, "sweep", counting)
    await world.sweep_on(DUE + timedelta(9))
    assert most == 2
    for assignment in many:
        assert sorted(await fired(world, assignment)) == [("lead_unit", 0), ("leader", 1), ("notice", 0), ("red", 0)]
    letters = world.rows("SELECT sequence FROM tasks.supervision_notices WHERE kind = 'notice' ORDER BY sequence")
    assert [row.sequence for row in letters] == list(range(1, len(letters) + 1))


async def test_the_watch_asks_for_a_sweep_once_and_only_when_needed(world: World, assignment: Assignment) -> None:
    async def asked() -> int:
        return len(world.rows("SELECT 1 FROM kit.operations WHERE kind = %s AND state = 'queued'", sweeps.KIND))

    world.run(ENDED)
    for _ in range(3):
        await sweeps.watch(world.runtime)
    assert await asked() == 1
    world.clock.pass_time(minutes=16)
    await sweeps.watch(world.runtime)
    assert await asked() == 2
    world.run(ENDED)
    await world.sweep()
    await sweeps.watch(world.runtime)
    assert await asked() == 0


async def test_where_an_assignment_stands_on_the_ladder(world: World, assignment: Assignment) -> None:
    await world.sweep_on(DUE + timedelta(1))
    state = LadderStateOut.model_validate(await world.read(f"/v1/assignments/{assignment.id}/ladder", "member"))
    assert [one.step for one in state.taken] == ["red"]
    assert [(one.step, one.due_for) for one in state.next][:2] == [
        ("leader", DUE + timedelta(2)),
        ("lead_unit", DUE + timedelta(4)),
    ]
    for name, status in {"other_manager": 404, "foreign_bureau": 404, "auditor": 403}.items():
        assert (await world.caller(name).get(f"/v1/assignments/{assignment.id}/ladder")).status_code == status, name


async def test_reminders_by_hand_are_limited(world: World, assignment: Assignment) -> None:
    path = f"/v1/assignments/{assignment.id}/remind"
    first = await world.caller("bureau").post(path, json={"text": "请抓紧（演示）"})
    assert (first.status_code, first.json()["sent"], first.json()["left"]) == (200, 1, 2)
    again = await world.caller("bureau").post(path, json={"text": "请抓紧"})
    assert (again.status_code, again.json()["code"]) == (409, "reminder.too_soon")
    assert await titles(world, "member", kind="reminder")
    for name, status in {"manager": 403, "member": 403, "government": 403, "foreign_bureau": 404}.items():
        assert (await world.caller(name).post(path, json={"text": "请抓紧"})).status_code == status, name
    assert (await world.caller("bureau").post(path, json={})).status_code == 400
    world.clock.pass_time(hours=25)
    assert (await world.caller("bureau").post(path, json={"text": "请抓紧"}, params={"dry_run": "true"})).status_code == 200
    assert len(await titles(world, "member", kind="reminder")) == 1


async def test_who_may_ask_for_a_sweep(world: World) -> None:
    for name in ("manager", "member", "government", "platform", "auditor"):
        assert (await world.caller(name).post("/v1/escalations/sweep")).status_code == 403, name
    answer = await world.caller("bureau").post("/v1/escalations/sweep")
    assert answer.status_code == 202
    assert answer.headers["Location"].startswith("/v1/operations/")
