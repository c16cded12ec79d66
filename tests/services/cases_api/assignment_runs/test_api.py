"""Assigning a drawn round over HTTP and by its job: the pairs, the record, answers of reviewers, stand-ins and gates."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.cases_api.assignment_runs import schemas
from services.cases_api.assignment_runs.actions import told
from services.cases_api.assignment_runs.rules import solving
from services.cases_api.assignment_runs.rules.problems import canonical, problem_of
from services.cases_api.review_assignments import schemas as assignment_schemas
from services.kit import ids, sampling
from services.kit.principal import Role
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.services.cases_api.assignment_runs.rounds import Turn, drawn, outsider, reviewer

REASON = {"X-Change-Reason": "on%20leave"}


@pytest.fixture(scope="module", autouse=True)
def stock(world: World) -> None:
    """Five closed files of the town."""
    for _ in range(5):
        reviews.case_file(world.connection, world.place.town)


@pytest.fixture(autouse=True)
def nobody(world: World) -> Iterator[None]:
    """Each test brings its own reviewers."""
    yield
    world.connection.execute("UPDATE published.accounts SET active = false")


@pytest.fixture
def people(world: World) -> list[UUID]:
    """Four reviewers of the bureau."""
    return [outsider(world) for _ in range(4)]


async def assigned(world: World, **wanted: Any) -> Turn:
    turn = await drawn(world, **wanted)
    assert (await turn.assign())["state"] == "succeeded"
    return turn


async def refused(answer: Any, code: str, status: int = 409) -> None:
    found = await answer
    assert (found.status_code, found.json()["code"]) == (status, code), found.text


# ---------------------------------------------------------------------------------------------- assigning


async def test_every_file_gets_two_reviewers_of_other_units_with_reasons(world: World, people: list[UUID]) -> None:
    own = outsider(world, world.place.town)
    turn = await drawn(world)
    done = await turn.assign()
    assert (done["state"], done["result_url"]) == ("succeeded", f"{turn.path}/assignments")
    found = await turn.assignments()
    assert set(Counter(each["case_file_id"] for each in found).values()) == {2}
    loads = Counter(each["account_id"] for each in found)
    assert (set(loads), max(loads.values()) - min(loads.values())) == ({str(each) for each in people}, 1)
    assert str(own) not in loads
    one = assignment_schemas.ReviewAssignmentOut.model_validate(found[0])
    assert (one.reason, one.cost is not None, one.explanation is not None) == ("solved", True, True)
    state = await turn.now()
    assert (state["state"], state["files"], "assign" in state["allowed_actions"]) == ("assigned", 5, True)
    told_to = "SELECT account_ids FROM kit.outbox WHERE kind = 'review_round.assigned' AND object_id = %s"
    assert set(world.rows(told_to, state["id"])[0][0]) == set(people)


async def test_the_record_gives_the_assignment_again(world: World, people: list[UUID]) -> None:
    turn = await assigned(world)
    (run,) = schemas.AssignmentRunPage.model_validate(good(await world.bureau.get(f"{turn.path}/assignment-runs"))).items
    record = good(await world.bureau.get(f"{turn.path}/assignment-runs/1"))
    schemas.AssignmentRecordOut.model_validate(record)
    assert sampling.sha256(canonical(record["problem"]).encode()) == run.problem_sha256
    again = solving.solve(problem_of(record["problem"]))
    assert json.loads(canonical(told(again))) == record["solution"]
    draw = good(await world.bureau.get(f"/v1/draws/{(await turn.now())['draw_id']}"))
    assert run.seed == sampling.sha256(f"{draw['seed']}\nassignment 1".encode())
    pairs = {(each["file_id"], each["account_id"]) for each in record["solution"]["pairs"]}
    assert pairs == {(each["case_file_id"], each["account_id"]) for each in await turn.assignments()}
    for who in (world.manager(), reviewer(world, people[0])):
        assert (await who.get(f"{turn.path}/assignment-runs/1")).status_code == 404
        assert good(await who.get(f"{turn.path}/assignment-runs"))["items"] == []
    with pytest.raises(psycopg.Error, match="only ever added"):
        world.connection.execute("UPDATE cases.assignment_runs SET cost = 0")


async def test_what_is_impossible_fails_with_its_reasons_and_writes_nothing(world: World) -> None:
    turn = await drawn(world)
    assert (await turn.assign())["problem"]["code"] == "assignment.no_reviewers"
    outsider(world)
    done = await turn.assign()
    assert (done["state"], done["problem"]["code"]) == ("failed", "assignment.infeasible")
    assert [fault["code"] for fault in done["problem"]["errors"]] == ["assignment.too_few_reviewers"]
    assert "示例甲镇有 5 件案卷" in done["problem"]["errors"][0]["detail"]
    assert ((await turn.now())["state"], await turn.assignments()) == ("drawn", [])


async def test_loads_and_people_may_be_narrowed(world: World, people: list[UUID]) -> None:
    turn = await drawn(world)
    done = await turn.assign(most_load=2)
    assert [fault["code"] for fault in done["problem"]["errors"]] == ["assignment.too_little_room"]
    assert (await turn.assign(account_ids=[str(each) for each in people[:2]]))["state"] == "succeeded"
    assert {each["account_id"] for each in await turn.assignments()} == {str(each) for each in people[:2]}


async def test_a_qualified_reviewer_is_among_those_of_each_file(world: World, people: list[UUID]) -> None:
    body = {"account_id": str(people[0]), "legal_review": True, "kinds": ["penalty"]}
    listed = good(await world.bureau.post("/v1/reviewers", json=body))
    turn = await drawn(world)
    assert (await turn.now())["legal_reviewers"] == 1
    assert (await turn.assign())["state"] == "succeeded"
    by_file = Counter(each["case_file_id"] for each in await turn.assignments() if each["account_id"] == str(people[0]))
    assert set(by_file.values()) == {1}
    assert len(by_file) == 5
    away = {"absent_from": "2020-01-01", "absent_to": "2099-01-01"}
    good(await world.bureau.patch(f"/v1/reviewers/{listed['id']}", json=away, version=1))
    done = await (await drawn(world)).assign()
    assert [fault["code"] for fault in done["problem"]["errors"]] == ["assignment.no_legal_reviewer"]
    good(await world.bureau.patch(f"/v1/reviewers/{listed['id']}", json={"legal_review": False}, version=2))


async def test_only_what_lacks_reviewers_is_assigned_again(world: World, people: list[UUID]) -> None:
    turn = await assigned(world)
    before = await turn.assignments()
    assert (await turn.assign())["problem"]["code"] == "assignment.nothing_to_assign"
    gone = before[0]
    good(await world.bureau.post(f"/v1/reviews/{gone['id']}/void", version=1, headers=REASON))
    assert (await turn.assign())["state"] == "succeeded"
    after = {each["id"]: each for each in await turn.assignments()}
    (new,) = after.keys() - {each["id"] for each in before}
    assert (after[new]["case_file_id"], after[new]["account_id"] != gone["account_id"]) == (gone["case_file_id"], True)
    assert good(await world.bureau.get(f"{turn.path}/assignment-runs"))["items"][0]["number"] == 2


async def test_bodies_fit_the_mode_of_the_round(world: World) -> None:
    turn = await drawn(world)
    named = {"case_file_ids": [str(ids.new_id())], "least_load": 5, "most_load": 3}
    answer = await world.bureau.post(f"{turn.path}/assign", json=named, version=(await turn.now())["version"])
    assert {(each["pointer"], each["code"]) for each in answer.json()["errors"]} == {
        ("/body/case_file_ids", "assignment.files_are_drawn"),
        ("/body/least_load", "too_great"),
    }
    self_review = await world.round()
    answer = await world.bureau.post(f"/v1/review-rounds/{self_review['id']}/assign", json={"most_load": 3}, version=1)
    assert {(each["pointer"], each["code"]) for each in answer.json()["errors"]} == {
        ("/body/case_file_ids", "missing"),
        ("/body/account_ids", "missing"),
        ("/body/most_load", "review_round.only_drawn"),
    }
    version = (await turn.now())["version"]
    await refused(world.manager().post(f"{turn.path}/assign", version=version), "review_round.bureau_only", 403)


async def test_a_dry_run_starts_nothing(world: World, people: list[UUID]) -> None:
    turn = await drawn(world)
    version = (await turn.now())["version"]
    answer = await world.bureau.post(f"{turn.path}/assign", params={"dry_run": "true"}, version=version)
    assert answer.status_code == 202
    assert world.rows("SELECT 1 FROM kit.operations WHERE id = %s", answer.json()["id"]) == []


# ---------------------------------------------------------------------------------------------- answers and stand-ins


async def mine(world: World, turn: Turn, account_id: UUID | None = None) -> tuple[Any, dict[str, Any]]:
    """A reviewer of the round and one of the own assignments."""
    found = next(each for each in await turn.assignments() if account_id in (None, UUID(each["account_id"])))
    return reviewer(world, UUID(found["account_id"])), found


async def test_who_accepts_keeps_the_file_and_who_declines_hands_it_on(world: World, people: list[UUID]) -> None:
    turn = await assigned(world)
    who, one = await mine(world, turn)
    path = f"/v1/review-assignments/{one['id']}"
    shown = good(await who.get(path))
    assert shown["allowed_actions"] == ["accept", "decline", "recuse"]
    assert good(await who.post(f"{path}/accept", version=1))["accepted_at"]
    assert (await who.post(f"{path}/decline", version=2, json={})).json()["errors"][0]["pointer"] == "/body/reason"
    gone = good(await who.post(f"{path}/decline", version=2, json={"reason": "近期集中办案"}))
    assert (gone["state"], gone["ended_how"], gone["ended_reason"]) == ("void", "declined", "近期集中办案")
    new = [each for each in await turn.assignments(case_file_id=one["case_file_id"]) if each["reason"] == "stand_in"]
    assert (len(new), new[0]["explanation"]["rank"], new[0]["account_id"] != one["account_id"]) == (1, 1, True)
    stand_in = reviewer(world, UUID(new[0]["account_id"]))
    assert good(await stand_in.get(f"/v1/reviews/{new[0]['id']}"))["state"] == "assigned"
    told_to = world.rows("SELECT kind, account_ids::text[] FROM kit.outbox WHERE object_id = %s", new[0]["id"])
    assert told_to == [("review_assignment.stood_in", [new[0]["account_id"]])]


async def test_who_recuses_declares_a_conflict_and_never_gets_the_file_again(world: World, people: list[UUID]) -> None:
    turn = await assigned(world)
    who, one = await mine(world, turn)
    good(await who.post(f"/v1/reviews/{one['id']}/open", version=1))
    path = f"/v1/review-assignments/{one['id']}"
    gone = good(await who.post(f"{path}/recuse", version=2, json={"kind": "kin", "reason": "当事人系近亲属（演示）"}))
    assert (gone["state"], gone["ended_how"]) == ("void", "recused")
    (declared,) = good(await who.get("/v1/conflict-declarations"))["items"]
    assert (declared["kind"], declared["case_file_id"]) == ("kin", one["case_file_id"])
    pair = {"account_ids": [one["account_id"]], "case_file_ids": [one["case_file_id"]]}
    (hit,) = good(await world.bureau.post("/v1/conflict-checks", json=pair))["items"]
    assert hit["kinds"] == ["declared"]
    # Why is between the person and the bureau: neither trail nor feed tell.
    for table in ("kit.audit_events", "kit.outbox"):
        assert world.rows(f"SELECT 1 FROM {table} t WHERE t::text LIKE '%%近亲属%%'") == []


async def test_a_conflict_found_late_withdraws_the_review_and_calls_a_stand_in(world: World, people: list[UUID]) -> None:
    turn = await assigned(world)
    who, one = await mine(world, turn)
    review = f"/v1/reviews/{one['id']}"
    good(await who.request("PUT", review, json={"items": []}, version=1))
    clash = {"account_id": one["account_id"], "unit_id": str(world.place.town.id), "kind": "dispute", "reason": "演示"}
    made = good(await world.bureau.post("/v1/conflict-declarations", json=clash))
    dry = await who.post(f"{review}/submit", version=2, params={"dry_run": "true"})
    assert (dry.status_code, dry.json()["code"]) == (409, "review.in_conflict")
    assert good(await who.get(review))["state"] == "draft"
    await refused(who.post(f"{review}/submit", version=2), "review.in_conflict")
    kept = good(await world.bureau.get(f"/v1/review-assignments/{one['id']}"))
    assert (kept["state"], kept["ended_how"], kept["ended_reason"]) == ("void", "conflict", "declared")
    assert world.rows("SELECT count(*) FROM cases.review_versions WHERE review_id = %s", one["id"]) == [(1,)]
    assert len(await turn.assignments(case_file_id=one["case_file_id"])) == 2
    # The same reviewer's other files of the unit are found at their own gates.
    others = [each for each in await turn.assignments() if each["account_id"] == one["account_id"]]
    if others:
        await refused(who.post(f"/v1/reviews/{others[0]['id']}/open", version=1), "review.in_conflict")
    good(await world.bureau.post(f"/v1/conflict-declarations/{made['id']}/withdraw", version=1))


async def test_without_a_stand_in_the_bureau_is_told_and_assigns_again(world: World, people: list[UUID]) -> None:
    turn = await drawn(world)
    assert (await turn.assign(account_ids=[str(each) for each in people[:2]]))["state"] == "succeeded"
    who, one = await mine(world, turn)
    good(await who.post(f"/v1/review-assignments/{one['id']}/decline", version=1, json={"reason": "病假"}))
    assert len(await turn.assignments(case_file_id=one["case_file_id"])) == 1
    told_to = "SELECT audience, account_ids FROM kit.outbox WHERE kind = %s AND object_id = %s"
    assert world.rows(told_to, "review_assignment.without_stand_in", one["id"]) == [({"bureau": "district"}, [])]
    assert (await turn.assign())["state"] == "succeeded"
    assert len(await turn.assignments(case_file_id=one["case_file_id"])) == 2


async def test_nobody_takes_a_file_away_while_its_lease_runs(world: World, people: list[UUID]) -> None:
    turn = await assigned(world)
    who, one = await mine(world, turn)
    good(await who.post(f"/v1/reviews/{one['id']}/open", version=1))
    path = f"/v1/review-assignments/{one['id']}/reassign"
    until = datetime.fromisoformat(good(await who.get(f"/v1/review-assignments/{one['id']}"))["leased_until"])
    assert timedelta(hours=7) < until - datetime.now(UTC) < timedelta(hours=8, minutes=1)  # noqa: TID251  # beside the services' clock
    await refused(world.bureau.post(path, version=2, headers=REASON), "review_assignment.leased")
    world.connection.execute("UPDATE cases.review_assignments SET leased_until = now() WHERE id = %s", [one["id"]])
    missing = await world.bureau.post(path, version=2)
    assert missing.json()["errors"][0]["pointer"] == "/header/x-change-reason"
    gone = good(await world.bureau.post(path, version=2, headers=REASON))
    assert (gone["ended_how"], gone["ended_reason"]) == ("reassigned", "on leave")


async def test_a_substituted_file_takes_its_reviews_along_and_the_new_one_is_assigned(world: World, people: list[UUID]) -> None:
    turn = await drawn(world, quota={"share_per_10000": 0, "min": 3})
    assert (await turn.assign())["state"] == "succeeded"
    one = (await turn.assignments())[0]
    await turn.act("substitutions", {"case_file_id": one["case_file_id"], "reason": "已移送"})
    assert await turn.assignments(case_file_id=one["case_file_id"]) == []
    assert good(await world.bureau.get(f"/v1/review-assignments/{one['id']}"))["ended_how"] == "replaced"
    assert (await turn.assign())["state"] == "succeeded"
    assert set(Counter(each["case_file_id"] for each in await turn.assignments()).values()) == {2}


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, people: list[UUID], role: Role) -> None:
    turn = await assigned(world)
    owner, one = await mine(world, turn)
    unit = world.place.bureau if role is Role.BUREAU else world.place.town
    who = owner if role is Role.REVIEWER else world.caller(role, unit=unit)
    path, dry = f"/v1/review-assignments/{one['id']}", dict[str, Any](params={"dry_run": "true"}, version=1)
    own, bureau = role is Role.REVIEWER, role is Role.BUREAU
    assert (await who.get(path)).status_code == (200 if own or bureau else 404 if role is Role.UNIT_MANAGER else 403)
    assert (await who.post(f"{path}/accept", **dry)).status_code == (200 if own else 403)
    assert (await who.post(f"{path}/decline", json={"reason": "病假"}, **dry)).status_code == (200 if own else 403)
    assert (await who.post(f"{path}/recuse", json={"reason": "演示"}, **dry)).status_code == (200 if own else 403)
    assert (await who.post(f"{path}/reassign", headers=REASON, **dry)).status_code == (200 if bureau else 403)
    stranger = reviewer(world, outsider(world))
    for verb, body in (("accept", None), ("decline", {"reason": "病假"}), ("recuse", {"reason": "演示"})):
        assert (await stranger.post(f"{path}/{verb}", json=body, version=1)).status_code == 404
