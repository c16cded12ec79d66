"""Campaigns and rounds of self-review over HTTP: from the draft to the published result, and who may do what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.cases_api.review_assignments import schemas as assignment_schemas
from services.cases_api.review_campaigns import schemas as campaign_schemas
from services.cases_api.review_rounds import schemas
from services.kit.principal import Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World, good

REASON = {"X-Change-Reason": "wrong%20list"}
READERS = (Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER)


def given(files: list[UUID], accounts: list[UUID]) -> dict[str, Any]:
    return {"case_file_ids": [str(one) for one in files], "account_ids": [str(one) for one in accounts]}


async def assign(who: Caller, found: dict[str, Any], files: list[UUID], accounts: list[UUID]) -> dict[str, Any]:
    path = f"/v1/review-rounds/{found['id']}/assign"
    return good(await who.post(path, json=given(files, accounts), version=found["version"]))


async def faults(who: Caller, found: dict[str, Any], files: list[UUID], accounts: list[UUID]) -> set[tuple[str, str]]:
    path = f"/v1/review-rounds/{found['id']}/assign"
    answer = await who.post(path, json=given(files, accounts), version=found["version"])
    assert answer.status_code == 400, answer.text
    return {(fault["pointer"].removeprefix("/body/"), fault["code"]) for fault in answer.json()["errors"]}


# ---------------------------------------------------------------------------------------------- campaigns


async def test_a_campaign_is_prepared_opened_and_closed(world: World) -> None:
    rubric = await world.rubric()
    wanted = {"title": "线上评查", "year": 2025, "rubric_id": rubric["id"], "online": True}
    made = await world.bureau.post("/v1/review-campaigns", json=wanted)
    found = campaign_schemas.ReviewCampaignOut.model_validate_json(made.content)
    path = f"/v1/review-campaigns/{found.id}"
    assert (found.state, found.allowed_actions, found.online) == ("draft", ["change", "open"], True)
    assert (await world.manager().get(path)).status_code == 404
    assert good(await world.bureau.patch(path, json={"title": "改名"}, version=1))["title"] == "改名"
    opened = good(await world.bureau.post(f"{path}/open", version=2))
    assert (opened["state"], opened["allowed_actions"]) == ("open", ["close"])
    assert good(await world.manager().get(path))["allowed_actions"] == []
    assert (await world.bureau.patch(path, json={"year": 2024}, version=3)).json()["code"] == "review_campaign.illegal_move"
    assert good(await world.bureau.post(f"{path}/close", version=3))["state"] == "closed"
    round_in = {"campaign_id": str(found.id), "mode": "self", "unit_id": str(world.place.town.id)}
    assert (await world.bureau.post("/v1/review-rounds", json=round_in)).json()["code"] == "review_campaign.not_open"


async def test_a_campaign_needs_a_published_rubric_of_the_district(world: World) -> None:
    draft = good(await world.bureau.post("/v1/rubrics", json=reviews.rubric("未发布")))
    wanted = {"title": "评查", "year": 2025, "rubric_id": draft["id"]}
    assert (await world.bureau.post("/v1/review-campaigns", json=wanted)).json()["code"] == "rubric.not_published"
    stranger = world.caller(Role.BUREAU, unit=world.place.foreign_district)
    foreign = await stranger.post("/v1/review-campaigns", json=wanted)
    assert foreign.json()["errors"] == [{"pointer": "/body/rubric_id", "code": "not_found", "detail": "所指对象不存在。"}]


# ---------------------------------------------------------------------------------------------- rounds


async def test_a_round_goes_from_draft_to_closed(world: World) -> None:
    town = world.place.town
    people = [reviews.account(world.connection, town) for _ in range(2)]
    files = [reviews.case_file(world.connection, town, state=state) for state in ("closed", "archived", "closed")]
    found = await world.round()
    assert (found["state"], found["files"], found["allowed_actions"]) == ("draft", 0, ["assign", "void"])
    found = await assign(world.manager(), found, files, people)
    assert (found["state"], found["files"], found["submitted"]) == ("assigned", 3, 0)
    path = f"/v1/review-rounds/{found['id']}"
    listed = good(await world.manager().get(f"{path}/assignments", params={"sort": "created_at"}))
    page = assignment_schemas.ReviewAssignmentPage.model_validate(listed)
    assert [(one.case_file_id, one.account_id, one.reason) for one in page.items] == [
        (files[0], people[0], "named"),
        (files[1], people[1], "named"),
        (files[2], people[0], "named"),
    ]
    assert (await world.manager().post(f"{path}/publish", version=2)).json()["code"] == "review_round.illegal_move"
    for person in people:
        who = world.reviewer(person)
        for review in good(await who.get("/v1/reviews"))["items"]:
            good(await who.post(f"/v1/reviews/{review['id']}/submit", json={"items": []}, version=1))
    under_way = good(await world.manager().get(path))
    assert (under_way["state"], under_way["submitted"], under_way["version"]) == ("reviewing", 3, 3)
    published = good(await world.manager().post(f"{path}/publish", version=3))
    assert (published["state"], published["allowed_actions"]) == ("published", [])
    closed = good(await world.bureau.post(f"{path}/close", version=4))
    schemas.ReviewRoundOut.model_validate_json((await world.bureau.get(path)).content)
    assert (closed["state"], closed["allowed_actions"]) == ("closed", [])


async def test_a_round_with_open_reviews_is_not_published(world: World) -> None:
    reviewer, review = await world.review()
    good(await reviewer.post(f"/v1/reviews/{review['id']}/open", version=1))
    answer = await world.bureau.post(f"/v1/review-rounds/{review['round_id']}/publish", version=3)
    assert (answer.status_code, answer.json()["code"]) == (409, "review_round.unfinished")
    assert "1" in answer.json()["detail"]


async def test_every_fault_of_an_assignment_is_named_at_once(world: World) -> None:
    town, other = world.place.town, world.place.other_town

    def made(**facts: Any) -> UUID:
        return reviews.case_file(world.connection, facts.pop("unit", town), **facts)

    taken, person = made(), reviews.account(world.connection, town)
    found = await assign(world.bureau, await world.round(), [taken], [person])
    files = [made(), made(state="open"), made(kind="licence"), taken, made(unit=other), UUID(int=5)]
    accounts = [
        person,
        reviews.account(world.connection, town, Role.UNIT_MEMBER),
        reviews.account(world.connection, other),
        reviews.account(world.connection, town, active=False),
        person,
    ]
    assert await faults(world.bureau, found, [*files, files[0]], accounts) == {
        ("case_file_ids/1", "review_round.file_not_closed"),
        ("case_file_ids/2", "review_round.file_of_other_kind"),
        ("case_file_ids/3", "review_round.file_taken"),
        ("case_file_ids/4", "not_found"),
        ("case_file_ids/5", "not_found"),
        ("case_file_ids/6", "repeated"),
        ("account_ids/1", "review_round.not_a_reviewer"),
        ("account_ids/2", "not_found"),
        ("account_ids/3", "not_found"),
        ("account_ids/4", "repeated"),
    }
    assert good(await world.bureau.get(f"/v1/review-rounds/{found['id']}"))["files"] == 1


async def test_a_round_of_all_units_is_the_bureaus_and_each_unit_gives_out_its_own_files(world: World) -> None:
    campaign = await world.campaign()
    wanted = {"campaign_id": campaign["id"], "mode": "self"}
    assert (await world.manager().post("/v1/review-rounds", json=wanted)).json()["code"] == "review_round.whole_district"
    found = good(await world.bureau.post("/v1/review-rounds", json=wanted))
    town, other = world.place.town, world.place.other_town
    file, far = reviews.case_file(world.connection, town), reviews.case_file(world.connection, other)
    person, stranger = reviews.account(world.connection, town), reviews.account(world.connection, other)
    manager = world.manager()
    assert await faults(manager, found, [file, far], [person, stranger]) == {
        ("case_file_ids/1", "not_found"),
        ("account_ids/1", "not_found"),
    }
    found = await assign(manager, found, [file], [person])
    assert found["allowed_actions"] == ["assign"]
    found = await assign(world.manager(other), found, [far], [stranger])
    assert found["files"] == 2
    good(await world.reviewer(person).post(f"/v1/reviews/{await id_of(world, person)}/submit", json={"items": []}, version=1))
    denied = await manager.post(f"/v1/review-rounds/{found['id']}/publish", version=4)
    assert (denied.status_code, denied.json()["code"]) == (403, "review_round.whole_district")


async def id_of(world: World, person: UUID) -> str:
    review_id: str = good(await world.reviewer(person).get("/v1/reviews"))["items"][0]["id"]
    return review_id


async def test_a_round_is_voided_with_a_reason_and_its_reviews_count_nowhere(world: World) -> None:
    reviewer, review = await world.review()
    good(await reviewer.post(f"/v1/reviews/{review['id']}/submit", json={"items": []}, version=1))
    path = f"/v1/review-rounds/{review['round_id']}"
    missing = await world.bureau.post(f"{path}/void", version=3)
    assert missing.json()["errors"][0]["pointer"] == "/header/x-change-reason"
    done = good(await world.bureau.post(f"{path}/void", version=3, headers=REASON))
    assert (done["state"], done["void_reason"], done["files"]) == ("void", "wrong list", 0)
    assert good(await reviewer.get(f"/v1/reviews/{review['id']}"))["state"] == "void"
    kept = "SELECT count(*) FROM cases.review_versions WHERE review_id = %s"
    assert world.rows(kept, review["id"]) == [(1,)]
    reasons = "SELECT reason FROM kit.audit_events WHERE action = 'review_round.voided' AND object_id = %s"
    assert world.rows(reasons, review["round_id"]) == [("wrong list",)]


async def test_two_who_assign_at_once_do_not_overwrite_each_other(world: World) -> None:
    files = [reviews.case_file(world.connection, world.place.town) for _ in range(2)]
    person = reviews.account(world.connection, world.place.town)
    found = await world.round()
    await assign(world.manager(), found, files[:1], [person])
    late = await world.bureau.post(f"/v1/review-rounds/{found['id']}/assign", json=given(files[1:], [person]), version=1)
    assert (late.status_code, late.json()["code"]) == (412, "stale")


async def test_a_dry_run_of_an_assignment_writes_nothing(world: World) -> None:
    file, person = reviews.case_file(world.connection, world.place.town), reviews.account(world.connection, world.place.town)
    found = await world.round()
    path = f"/v1/review-rounds/{found['id']}"
    dry = await world.bureau.post(f"{path}/assign", params={"dry_run": "true"}, json=given([file], [person]), version=1)
    assert (good(dry)["state"], good(dry)["files"]) == ("assigned", 1)
    assert good(await world.bureau.get(path)) == found


async def test_reviewers_are_told_through_the_feed(world: World) -> None:
    file, person = reviews.case_file(world.connection, world.place.town), reviews.account(world.connection, world.place.town)
    found = await assign(world.bureau, await world.round(), [file], [person])
    told = "SELECT account_ids, unit_id FROM kit.outbox WHERE kind = 'review_round.assigned' AND object_id = %s"
    assert world.rows(told, found["id"]) == [([person], world.place.town.id)]


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    found = await world.round()
    file, person = reviews.case_file(world.connection, world.place.town), reviews.account(world.connection, world.place.town)
    who = world.caller(role, unit=world.place.bureau if role is Role.BUREAU else world.place.town)
    dry, organiser = {"dry_run": "true"}, role in (Role.BUREAU, Role.UNIT_MANAGER)
    path = f"/v1/review-rounds/{found['id']}"
    create = {"campaign_id": found["campaign_id"], "mode": "self", "unit_id": str(world.place.town.id)}
    sees_list = organiser or role is Role.REVIEWER
    assert (await who.get(path)).status_code == (200 if role in READERS else 403)
    assert (await who.get("/v1/review-campaigns")).status_code == (200 if role in READERS else 403)
    assert (await who.post("/v1/review-rounds", params=dry, json=create)).status_code == (201 if organiser else 403)
    assigned = await who.post(f"{path}/assign", params=dry, json=given([file], [person]), version=1)
    assert assigned.status_code == (200 if organiser else 403)
    assert (await who.post(f"{path}/publish", params=dry, version=1)).status_code == (409 if organiser else 403)
    ended = role is Role.BUREAU
    assert (await who.post(f"{path}/void", params=dry, version=1, headers=REASON)).status_code == (200 if ended else 403)
    assert (await who.post(f"{path}/close", params=dry, version=1)).status_code == (409 if ended else 403)
    assert (await who.get("/v1/review-assignments")).status_code == (200 if sees_list else 403)


async def test_a_manager_touches_no_round_of_another_unit(world: World) -> None:
    found = await world.round()
    stranger = world.manager(world.place.other_town)
    path = f"/v1/review-rounds/{found['id']}"
    assert good(await stranger.get(path))["allowed_actions"] == []
    assert (await stranger.post(f"{path}/publish", version=1)).status_code == 404
    assert good(await stranger.get(f"{path}/assignments"))["items"] == []
    create = {"campaign_id": found["campaign_id"], "mode": "self", "unit_id": str(world.place.town.id)}
    assert (await stranger.post("/v1/review-rounds", json=create)).json()["errors"][0]["pointer"] == "/body/unit_id"
    foreign = world.caller(Role.BUREAU, unit=world.place.foreign_district)
    assert (await foreign.get(path)).status_code == 404
