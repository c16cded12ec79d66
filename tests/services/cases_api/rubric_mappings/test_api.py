"""Mapping an old rubric to a new one over HTTP, and trying the new one on finished reviews."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases_api.rubric_mappings import schemas
from services.kit.principal import Role
from tests.factories import reviews
from tests.factories.reviews import World, good

FINDING = {"item_key": "clear", "deduction": 20, "reason": "时间不清"}


async def finished(world: World, **body: Any) -> dict[str, Any]:
    """A review submitted in a published round."""
    reviewer, review = await world.review()
    done = good(await reviewer.post(f"/v1/reviews/{review['id']}/submit", json={"items": []} | body, version=1))
    good(await world.bureau.post(f"/v1/review-rounds/{review['round_id']}/publish", version=3))
    return done


async def successor(world: World, old: str) -> str:
    """A draft that renames an item, gives one veto up, and takes more for what was found."""
    world.titles += 1
    draft = reviews.rubric(f"新标准{world.titles}") | {"replaces_id": old}
    draft["blocks"][0]["items"][0] |= {"key": "known", "points": 60}
    draft["vetoes"] = draft["vetoes"][:1]
    made: str = good(await world.bureau.post("/v1/rubrics", json=draft))["id"]
    return made


MAPPING = {"items": [{"old": "clear", "new": "known"}], "vetoes": []}


async def test_finished_reviews_are_tried_under_the_new_rubric_and_stay_as_they_are(world: World) -> None:
    done = await finished(world, items=[FINDING], vetoes=[{"key": "basic", "reason": "缺"}])
    new = await successor(world, done["rubric_id"])
    path = f"/v1/rubrics/{new}"
    early = await world.bureau.get(f"{path}/what-if")
    assert (early.status_code, early.json()["code"]) == (409, "rubric_mapping.not_mapped")
    put = good(await world.bureau.request("PUT", f"{path}/mapping", json=MAPPING))
    whole = schemas.RubricMappingOut.model_validate(put)
    assert {each.old: each.new for each in whole.items} == {
        "clear": "known",
        "proven": "proven",
        "elements": "elements",
        "heard": "heard",
    }
    assert {each.old: each.new for each in whole.vetoes} == {"no_power": "no_power", "not_delivered": None, "basic": None}
    (tried,) = schemas.WhatIfPage.model_validate(good(await world.bureau.get(f"{path}/what-if"))).items
    assert tried.after is not None
    # 20 of 40 points became 30 of 60.
    assert (tried.before.total, tried.before.grade, tried.after.total, tried.after.grade) == (8000, "good", 7000, "pass")
    assert (tried.grade_changes, tried.dropped) == (True, ["basic"])
    assert good(await world.bureau.get(f"/v1/reviews/{done['id']}"))["total"] == 80
    audited = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s AND object_type = 'rubric_mapping'", new)
    assert audited == [("rubric_mapping.set",)]


async def test_pages_of_a_trial_join_without_gap(world: World) -> None:
    rubric = await world.rubric()
    for _ in range(3):
        account = reviews.account(world.connection, world.place.town)
        file = reviews.case_file(world.connection, world.place.town)
        turn = await world.round(campaign_id=(await world.campaign(rubric["id"]))["id"])
        given = {"case_file_ids": [str(file)], "account_ids": [str(account)]}
        good(await world.bureau.post(f"/v1/review-rounds/{turn['id']}/assign", json=given, version=1))
        who = world.reviewer(account)
        review = good(await who.get("/v1/reviews"))["items"][0]
        good(await who.post(f"/v1/reviews/{review['id']}/submit", json={"items": []}, version=1))
        good(await world.bureau.post(f"/v1/review-rounds/{turn['id']}/publish", version=3))
    path = f"/v1/rubrics/{await successor(world, rubric['id'])}"
    good(await world.bureau.request("PUT", f"{path}/mapping", json=MAPPING))
    first = good(await world.bureau.get(f"{path}/what-if", params={"limit": 2}))
    rest = good(await world.bureau.get(f"{path}/what-if", params={"limit": 2, "cursor": first["next_cursor"]}))
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    one_round = {"round_id": rest["items"][0]["round_id"]}
    assert good(await world.bureau.get(f"{path}/what-if", params=one_round))["items"] == rest["items"]


async def test_a_mapping_is_replaced_only_by_who_knows_it(world: World) -> None:
    old = await world.rubric()
    path = f"/v1/rubrics/{await successor(world, old['id'])}/mapping"
    assert (await world.bureau.get(path)).json()["code"] == "rubric_mapping.not_mapped"
    wrong = {"items": [{"old": "known", "new": "clear"}], "vetoes": [{"old": "basic", "new": "basic"}]}
    refused = await world.bureau.request("PUT", path, json=wrong)
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [
        "/body/items/0/old",
        "/body/items/0/new",
        "/body/vetoes/0/new",
    ]
    dry = await world.bureau.request("PUT", path, json=MAPPING, params={"dry_run": "true"})
    assert (dry.status_code, (await world.bureau.get(path)).status_code) == (200, 409)
    good(await world.bureau.request("PUT", path, json=MAPPING))
    assert (await world.bureau.request("PUT", path, json=MAPPING)).status_code == 428
    assert (await world.bureau.request("PUT", path, json=MAPPING, version=9)).status_code == 412
    again: dict[str, Any] = {"items": [], "vetoes": []}
    assert good(await world.bureau.request("PUT", path, json=again, version=1))["version"] == 2
    first = await world.bureau.get(f"/v1/rubrics/{old['id']}/mapping")
    assert (first.status_code, first.json()["code"]) == (409, "rubric_mapping.no_predecessor")


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    old = await world.rubric()
    path = f"/v1/rubrics/{await successor(world, old['id'])}"
    good(await world.bureau.request("PUT", f"{path}/mapping", json=MAPPING))
    who = world.caller(role, unit=world.place.bureau if role is Role.BUREAU else world.place.town)
    bureau, dry = role is Role.BUREAU, {"dry_run": "true"}
    # A draft is nobody's but the bureau's.
    reads = 404 if role in (Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER) else 403
    assert (await who.get(f"{path}/mapping")).status_code == (200 if bureau else reads)
    assert (await who.get(f"{path}/what-if")).status_code == (200 if bureau else 403)
    put = await who.request("PUT", f"{path}/mapping", json=MAPPING, params=dry, version=1)
    assert put.status_code == (200 if bureau else 403)
    foreign = world.caller(Role.BUREAU, unit=world.place.foreign_district)
    assert (await foreign.get(f"{path}/mapping")).status_code == 404
