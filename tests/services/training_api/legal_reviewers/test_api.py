"""The pool of legal reviewers over HTTP: proposed, admitted, away, removed, published for the cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from services.kit import ids
from services.kit.principal import Role
from services.training_api.legal_reviewers import rules, schemas
from services.training_api.legal_reviewers.rules import State, Verb
from tests.factories.training import World, faults, made, problem

PATH = "/v1/legal-reviewers"


class Member:
    def __init__(self, state: State) -> None:
        self.state = state.value


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_each_state_allows_its_moves_alone(state: State, verb: Verb) -> None:
    allowed = {State.PROPOSED: set(Verb), State.LISTED: {Verb.CHANGE, Verb.REMOVE}}
    assert (rules.why_not(verb, Member(state)) is None) is (verb in allowed.get(state, set()))


def body(world: World, **changes: Any) -> dict[str, Any]:
    facts = {"unit_id": str(world.place.town.id), "qualification": "legal_professional", "areas": ["城市管理"]}
    return facts | changes


async def listed(world: World, **changes: Any) -> dict[str, Any]:
    facts = {"name": "示例律师"} | changes
    reviewer = made(await world.manager.post(PATH, json=body(world, **facts)))
    answer = await world.bureau.post(f"{PATH}/{reviewer['id']}/admit", version=1)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_unit_proposes_and_the_bureau_admits(world: World) -> None:
    officer = await world.officer(name="示例己庚")
    proposed = made(await world.manager.post(PATH, json=body(world, officer_id=officer["id"])))
    read = schemas.LegalReviewerOut.model_validate(proposed)
    assert (read.name, read.state, read.available, read.allowed_actions) == (
        "示例己庚",
        "proposed",
        False,
        ["change", "remove"],
    )
    again = await world.manager.post(PATH, json=body(world, officer_id=officer["id"]))
    assert problem(again) == (409, "legal_reviewer.in_pool_already")
    path = f"{PATH}/{proposed['id']}"
    assert (await world.manager.post(f"{path}/admit", version=1)).status_code == 403
    dry = await world.bureau.post(f"{path}/admit", params={"dry_run": "true"}, version=1)
    assert (dry.json()["state"], (await world.bureau.get(path)).json()["state"]) == ("listed", "proposed")
    admitted = (await world.bureau.post(f"{path}/admit", version=1)).json()
    assert (admitted["available"], admitted["admitted_on"]) == (True, "2024-10-15")
    platform = await world.caller(Role.PLATFORM).get(path)
    assert platform.json()["name"] == "示***"
    with world.superuser() as connection:
        query = "SELECT masked_name, has_legal_qualification, areas FROM published.legal_reviewers WHERE id = %s"
        assert connection.execute(query, [proposed["id"]]).fetchone() == ("示***", True, ["城市管理"])
        told = "SELECT after::text FROM kit.audit_events WHERE object_id = %s"
        assert "示例己庚" not in str(connection.execute(told, [proposed["id"]]).fetchall())
    left = await world.bureau.post(f"/v1/officers/{officer['id']}/leave", json={"on": "2024-10-14", "reason": "退休"}, version=1)
    assert left.status_code == 200
    assert (await world.bureau.get(path)).json()["available"] is False
    with world.superuser() as connection:
        assert connection.execute("SELECT 1 FROM published.legal_reviewers WHERE id = %s", [proposed["id"]]).fetchone() is None


async def test_who_is_away_cannot_be_asked(world: World) -> None:
    reviewer = await listed(world, areas=["市场监管", "生态环境"], qualification="counsel")
    path = f"{PATH}/{reviewer['id']}"
    away = [{"from_on": "2024-10-20", "to_on": "2024-10-31"}, {"from_on": "2025-01-01"}]
    changed = await world.manager.patch(path, json={"absences": away}, version=2)
    assert (changed.json()["absences"], changed.json()["version"]) == (away, 3)
    twice = await world.manager.patch(path, json={"absences": [*away, {"from_on": "2025-06-01"}]}, version=3)
    assert faults(twice) == [("/body/absences/2", "repeated")]

    async def found(day: str, **more: Any) -> bool:
        answer = await world.member.get(PATH, params={"available_on": day, "limit": 200, **more})
        return reviewer["id"] in [str(i.id) for i in schemas.LegalReviewerPage.model_validate_json(answer.content).items]

    days = ("2024-10-14", "2024-10-19", "2024-10-20", "2024-10-31", "2024-11-01", "2025-06-01")
    assert [await found(day) for day in days] == [False, True, False, False, True, False]
    assert await found("2024-11-01", area="生态环境")
    assert not await found("2024-11-01", area="生态")
    world.clock.moment = datetime(2024, 10, 20, 2, tzinfo=UTC)
    assert (await world.bureau.get(path)).json()["available"] is False
    with world.superuser() as connection:
        query = "SELECT from_on::text, to_on::text FROM published.legal_reviewer_absences WHERE reviewer_id = %s ORDER BY 1"
        rows = connection.execute(query, [reviewer["id"]]).fetchall()
    assert rows == [("2024-10-20", "2024-10-31"), ("2025-01-01", None)]


async def test_faults_and_removal(world: World) -> None:
    beside = await world.officer(world.place.town_branch)
    wrong = await world.manager.post(PATH, json=body(world, officer_id=beside["id"], account_id=str(ids.new_id())))
    assert faults(wrong) == [("/body/account_id", "not_found"), ("/body/officer_id", "legal_reviewer.not_of_unit")]
    other = await world.manager.post(PATH, json=body(world, name="示例", unit_id=str(world.place.other_town.id)))
    assert faults(other) == [("/body/unit_id", "not_found")]
    assert (await world.manager.post(PATH, json=body(world))).status_code == 400
    reviewer = await listed(world)
    path = f"{PATH}/{reviewer['id']}"
    gone = await world.manager.post(f"{path}/remove", json={"reason": "调离"}, version=2)
    assert (gone.json()["state"], gone.json()["removed_on"], gone.json()["available"]) == ("removed", "2024-10-15", False)
    late = await world.manager.patch(path, json={"areas": ["应急"]}, version=3)
    assert problem(late) == (409, "legal_reviewer.illegal_move")


TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", {"read": 200, "change": 200, "admit": 200, "remove": 200}),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", {"read": 404, "change": 404, "admit": 404, "remove": 404}),
    "manager": (Role.UNIT_MANAGER, "town", {"read": 200, "change": 200, "admit": 403, "remove": 200}),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", {"read": 200, "change": 404, "admit": 403, "remove": 404}),
    "member": (Role.UNIT_MEMBER, "town", {"read": 200, "change": 403, "admit": 403, "remove": 403}),
    "platform": (Role.PLATFORM, "district", {"read": 200, "change": 403, "admit": 403, "remove": 403}),
    "government": (Role.GOVERNMENT, "district", {"read": 403, "change": 403, "admit": 403, "remove": 403}),
    "auditor": (Role.AUDITOR, "", {"read": 403, "change": 403, "admit": 403, "remove": 403}),
}


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    found = {}
    for operation in expected:
        reviewer = made(await world.manager.post(PATH, json=body(world, name="示例")))
        method = {"read": "GET", "change": "PATCH"}.get(operation, "POST")
        sent = {"change": {"areas": ["交通"]}, "remove": {"reason": "调离"}}.get(operation)
        rest = f"/{operation}" if method == "POST" else ""
        found[operation] = (await caller.request(method, f"{PATH}/{reviewer['id']}{rest}", version=1, json=sent)).status_code
    assert found == dict(expected)
