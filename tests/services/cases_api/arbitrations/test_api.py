"""Arbitrations over HTTP: opened by disagreement, decided by a third person without names, published with the round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.arbitrations import rules, schemas
from services.cases_api.results import schemas as results
from services.kit import ids, sampling
from services.kit.principal import Role
from tests.factories.reviews import World, good
from tests.services.cases_api.arbitrations.disputes import DECIDED, FINDING, REASON, VETO, Dispute, dispute, qualify, town_file
from tests.services.cases_api.assignment_runs.rounds import outsider, reviewer


@pytest.fixture(scope="module", autouse=True)
def stock(world: World) -> None:
    """One closed file of the town."""
    town_file(world)


@pytest.fixture(autouse=True)
def nobody(world: World) -> Iterator[None]:
    """Each test brings its own reviewers."""
    yield
    world.connection.execute("UPDATE published.accounts SET active = false")


async def refused(answer: Any, code: str, status: int = 409) -> None:
    found = await answer
    assert (found.status_code, found.json()["code"]) == (status, code), found.text


async def decided(found: Dispute) -> dict[str, Any]:
    """A dispute with its arbitration submitted."""
    opened = await found.disagree()
    path = f"/v1/arbitrations/{opened['id']}/submit"
    return good(await found.arbitrator(opened).post(path, json=DECIDED, version=opened["version"]))


async def test_a_disagreement_goes_to_a_third_person_chosen_by_seed(world: World) -> None:
    found = await dispute(world)
    await found.submit(0, FINDING)
    assert good(await world.bureau.get("/v1/arbitrations", params={"case_file_id": found.case_file_id}))["items"] == []
    await found.submit(1, vetoes=[VETO])
    opened = await found.arbitration()
    shown = schemas.ArbitrationOut.model_validate(opened)
    assert (shown.grounds, shown.state, (await found.turn.now())["state"]) == (["grade", "veto"], "assigned", "arbitrating")
    draw = good(await world.bureau.get(f"/v1/draws/{(await found.turn.now())['draw_id']}"))
    assert shown.seed == sampling.sha256(f"{draw['seed']}\narbitration {found.case_file_id} 1".encode())
    line = sorted(found.qualified, key=lambda each: rules.ticket(shown.seed or "", each))
    assert [each.account_id for each in shown.candidates or []] == line
    assert shown.account_id == line[0]
    told = "SELECT account_ids FROM kit.outbox WHERE kind = 'arbitration.opened' AND object_id = %s"
    assert world.rows(told, opened["id"]) == [([shown.account_id],)]
    await refused(found.turn.world.bureau.post(f"{found.turn.path}/publish", version=(await found.turn.now())["version"]),
                  "review_round.undecided")  # fmt: skip


async def test_the_third_person_sees_both_sheets_and_no_names_until_it_is_decided(world: World) -> None:
    found = await dispute(world)
    opened = await found.disagree()
    for roles in ((Role.REVIEWER,), (Role.BUREAU, Role.REVIEWER)):
        who = world.caller(*roles, unit=world.place.bureau, account_id=UUID(opened["account_id"]))
        seen = good(await who.get(f"/v1/arbitrations/{opened['id']}"))
        assert [each["label"] for each in seen["sheets"]] == ["A", "B"]
        assert sorted(each["grade"] for each in seen["sheets"]) == ["excellent", "fail"]
        walked = [str(seen)]
        lists = ("/v1/reviews", "/v1/review-assignments", f"{found.turn.path}/assignments")
        walked += [(await who.get(path, params={"case_file_id": found.case_file_id})).text for path in lists]
        for _, one in found.pair:
            assert (await who.get(f"/v1/reviews/{one['id']}")).status_code == 404
            assert not any(one["account_id"] in text or one["id"] in text for text in walked)
    assert (await who.get(f"/v1/case-files/{found.case_file_id}")).status_code == 200
    # The two do not learn who decides between them.
    first, _ = found.pair[0]
    assert (await first.get(f"/v1/arbitrations/{opened['id']}")).status_code == 404
    assert (await world.manager().get(f"/v1/arbitrations/{opened['id']}")).status_code == 404


async def test_each_disputed_point_wants_a_reason_and_the_decision_stands(world: World) -> None:
    found = await dispute(world)
    opened = await found.disagree()
    who, path = found.arbitrator(opened), f"/v1/arbitrations/{opened['id']}"
    good(await who.post(f"{path}/open", version=1))
    good(await who.request("PUT", path, json=DECIDED | {"decisions": DECIDED["decisions"][:1]}, version=2))
    assert (await who.request("PUT", path, json=DECIDED, version=2)).status_code == 412
    assert (await who.request("PUT", path, json=DECIDED)).status_code == 428
    lacking = await who.post(f"{path}/submit", version=3)
    assert [(fault["pointer"], fault["code"]) for fault in lacking.json()["errors"]] == [
        ("/body/decisions", "arbitration.undecided")
    ]
    dry = good(await who.post(f"{path}/submit", json=DECIDED, version=3, params={"dry_run": "true"}))
    assert (dry["state"], good(await who.get(path))["state"]) == ("submitted", "draft")
    done = good(await who.post(f"{path}/submit", json=DECIDED, version=3))
    assert (done["total"], done["grade"], done["allowed_actions"]) == (96, "excellent", [])
    versions = good(await who.get(f"{path}/versions"))["items"]
    assert [(each["number"], each["state"]) for each in versions] == [(2, "submitted"), (1, "draft")]
    await refused(who.post(f"{path}/submit", json=DECIDED, version=done["version"]), "arbitration.illegal_move")
    one = found.pair[0][1]
    back = world.bureau.post(f"/v1/reviews/{one['id']}/reopen", version=2, headers=REASON)
    await refused(back, "arbitration.decided")
    await found.turn.act("publish")
    (result,) = good(await world.manager().get("/v1/results", params={"round_id": one["round_id"]}))["items"]
    results.ResultOut.model_validate(result)
    assert (result["basis"], result["arbitration_id"], result["total"]) == ("arbitration", opened["id"], 96)
    assert good(await world.manager().get(path))["decisions"] == DECIDED["decisions"]


async def test_a_late_conflict_withdraws_it_and_calls_the_next_in_line(world: World) -> None:
    found = await dispute(world)
    opened = await found.disagree()
    who, path = found.arbitrator(opened), f"/v1/arbitrations/{opened['id']}"
    clash = {"account_id": opened["account_id"], "unit_id": str(world.place.town.id), "kind": "dispute", "reason": "演示"}
    made = good(await world.bureau.post("/v1/conflict-declarations", json=clash))
    await refused(who.post(f"{path}/submit", json=DECIDED, version=1), "arbitration.in_conflict")
    assert good(await who.get(path))["ended_how"] == "conflict"
    following = await found.arbitration()
    assert (following["number"], following["state"], following["account_id"]) == (
        2, "assigned", next(str(each) for each in found.qualified if str(each) != opened["account_id"]),
    )  # fmt: skip
    nobody_left = found.arbitrator(following)
    good(await nobody_left.post(f"/v1/arbitrations/{following['id']}/decline", json={"reason": "病假"}, version=1))
    waiting = await found.arbitration()
    assert (waiting["state"], waiting["number"], "account_id" in waiting) == ("waiting", 3, False)
    again = f"/v1/arbitrations/{waiting['id']}/assign"
    await refused(world.bureau.post(again, version=1), "arbitration.nobody_free")
    await qualify(world, outsider(world))
    assert good(await world.bureau.post(again, version=1))["state"] == "assigned"
    good(await world.bureau.post(f"/v1/conflict-declarations/{made['id']}/withdraw", version=1))


async def test_a_review_taken_back_overtakes_the_arbitration(world: World) -> None:
    found = await dispute(world)
    opened = await found.disagree()
    one = found.pair[0][1]
    good(await world.bureau.post(f"/v1/reviews/{one['id']}/reopen", version=2, headers=REASON))
    gone = good(await world.bureau.get(f"/v1/arbitrations/{opened['id']}"))
    assert (gone["state"], gone["ended_how"]) == ("void", "overtaken")
    who, _ = found.pair[0]
    good(await who.post(f"/v1/reviews/{one['id']}/submit", json={"vetoes": [VETO]}, version=3))
    await found.turn.act("publish")
    (result,) = good(await world.bureau.get("/v1/results", params={"round_id": one["round_id"]}))["items"]
    assert (result["basis"], result["vetoes"], result["grade"]) == ("reviews", ["not_delivered"], "fail")


async def test_one_withdrawn_is_opened_again_by_hand(world: World) -> None:
    found = await dispute(world)
    opened = await found.disagree()
    body = {"round_id": found.pair[0][1]["round_id"], "case_file_id": found.case_file_id}
    await refused(world.bureau.post("/v1/arbitrations", json=body), "arbitration.already_open")
    good(await world.bureau.post(f"/v1/arbitrations/{opened['id']}/void", version=1, headers=REASON))
    made = await world.bureau.post("/v1/arbitrations", json=body)
    assert (made.status_code, made.json()["number"]) == (201, 2)
    other = body | {"case_file_id": str(ids.new_id())}
    await refused(world.bureau.post("/v1/arbitrations", json=other), "arbitration.no_disagreement")


async def test_the_final_result_follows_the_precedence_and_keeps_its_history(world: World) -> None:
    campaign = await world.campaign()
    found = await dispute(world, campaign_id=campaign["id"])
    sample = await decided(found)
    own = await world.round(campaign_id=campaign["id"])
    people = outsider(world, world.place.town)
    given = {"case_file_ids": [found.case_file_id], "account_ids": [str(people)]}
    good(await world.bureau.post(f"/v1/review-rounds/{own['id']}/assign", json=given, version=1))
    mine = world.reviewer(people)
    (review,) = good(await mine.get("/v1/reviews"))["items"]
    good(await mine.post(f"/v1/reviews/{review['id']}/submit", json={"items": []}, version=1))
    version = good(await world.bureau.get(f"/v1/review-rounds/{own['id']}"))["version"]
    good(await world.manager().post(f"/v1/review-rounds/{own['id']}/publish", version=version))
    by_file = {"campaign_id": campaign["id"], "case_file_id": found.case_file_id}
    (only,) = good(await world.manager().get("/v1/results", params=by_file | {"is_final": "true"}))["items"]
    assert (only["mode"], only["total"]) == ("self", 100)
    await found.turn.act("publish")
    (final,) = good(await world.manager().get("/v1/results", params=by_file | {"is_final": "true"}))["items"]
    assert (final["mode"], final["basis"], final["arbitration_id"]) == ("sample", "arbitration", sample["id"])
    behind = good(await world.manager().get(f"/v1/results/{only['id']}"))
    assert behind["is_final"] is False
    history = good(await world.manager().get(f"/v1/results/{only['id']}/versions"))["items"]
    assert [(each["number"], each["cause"], each["is_final"]) for each in history] == [
        (2, "precedence", False), (1, "published", True),
    ]  # fmt: skip
    for each in history:
        results.ResultVersionOut.model_validate(each)
    # The sample voided, the self-review stands again.
    await found.turn.act("void", headers=REASON)
    (back,) = good(await world.manager().get("/v1/results", params=by_file | {"is_final": "true"}))["items"]
    assert back["id"] == only["id"]
    voided = good(await world.bureau.get(f"/v1/results/{final['id']}/versions"))["items"][0]
    assert (voided["cause"], voided["is_final"], voided["reason"]) == ("voided", False, "needed")


async def test_qualification_and_absence_come_from_the_pool_of_legal_reviewers(world: World) -> None:
    """Nobody qualified is typed in; of two of the training service's pool one is away."""
    found, listed = await dispute(world, qualified=0), [outsider(world) for _ in range(2)]
    entry = (
        "INSERT INTO training.legal_reviewers (id, district_id, unit_id, account_id, name, qualification, areas, state,"
        " proposed_by, created_at, admitted_on, version)"
        " VALUES (%s, %s, %s, %s, '演示', 'public_lawyer', '{城市管理}', 'listed', %s, now(), '2024-01-01', 1)"
    )
    members = [ids.new_id() for _ in listed]
    for member, account in zip(members, listed, strict=True):
        bureau = world.place.bureau
        world.connection.execute(entry, [member, bureau.path[0], bureau.id, account, ids.new_id()])
    away = "INSERT INTO training.legal_reviewer_absences VALUES (%s, %s, '2020-01-01', NULL, now())"
    world.connection.execute(away, [ids.new_id(), members[0]])
    opened = await found.disagree()
    assert [each["account_id"] for each in opened["candidates"]] == [str(listed[1])]
    shown = good(await world.bureau.post("/v1/reviewers", json={"account_id": str(listed[1]), "kinds": ["penalty"]}))
    assert (shown["legal_review"], shown["qualification"], shown["areas"]) == (True, "public_lawyer", ["城市管理"])
    assert shown["legal_reviewer_id"] == str(members[1])


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    found = await dispute(world, qualified=1)
    opened = await found.disagree()
    unit = world.place.bureau if role is Role.BUREAU else world.place.town
    who = found.arbitrator(opened) if role is Role.REVIEWER else world.caller(role, unit=unit)
    path, dry = f"/v1/arbitrations/{opened['id']}", dict[str, Any](params={"dry_run": "true"}, version=1)
    own, bureau = role is Role.REVIEWER, role is Role.BUREAU
    assert (await who.get(path)).status_code == (200 if own or bureau else 404 if role is Role.UNIT_MANAGER else 403)
    for verb, body in (("open", None), ("submit", DECIDED), ("decline", {"reason": "病假"}), ("recuse", {"reason": "演示"})):
        assert (await who.post(f"{path}/{verb}", json=body, **dry)).status_code == (200 if own else 403), verb
    assert (await who.post(f"{path}/void", headers=REASON, **dry)).status_code == (200 if bureau else 403)
    assert (await who.post(f"{path}/assign", **dry)).status_code == (409 if bureau else 403)
    stranger = reviewer(world, outsider(world))
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(f"{path}/submit", json=DECIDED, version=1)).status_code == 404
