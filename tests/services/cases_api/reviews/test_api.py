"""Reviews and results over HTTP: drafts, submission, history, and who sees what when."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.results import schemas as result_schemas
from services.cases_api.reviews import schemas
from services.kit.principal import Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World, good

REASON = {"X-Change-Reason": "typo"}
FINDING = {"item_key": "clear", "deduction": 2.5, "reason": "时间表述不清", "page": 12, "rule_key": "vague"}


async def put(who: Caller, review: dict[str, Any], body: dict[str, Any], version: int) -> dict[str, Any]:
    return good(await who.request("PUT", f"/v1/reviews/{review['id']}", json=body, version=version))


async def submitted(world: World, **body: Any) -> tuple[Caller, dict[str, Any]]:
    reviewer, review = await world.review()
    answer = await reviewer.post(f"/v1/reviews/{review['id']}/submit", json={"items": []} | body, version=1)
    return reviewer, good(answer)


async def publish(world: World, review: dict[str, Any]) -> None:
    good(await world.bureau.post(f"/v1/review-rounds/{review['round_id']}/publish", version=3))


async def test_a_review_is_opened_saved_and_submitted(world: World) -> None:
    reviewer, review = await world.review()
    path = f"/v1/reviews/{review['id']}"
    assert (review["state"], review["allowed_actions"], review["items"]) == ("assigned", ["open", "save", "submit"], [])
    assert good(await reviewer.post(f"{path}/open", version=1))["state"] == "opened"
    assert good(await reviewer.get(f"/v1/case-files/{review['case_file_id']}"))["id"] == review["case_file_id"]
    draft = await put(reviewer, review, {"items": [FINDING], "vetoes": [{"key": "basic", "reason": "缺"}]}, 2)
    assert (draft["state"], draft["items"], "total" in draft) == ("draft", [FINDING], False)
    done = good(await reviewer.post(f"{path}/submit", version=3))
    schemas.ReviewOut.model_validate(done)
    rubric = good(await reviewer.get(f"/v1/rubrics/{done['rubric_id']}"))
    assert (done["total"], done["got"], done["applicable"], done["grade"]) == (97.5, 97.5, 100, "good")
    assert (done["content_hash"], done["structure_hash"]) == (rubric["content_hash"], rubric["structure_hash"])
    assert (done["state"], done["allowed_actions"], done["version"]) == ("submitted", [], 4)


async def test_one_call_may_bring_and_submit_a_whole_review(world: World) -> None:
    _, done = await submitted(world, items=[FINDING], not_applicable=[{"item_key": "heard", "reason": "不属听证范围"}])
    assert (done["total"], done["grade"]) == (97.22, "excellent")


async def test_a_dry_run_shows_total_and_grade_and_writes_nothing(world: World) -> None:
    reviewer, review = await world.review()
    path = f"/v1/reviews/{review['id']}"
    shown = await reviewer.post(f"{path}/submit", params={"dry_run": "true"}, json={"items": [FINDING]}, version=1)
    assert (good(shown)["total"], good(shown)["state"]) == (97.5, "submitted")
    assert good(await reviewer.get(path)) == review


@pytest.mark.parametrize("body", [None, {}])
async def test_without_content_and_draft_there_is_nothing_to_submit(world: World, body: dict[str, Any] | None) -> None:
    reviewer, review = await world.review()
    answer = await reviewer.post(f"/v1/reviews/{review['id']}/submit", version=1, **({} if body is None else {"json": body}))
    assert (answer.status_code, answer.json()["code"]) == (409, "review.nothing_saved")


async def test_a_file_that_cannot_be_reviewed_gets_neither_total_nor_findings(world: World) -> None:
    reviewer, review = await world.review()
    path = f"/v1/reviews/{review['id']}/submit"
    refused = await reviewer.post(path, json={"items": [FINDING], "not_reviewable": "卷内只有封面"}, version=1)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/body/items", "review.not_reviewable")]
    done = good(await reviewer.post(path, json={"not_reviewable": "卷内只有封面"}, version=1))
    assert (done["grade"], "total" in done, "got" in done) == ("not_reviewable", False, False)


async def test_a_submission_names_every_fault_at_once_and_a_draft_keeps_them(world: World) -> None:
    reviewer, review = await world.review(procedure="summary")
    body = {
        "items": [
            {"item_key": "nowhere", "deduction": 1, "reason": "无此项"},
            {"item_key": "clear", "deduction": 41},
            {"item_key": "heard", "deduction": 1, "reason": "简易程序"},
        ],
        "vetoes": [{"key": "nothing"}],
        "not_applicable": [{"item_key": "proven", "reason": "想跳过"}],
    }
    saved = await put(reviewer, review, body, 1)
    answer = await reviewer.post(f"/v1/reviews/{review['id']}/submit", version=2)
    assert answer.status_code == 400
    assert {(one["pointer"].removeprefix("/body/"), one["code"]) for one in answer.json()["errors"]} == {
        ("items/0/item_key", "not_found"),
        ("items/1/deduction", "too_great"),
        ("items/1/reason", "missing"),
        ("items/2/item_key", "review.item_not_applicable"),
        ("vetoes/0/key", "not_found"),
        ("vetoes/0/reason", "missing"),
        ("not_applicable/0/item_key", "review.item_must_apply"),
    }
    assert good(await reviewer.get(f"/v1/reviews/{review['id']}")) == saved


async def test_two_tabs_never_overwrite_each_other(world: World) -> None:
    reviewer, review = await world.review()
    path = f"/v1/reviews/{review['id']}"
    bodies = [{"items": [FINDING | {"deduction": deduction}]} for deduction in (1, 2)]
    assert (await reviewer.request("PUT", path, json=bodies[0])).status_code == 428
    both = await asyncio.gather(*(reviewer.request("PUT", path, json=body, version=1) for body in bodies))
    assert sorted(answer.status_code for answer in both) == [200, 412]
    (winner,) = [answer.json() for answer in both if answer.is_success]
    # The same content saved again is a version of its own, so a third tab is told too.
    again = await put(reviewer, review, {"items": winner["items"]}, 2)
    assert (again["version"], again["items"]) == (3, winner["items"])
    assert (await reviewer.request("PUT", path, json=bodies[0], version=2)).status_code == 412
    assert (await reviewer.post(f"{path}/submit", version=2)).status_code == 412


async def test_a_submitted_review_changes_no_more(world: World) -> None:
    reviewer, done = await submitted(world)
    path = f"/v1/reviews/{done['id']}"
    assert (await reviewer.request("PUT", path, json={"items": []}, version=2)).json()["code"] == "review.illegal_move"
    assert (await reviewer.post(f"{path}/submit", json={"items": []}, version=2)).json()["code"] == "review.illegal_move"


async def test_every_version_stays_readable_and_none_is_changed(world: World) -> None:
    reviewer, review = await world.review()
    path = f"/v1/reviews/{review['id']}"
    for version, deduction in ((1, 1), (2, 2)):
        await put(reviewer, review, {"items": [FINDING | {"deduction": deduction}]}, version)
    good(await reviewer.post(f"{path}/submit", version=3))
    page = schemas.ReviewVersionPage.model_validate(good(await reviewer.get(f"{path}/versions")))
    assert [(one.number, one.state, one.items[0].deduction, one.total) for one in page.items] == [
        (3, "submitted", 200, 9800),
        (2, "draft", 200, None),
        (1, "draft", 100, None),
    ]
    assert good(await reviewer.get(f"{path}/versions/1"))["items"][0]["deduction"] == 1
    assert (await reviewer.get(f"{path}/versions/4")).status_code == 404
    with pytest.raises(Exception, match="rows are only ever added"):
        world.connection.execute("UPDATE cases.review_versions SET content = '{}' WHERE review_id = %s", [review["id"]])


async def test_the_bureau_gives_a_review_back_with_a_reason_until_the_round_is_published(world: World) -> None:
    reviewer, done = await submitted(world, items=[FINDING])
    path = f"/v1/reviews/{done['id']}"
    assert (await world.bureau.post(f"{path}/reopen", version=2)).json()["errors"][0]["pointer"] == "/header/x-change-reason"
    draft = good(await world.bureau.post(f"{path}/reopen", version=2, headers=REASON))
    assert (draft["state"], draft["items"], "total" in draft, "content_hash" in draft) == ("draft", [FINDING], False, False)
    again = good(await reviewer.post(f"{path}/submit", version=3))
    await publish(world, done)
    late = await world.bureau.post(f"{path}/reopen", version=4, headers=REASON)
    assert (again["total"], late.status_code, late.json()["code"]) == (97.5, 409, "review.round_over")


async def test_a_voided_review_frees_its_file_and_its_reviewer_loses_sight_of_it(world: World) -> None:
    _, review = await world.review()
    # Without the role of a unit's member, by which the unit's own files are seen anyway.
    reviewer = world.caller(Role.REVIEWER, unit=world.place.town, account_id=UUID(review["account_id"]))
    assert (await reviewer.get(f"/v1/case-files/{review['case_file_id']}")).status_code == 200
    good(await world.bureau.post(f"/v1/reviews/{review['id']}/void", version=1, headers=REASON))
    assert (await reviewer.get(f"/v1/case-files/{review['case_file_id']}")).status_code == 404
    other = reviews.account(world.connection, world.place.town)
    wanted = {"case_file_ids": [review["case_file_id"]], "account_ids": [str(other)]}
    good(await world.bureau.post(f"/v1/review-rounds/{review['round_id']}/assign", json=wanted, version=2))
    assert (await reviewer.post(f"/v1/reviews/{review['id']}/open", version=2)).json()["code"] == "review.illegal_move"


# ---------------------------------------------------------------------------------------------- who sees what


async def test_a_review_of_another_reviewer_is_not_there(world: World) -> None:
    _, review = await world.review()
    account_id = reviews.account(world.connection, world.place.town)
    other = world.caller(Role.REVIEWER, unit=world.place.town, account_id=account_id)
    path = f"/v1/reviews/{review['id']}"
    answers = [
        await other.get(path),
        await other.get(f"{path}/versions"),
        await other.request("PUT", path, json={"items": []}, version=1),
        await other.post(f"{path}/open", version=1),
        await other.post(f"{path}/submit", json={"items": []}, version=1),
        await other.get(f"/v1/review-assignments/{review['id']}"),
        await other.get(f"/v1/case-files/{review['case_file_id']}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert good(await other.get("/v1/reviews"))["items"] == []


async def test_a_unit_sees_the_reviews_of_its_own_files_once_published(world: World) -> None:
    _, done = await submitted(world, items=[FINDING], vetoes=[{"key": "not_delivered", "reason": "无回证"}])
    path, manager = f"/v1/reviews/{done['id']}", world.manager()
    results = {"params": {"round_id": done["round_id"]}}
    assert (await manager.get(path)).status_code == 404
    assert good(await manager.get("/v1/results", **results))["items"] == []
    assert good(await world.bureau.get(path))["total"] == 97.5
    assert good(await world.bureau.get("/v1/results", **results))["items"] == []
    await publish(world, done)
    assert good(await manager.get(path))["total"] == 97.5
    assert (await manager.get(f"{path}/versions")).status_code == 403
    (result,) = result_schemas.ResultPage.model_validate(good(await manager.get("/v1/results", **results))).items
    assert (result.total, result.grade, result.vetoes) == (97_50, "fail", ["not_delivered"])
    assert (str(result.review_ids[0]), result.content_hash, result.year) == (done["id"], done["content_hash"], 2025)
    filtered = good(await world.bureau.get("/v1/results", params={"grade": "excellent", "case_file_id": done["case_file_id"]}))
    assert filtered["items"] == []
    stranger = world.manager(world.place.other_town)
    assert (await stranger.get(path)).status_code == 404
    assert good(await stranger.get("/v1/results", **results))["items"] == []


async def test_the_feed_tells_the_unit_nothing_of_an_unpublished_review(world: World) -> None:
    _, done = await submitted(world, items=[FINDING])
    told = "SELECT kind, unit_id, account_ids::text[], data FROM kit.outbox WHERE object_id = %s"
    assert world.rows(told, done["id"]) == [("review.submitted", None, [done["account_id"]], {})]
    audited = "SELECT action, before ->> 'state', after ->> 'state', after ->> 'grade' FROM kit.audit_events WHERE object_id = %s"
    assert world.rows(audited, done["id"]) == [("review.submitted", "assigned", "submitted", "excellent")]


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    reviewer, review = await world.review()
    town, bureau = world.place.town, world.place.bureau
    who = reviewer if role is Role.REVIEWER else world.caller(role, unit=bureau if role is Role.BUREAU else town)
    path, dry = f"/v1/reviews/{review['id']}", {"dry_run": "true"}
    mine, district = role is Role.REVIEWER, role is Role.BUREAU
    lists = mine or district or role is Role.UNIT_MANAGER
    assert (await who.get("/v1/reviews")).status_code == (200 if lists else 403)
    # A unit's leader may read reviews, only not yet this one.
    assert (await who.get(path)).status_code == (200 if mine or district else 404 if lists else 403)
    assert (await who.get(f"{path}/versions")).status_code == (200 if mine or district else 403)
    assert (await who.get("/v1/results")).status_code == (200 if district or role is Role.UNIT_MANAGER else 403)
    assert (await who.post(f"{path}/open", params=dry, version=1)).status_code == (200 if mine else 403)
    body: dict[str, Any] = {"json": {"items": []}}
    assert (await who.request("PUT", path, params=dry, version=1, **body)).status_code == (200 if mine else 403)
    assert (await who.post(f"{path}/submit", params=dry, version=1, **body)).status_code == (200 if mine else 403)
    assert (await who.post(f"{path}/void", params=dry, version=1, headers=REASON)).status_code == (200 if district else 403)
    assert (await who.post(f"{path}/reopen", params=dry, version=1, headers=REASON)).status_code == (409 if district else 403)


MODES_OF = ("unit_reviewed_files", "reviewed_modes")


async def test_the_view_counts_each_reviewed_file_of_a_unit_once(world: World) -> None:
    count = "SELECT coalesce(sum(files), 0) FROM published.unit_reviewed_files WHERE unit_id = %s AND mode = 'self'"
    before = world.rows(count, world.place.town.id)[0][0]
    _, done = await submitted(world)
    _, voided = await submitted(world)
    await world.review()
    good(await world.bureau.post(f"/v1/reviews/{voided['id']}/void", version=2, headers=REASON))
    assert world.rows(count, world.place.town.id)[0][0] == before + 1
    modes = [world.rows(f"SELECT DISTINCT district_id, year, mode FROM published.{name} ORDER BY 1, 2, 3") for name in MODES_OF]
    assert modes[0] == modes[1] != []
    shown = "SELECT first_published_on IS NOT NULL FROM published.review_campaigns WHERE id = %s"
    assert world.rows(shown, done["campaign_id"]) == []
    await publish(world, done)
    assert world.rows(shown, done["campaign_id"]) == [(True,)]
