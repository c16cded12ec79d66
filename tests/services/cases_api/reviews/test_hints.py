"""Findings of the legal check beside the items that point to its rules."""

from __future__ import annotations

import copy
from typing import Any

from services.cases_api.review_hints import rules
from services.cases_api.review_hints.schemas import HintsOut
from tests.factories import reviews
from tests.factories.reviews import RUBRIC, World, account, case_file, good


async def test_hints_stand_beside_the_items_and_take_no_points(world: World) -> None:
    blocks = copy.deepcopy(RUBRIC["blocks"])
    blocks[0]["items"][0]["checks"] = ["P14", "P01"]
    rubric = await world.rubric(blocks=blocks)
    person, file_id = account(world.connection, world.place.town), case_file(world.connection, world.place.town)
    found = await world.round(campaign_id=(await world.campaign(rubric["id"]))["id"])
    given = {"case_file_ids": [str(file_id)], "account_ids": [str(person)]}
    good(await world.bureau.post(f"/v1/review-rounds/{found['id']}/assign", json=given, version=1))
    who = world.reviewer(person)
    (review,) = good(await who.get("/v1/reviews"))["items"]
    shown = HintsOut.model_validate(good(await who.get(f"/v1/reviews/{review['id']}/hints")))
    (hint,) = shown.items
    assert (hint.about, hint.key) == ("item", "clear")
    assert {each.rule for each in hint.findings} | set(hint.clean) <= {"P14", "P01"}
    assert {each.rule for each in hint.findings} | set(hint.clean) != set()
    done = good(await who.post(f"/v1/reviews/{review['id']}/submit", json={"items": []}, version=1))
    assert done["total"] == 100
    stranger = world.reviewer(account(world.connection, world.place.other_town), world.place.other_town)
    assert (await stranger.get(f"/v1/reviews/{review['id']}/hints")).status_code == 404


def test_only_what_points_to_a_rule_has_hints() -> None:
    rubric: dict[str, Any] = reviews.rubric("标准")
    rubric["vetoes"][0]["checks"] = ["P03", "P04", "P05"]
    found = {"P04": {"rule": "P04"}, "P09": {"rule": "P09"}}
    assert rules.beside(rubric, found, ["P03", "P09"]) == [
        {"about": "veto", "key": "no_power", "findings": [{"rule": "P04"}], "clean": ["P03"]}
    ]
