"""Assignments over HTTP: every move, who may make it, what it leaves behind."""

from __future__ import annotations

import asyncio
import itertools
import random
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from services.kit import clock, ids
from services.tasks_api.assignments import rules, schemas
from services.tasks_api.assignments.rules import State, Verb
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.tasks.tables import Task
from tests.client import Services
from tests.factories import tasks as factories
from tests.places import Place

TODAY = clock.local_day(clock.now())
WHO = {verb: "manager" if verb in {"sign", "start", "submit"} else "bureau" for verb in Verb}
EVERYONE = (
    "bureau",
    "government",
    "platform",
    "manager",
    "member",
    "branch_manager",
    "other_manager",
    "reviewer",
    "admin",
    "auditor",
)


@pytest.fixture
async def task(services: Services, place: Place, neighbours: None) -> Task:
    async with services.database("tasks_api").transaction() as session:
        plan = await factories.make_plan(session, place.district, state="active")
        return await factories.make_task(session, plan, responsibles=[place.town])


class Desk:
    """Makes assignments and moves them."""

    def __init__(self, services: Services, people: Any, place: Place, task: Task) -> None:
        self.services, self.people, self.place, self.task = services, people, place, task
        self.years = itertools.count(2000)

    async def make(self, state: State = State.ISSUED, **changes: Any) -> Assignment:
        given = {"year": next(self.years), "state": state, "reported_at": factories.LONG_AGO}
        async with self.services.database("tasks_api").transaction() as session:
            return await factories.make_assignment(session, self.task, self.place.town, **given | changes)

    async def move(self, assignment: Assignment | dict[str, Any], verb: str, caller: str = "", **options: Any) -> Any:
        found = assignment if isinstance(assignment, dict) else {"id": assignment.id, "version": assignment.version}
        body = {"reason": "演示理由"} if verb in {"return", "void", "suspend", "reassign"} else None
        if verb == "reassign":
            body = {"reason": "演示理由", "unit_id": str(self.place.other_town.id)}
        given = {"version": found["version"]} | ({"json": body} if body else {})
        who = getattr(self.people, caller or WHO[Verb(verb)])
        return await who.post(f"/v1/assignments/{found['id']}/{verb}", **given | options)

    async def read(self, assignment: Assignment, caller: str = "bureau") -> dict[str, Any]:
        answer = await getattr(self.people, caller).get(f"/v1/assignments/{assignment.id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def report(self, assignment: Assignment) -> Any:
        body = {"period": "2025年", "text": "演示进展。", "percent": 100}
        return await self.people.member.post(f"/v1/assignments/{assignment.id}/progress-reports", json=body)


@pytest.fixture
def desk(services: Services, people: Any, place: Place, task: Task) -> Desk:
    return Desk(services, people, place, task)


def own_rows(services: Services, sql: str, *values: Any) -> list[Any]:
    """Rows only the owner of the database may read."""
    with psycopg.connect(services.settings.database_url or "", row_factory=psycopg.rows.namedtuple_row) as connection:
        return connection.execute(sql, values).fetchall()


async def test_the_way_of_an_assignment_from_issue_to_approval(desk: Desk, services: Services, place: Place) -> None:
    assignment = await desk.make(reported_at=None)
    seen = schemas.AssignmentOut.model_validate(await desk.read(assignment, "manager"))
    assert (seen.state, seen.unit_id, seen.allowed_actions) == (State.ISSUED, place.town.id, [Verb.SIGN])
    signed = await desk.move(assignment, "sign")
    assert (signed.status_code, signed.json()["state"], signed.headers["ETag"]) == (200, "signed", '"v2"')
    started = await desk.move(signed.json(), "start", "member")
    assert started.json()["allowed_actions"] == []
    empty = await desk.move(started.json(), "submit")
    assert (empty.status_code, empty.json()["code"]) == (409, "assignment.nothing_reported")
    assert (await desk.report(assignment)).status_code == 201
    assert (await desk.read(assignment, "manager"))["allowed_actions"] == ["submit"]
    submitted = await desk.move(started.json(), "submit")
    assert (submitted.json()["state"], submitted.json()["submitted_on"]) == ("submitted", TODAY.isoformat())
    approved = await desk.move(submitted.json(), "approve")
    assert (approved.json()["state"], approved.json()["allowed_actions"]) == ("approved", [])
    verbs = ["sign", "start", "submit", "approve"]
    history = (await desk.people.member.get(f"/v1/assignments/{assignment.id}/moves")).json()
    moves = schemas.MovePage.model_validate(history).items
    assert [(move.version, move.verb) for move in moves] == list(enumerate(["issue", *verbs], 1))
    assert [move.state_before for move in moves[1:]] == [move.state_after for move in moves[:-1]]
    trail = own_rows(services, "SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", assignment.id)
    feed = own_rows(services, "SELECT kind, version FROM kit.outbox WHERE object_id = %s ORDER BY id", assignment.id)
    past = [f"assignment.{rules.PAST[Verb(verb)]}" for verb in verbs]
    assert [row.action for row in trail] == past
    assert [(row.kind, row.version) for row in feed] == list(zip(past, range(2, 6), strict=True))


@pytest.mark.parametrize("state", State)
async def test_each_verb_in_each_state(desk: Desk, state: State) -> None:
    assignment = await desk.make(state)
    for verb in Verb:
        answer = await desk.move(assignment, verb, params={"dry_run": "true"})
        allowed = rules.why_not(verb, assignment) is None
        assert answer.status_code == (200 if allowed else 409), (verb, answer.text)
        assert allowed or answer.json()["code"] == "assignment.illegal_move"
    for caller in ("bureau", "manager"):
        own = [verb for verb in Verb if WHO[verb] == caller and rules.why_not(verb, assignment) is None]
        assert (await desk.read(assignment, caller))["allowed_actions"] == own


@pytest.mark.parametrize("verb", Verb)
async def test_each_role_and_each_verb(desk: Desk, verb: Verb) -> None:
    possible = {"resume": State.SUSPENDED, "sign": State.ISSUED, "start": State.SIGNED, "submit": State.IN_PROGRESS}
    assignment = await desk.make(possible.get(verb, State.SUBMITTED if verb in {"return", "approve"} else State.ISSUED))
    allowed = {"bureau"} if WHO[verb] == "bureau" else {"manager"} | ({"member"} if verb == "start" else set())
    for name in EVERYONE:
        expected = 200 if name in allowed else 403
        if name in {"other_manager", "branch_manager"}:
            expected = 404
        answer = await desk.move(assignment, verb, name, params={"dry_run": "true"})
        assert answer.status_code == expected, (name, answer.text)
    foreign = await desk.move(assignment, verb, "foreign_bureau")
    assert foreign.status_code == (404 if WHO[verb] == "bureau" else 403)
    assert (await desk.people.nobody.post(f"/v1/assignments/{assignment.id}/{verb}")).status_code == 401
    assert (await desk.move(assignment, verb, version=None)).status_code == 428
    assert (await desk.move(assignment, verb, version=99)).status_code == 412
    assert (await desk.move(assignment, verb)).status_code == 200


async def test_who_sees_an_assignment(desk: Desk) -> None:
    assignment = await desk.make()
    path = f"/v1/assignments/{assignment.id}"
    expected = dict.fromkeys(("bureau", "government", "platform", "manager", "member"), 200)
    expected |= dict.fromkeys(("branch_manager", "other_manager", "foreign_bureau"), 404)
    expected |= dict.fromkeys(("reviewer", "admin", "auditor"), 403)
    for name, status in expected.items():
        for tail in ("", "/moves", "/progress-reports"):
            assert (await getattr(desk.people, name).get(path + tail)).status_code == status, (name, tail)
        listed = await getattr(desk.people, name).get("/v1/assignments", params={"task_id": str(desk.task.id), "limit": 200})
        found = [row["id"] for row in listed.json().get("items", [])]
        assert (str(assignment.id) in found) == (status == 200), name


async def test_a_leader_acts_for_the_units_below(desk: Desk, place: Place) -> None:
    assignment = await desk.make(unit_id=place.town_branch.id)
    assert (await desk.read(assignment, "manager"))["allowed_actions"] == ["sign"]
    assert (await desk.people.member.get(f"/v1/assignments/{assignment.id}")).status_code == 404
    assert (await desk.move(assignment, "sign", "manager")).status_code == 200


@pytest.mark.parametrize("verb", ["return", "void", "suspend", "reassign"])
async def test_some_moves_need_a_reason(desk: Desk, verb: str, services: Services) -> None:
    assignment = await desk.make(State.SUBMITTED if verb == "return" else State.IN_PROGRESS)
    bare = {"unit_id": str(desk.place.other_town.id)} if verb == "reassign" else {}
    refused = await desk.move(assignment, verb, json=bare)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/body/reason")
    header = {"X-Change-Reason": "%E7%90%86%E7%94%B1"}
    assert (await desk.move(assignment, verb, json=bare, headers=header)).status_code == 200
    [row] = own_rows(
        services, "SELECT reason FROM tasks.assignment_moves WHERE assignment_id = %s AND version = 2", assignment.id
    )
    [trail] = own_rows(services, "SELECT reason FROM kit.audit_events WHERE object_id = %s", assignment.id)
    assert row.reason == trail.reason == "理由"


async def test_returned_work_needs_a_new_report_and_its_clock_runs_on(desk: Desk) -> None:
    due_on = TODAY - timedelta(20)
    assignment = await desk.make(State.SUBMITTED, due_on=due_on, stopped_on=due_on)
    assert (await desk.read(assignment))["late_days"] == 0
    returned = (await desk.move(assignment, "return")).json()
    assert (returned["state"], returned["lamp"]) == ("in_progress", "red")
    assert returned["late_days"] == working_days(due_on, TODAY) > 0
    assert (await desk.move(returned, "submit")).json()["code"] == "assignment.nothing_reported"
    await desk.report(assignment)
    submitted = (await desk.move(returned, "submit")).json()
    approved = (await desk.move(submitted, "approve")).json()
    assert (approved["late_days"], approved["lamp"]) == (returned["late_days"], "red")


def working_days(start: date, end: date) -> int:
    return sum((start + timedelta(n)).weekday() < 5 for n in range(1, (end - start).days + 1))


async def test_resuming_gives_the_suspended_days_back(desk: Desk) -> None:
    due_on = TODAY + timedelta(30)
    assignment = await desk.make(State.SUSPENDED, due_on=due_on, stopped_on=TODAY - timedelta(12), state_before="signed")
    assert (await desk.read(assignment))["lamp"] == "grey"
    resumed = (await desk.move(assignment, "resume")).json()
    moved = (due_on + timedelta(12)).isoformat()
    assert (resumed["state"], resumed["suspended_days"], resumed["due_on"], resumed["extended_to"]) == (
        "signed",
        12,
        moved,
        moved,
    )
    assert resumed["original_due_on"] == due_on.isoformat()


async def test_a_suspended_assignment_keeps_the_state_it_goes_back_to(desk: Desk) -> None:
    assignment = await desk.make(State.IN_PROGRESS, due_on=TODAY)
    suspended = (await desk.move(assignment, "suspend")).json()
    assert (suspended["state"], suspended["state_before"], suspended["lamp"]) == ("suspended", "in_progress", "grey")
    resumed = (await desk.move(suspended, "resume")).json()
    assert (resumed["state"], resumed["due_on"], resumed["suspended_days"]) == ("in_progress", TODAY.isoformat(), 0)
    assert "extended_to" not in resumed


async def test_handing_over_moves_sight_and_tells_both_units(desk: Desk, services: Services, place: Place) -> None:
    assignment = await desk.make(State.IN_PROGRESS)
    given = (await desk.move(assignment, "reassign")).json()
    assert (given["state"], given["unit_id"]) == ("issued", str(place.other_town.id))
    assert (await desk.people.manager.get(f"/v1/assignments/{assignment.id}")).status_code == 404
    assert (await desk.read(assignment, "other_manager"))["allowed_actions"] == ["sign"]
    history = (await desk.people.other_manager.get(f"/v1/assignments/{assignment.id}/moves")).json()["items"]
    assert [move["unit_id"] for move in history] == [str(place.town.id), str(place.other_town.id)]
    told = own_rows(services, "SELECT unit_id FROM kit.outbox WHERE object_id = %s", assignment.id)
    assert {row.unit_id for row in told} == {place.town.id, place.other_town.id}


async def test_who_cannot_take_over(desk: Desk, place: Place) -> None:
    year = next(desk.years)
    first = await desk.make(year=year)
    await desk.make(year=year, unit_id=place.other_town.id)
    owing = await desk.move(first, "reassign")
    assert (owing.status_code, owing.json()["code"]) == (409, "assignment.already_owed")
    for unit_id in (place.foreign_town.id, ids.new_id()):
        answer = await desk.move(first, "reassign", json={"reason": "演示理由", "unit_id": str(unit_id)})
        assert (answer.status_code, answer.json()["errors"][0]) == (
            400,
            {"pointer": "/body/unit_id", "code": "not_found", "detail": "所指对象不存在。"},
        )


async def test_a_closed_plan_is_only_read(desk: Desk, services: Services, place: Place) -> None:
    async with services.database("tasks_api").transaction() as session:
        plan = await factories.make_plan(session, place.district, state="closed")
        task = await factories.make_task(session, plan, responsibles=[place.town])
        assignment = await factories.make_assignment(session, task, place.town)
    assert (await desk.read(assignment, "manager"))["allowed_actions"] == []
    refused = await desk.move(assignment, "sign")
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.not_active")


async def test_a_dry_run_writes_nothing(desk: Desk, services: Services) -> None:
    assignment = await desk.make()
    answer = await desk.move(assignment, "sign", params={"dry_run": "true"})
    assert (answer.status_code, answer.json()["state"]) == (200, "signed")
    assert (await desk.read(assignment))["state"] == "issued"
    for table, column, expected in (
        ("kit.audit_events", "object_id", 0),
        ("kit.outbox", "object_id", 0),
        ("tasks.assignment_moves", "assignment_id", 1),
    ):
        [row] = own_rows(services, f"SELECT count(*) FROM {table} WHERE {column} = %s", assignment.id)
        assert row.count == expected, table


async def test_a_key_makes_a_move_happen_once(desk: Desk) -> None:
    assignment = await desk.make()
    key = {"Idempotency-Key": str(ids.new_id())}
    first = await desk.move(assignment, "sign", headers=key)
    again = await desk.move(assignment, "sign", headers=key)
    assert (again.status_code, again.headers["Idempotency-Replayed"], again.content) == (200, "true", first.content)


async def test_of_eight_who_hand_in_at_once_one_succeeds(desk: Desk) -> None:
    assignment = await desk.make(State.IN_PROGRESS)
    answers = await asyncio.gather(*(desk.move(assignment, "submit") for _ in range(8)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200
    assert set(codes[1:]) <= {409, 412}
    history = (await desk.people.bureau.get(f"/v1/assignments/{assignment.id}/moves")).json()["items"]
    assert [move["verb"] for move in history] == ["issue", "submit"]


@pytest.mark.parametrize("seed", range(8))
async def test_a_walk_over_http_agrees_with_the_table(desk: Desk, seed: int) -> None:
    walk = random.Random(seed)
    assignment = await desk.make(reported_at=None)
    for _ in range(12):
        verb = walk.choice([*Verb, "report"])
        now = await desk.read(assignment)
        if verb == "report":
            assert (await desk.report(assignment)).status_code == (201 if now["state"] in {"signed", "in_progress"} else 409)
            continue
        [row] = own_rows(desk.services, "SELECT * FROM tasks.assignments WHERE id = %s", assignment.id)
        refusal = rules.why_not(Verb(verb), row)
        moved = {"json": {"reason": "演示理由", "unit_id": str(desk.place.town.id)}}
        body: dict[str, Any] = moved if verb == "reassign" else {}
        answer = await desk.move(now, verb, **body)
        if verb == "reassign":
            assert answer.status_code == 409
            continue
        assert answer.status_code == (200 if refusal is None else 409), (verb, row.state, answer.text)
        assert (await desk.read(assignment))["state"] == (row.state if refusal else rules.target(row, Verb(verb)))


async def test_the_history_cannot_be_changed(desk: Desk, services: Services) -> None:
    assignment = await desk.make()
    with psycopg.connect(services.settings.database_url or "") as connection:
        for sql in ("UPDATE tasks.assignment_moves SET reason = ''", "DELETE FROM tasks.assignment_moves"):
            with pytest.raises(psycopg.errors.RestrictViolation), connection.transaction():
                connection.execute(f"{sql} WHERE assignment_id = %s", [assignment.id])
