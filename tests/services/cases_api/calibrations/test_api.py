"""Known scores stay hidden until one's own review is in; figures stand beside them; nobody is scored twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.cases_api.calibrations import rules, schemas
from services.kit.principal import Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World, good

KNOWN = {"items": [{"item_key": "clear", "deduction": 10, "reason": "地点不清（示例）"}]}
STRICT = {"items": [{"item_key": "clear", "deduction": 30, "reason": "示例"}]}


def pooled(world: World, **facts: Any) -> tuple[UUID, Caller]:
    """A reviewer of the pool."""
    account_id = reviews.account(world.connection, world.place.bureau)
    world.connection.execute(
        "INSERT INTO cases.reviewers (id, district_id, account_id, kinds, legal_review, former_units, is_active, created_by,"
        " created_at, version) VALUES (gen_random_uuid(), %s, %s, '{}', false, '[]', true, %s, now(), 1)",
        [world.place.district.id, account_id, account_id],
    )
    return account_id, world.caller(Role.REVIEWER, unit=world.place.bureau, account_id=account_id)


@pytest.fixture(scope="module")
async def path(world: World) -> str:
    return f"/v1/review-campaigns/{(await world.campaign())['id']}"


async def listed(world: World, path: str) -> dict[str, Any]:
    file_id = reviews.case_file(world.connection, world.place.town)
    return good(await world.bureau.post(f"{path}/calibration-files", json={"case_file_id": str(file_id), "known": KNOWN}))


async def test_what_is_held_right_is_told_after_ones_own_review(world: World, path: str) -> None:
    made = await listed(world, path)
    assert schemas.CalibrationFileOut.model_validate(made).known_total == 9000
    _, reviewer = pooled(world)
    where = f"{path}/calibration-files/{made['id']}"
    hidden = schemas.CalibrationFileOut.model_validate(good(await reviewer.get(where)))
    assert (hidden.known, hidden.known_total, hidden.known_grade) == (None, None, None)
    assert (await reviewer.get(f"/v1/case-files/{made['case_file_id']}")).status_code == 200
    answer = good(await reviewer.post(f"{where}/reviews", json=STRICT))
    came = schemas.CalibrationReviewOut.model_validate(answer)
    assert (came.total, came.known_total, came.severity, came.differs) == (7000, 9000, -20, ["clear"])
    assert good(await reviewer.get(where))["known_total"] == 90
    again = await reviewer.post(f"{where}/reviews", json=STRICT)
    assert (again.status_code, again.json()["code"]) == (409, "calibration.already_reviewed")
    told = world.rows(
        "SELECT count(*) FROM kit.audit_events WHERE action LIKE 'calibration_file.%%' AND object_id = %s", made["id"]
    )
    assert told == [(2,)]


async def test_figures_warn_the_organiser_and_show_a_reviewer_the_own_ones(world: World) -> None:
    campaign = f"/v1/review-campaigns/{(await world.campaign())['id']}"
    files = [await listed(world, campaign) for _ in range(5)]
    (strict_id, strict), (_, exact) = pooled(world), pooled(world)
    for made in files:
        for who, body in ((strict, STRICT), (exact, KNOWN)):
            good(await who.post(f"{campaign}/calibration-files/{made['id']}/reviews", json=body))
    found = schemas.CalibrationOut.model_validate(good(await world.bureau.get(f"{campaign}/calibration")))
    told = {each.account_id: each for each in found.reviewers}
    assert (found.files, found.reviews, len(told)) == (5, 10, 2)
    assert told[strict_id].warnings == ["severe", "far_from_panel"]
    assert (told[strict_id].severity, told[strict_id].same_grade) == (-20, 0)
    own = schemas.CalibrationOut.model_validate(good(await strict.get(f"{campaign}/calibration")))
    assert [each.account_id for each in own.reviewers] == [strict_id]


async def test_strangers_and_bad_input_are_refused(world: World, path: str) -> None:
    made = await listed(world, path)
    where = f"{path}/calibration-files/{made['id']}/reviews"
    stranger = world.caller(Role.REVIEWER, unit=world.place.town, account_id=reviews.account(world.connection, world.place.town))
    assert (await stranger.post(where, json=KNOWN)).json()["code"] == "calibration.not_in_pool"
    assert good(await stranger.get(f"{path}/calibration-files"))["items"] == []
    assert (await world.manager().post(f"{path}/calibration-files", json={})).status_code == 403
    _, reviewer = pooled(world)
    wrong = await reviewer.post(where, json={"items": [{"item_key": "unknown", "deduction": 1, "reason": "示例"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/body/items/0/item_key")
    body = {"case_file_id": made["case_file_id"], "known": KNOWN}
    assert (await world.bureau.post(f"{path}/calibration-files", json=body)).json()["code"] == "calibration.already_listed"
    body["known"] = {"items": [{"item_key": "clear", "deduction": 41, "reason": "示例"}]}
    body["case_file_id"] = str(reviews.case_file(world.connection, world.place.town))
    wrong = await world.bureau.post(f"{path}/calibration-files", json=body)
    assert wrong.json()["errors"][0]["pointer"] == "/body/known/items/0/deduction"


def test_a_closed_campaign_takes_no_calibration() -> None:
    assert isinstance(rules.why_not("closed"), rules.CampaignOver)
    assert rules.why_not("draft") is None
