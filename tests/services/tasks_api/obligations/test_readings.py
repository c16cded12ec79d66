"""Open words of the plan, read as the settings of the day say, and told with the obligation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.kit import ids
from services.tasks_api.obligations.schemas import ObligationOut, ObligationPage
from tests.factories.supervision import START, World
from tests.services.tasks_api.obligations.test_api import PATH, add_record

WORDS = {
    "before_year_once": "year_before", "before_year_yearly": "year_before", "month_start_last_day": 10,
    "month_end_first_day": 21, "year_end": "12-31", "publicity_days": 15,
}  # fmt: skip


async def one(world: World, obligation: str, **query: Any) -> ObligationOut:
    page = ObligationPage.model_validate(await world.read(PATH, "bureau", **{"year": 2025, "id": obligation} | query))
    assert len(page.items) == 1, page
    return page.items[0]


@pytest.fixture(scope="module")
async def owed(world: World) -> World:
    """The town owes a catalogue by the end of June, and every year before 2025 a share of guided cases."""
    plan = await world.plan()
    await world.assignment(await world.task(plan, number=10), due_on=date(2025, 6, 30))
    deadlines = [{"shape": "yearly_count", "times_per_year": 1, "as_written": "2025年前"}]
    await world.assignment(await world.task(plan, number=11, deadlines=deadlines))
    await world.assignment(await world.task(plan, number=21))
    share = (world.place.district.id, world.place.town.id)
    world.run(
        "INSERT INTO published.guidance_shares VALUES (%s, %s, 2025, 1, 2, 3, 0), (%s, %s, 2024, 1, 2, 3, 0)", *share, *share
    )
    world.run(
        "INSERT INTO published.plan_readings VALUES"
        " ('guidance', %s, NULL, '2023-01-01', NULL, '按立案计', '{\"basis\": \"filed\"}', '2024-01-01T00:00:00Z')",
        ids.new_id(),
    )  # fmt: skip
    add_record(world, "item-catalogues", date(2025, 1, 5), published_on="2025-02-05", address="示例")
    return world


async def test_readings_change_what_is_owed_and_are_told(owed: World) -> None:
    owed.clock.moment = START
    catalogue, share = await one(owed, "O10"), await one(owed, "O11b")
    assert (catalogue.value, catalogue.status) == (1, "met")
    assert (share.value, share.threshold) == (1, 2)
    assert [each.key for each in share.readings] == ["time_words", "guidance"]
    assert share.readings[1].reading == "按立案计"
    assert share.readings[0].url.startswith("/v1/supervision-settings/")
    definitions = {each["id"]: each for each in (await owed.read(f"{PATH}/definitions"))["items"]}
    assert definitions["O11b"]["settings"] == ["time_words", "guidance"]
    assert (await owed.caller("bureau").post(f"{PATH}/recordings")).status_code == 200
    then = f"{owed.clock.pass_time(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    owed.clock.pass_time(hours=1)
    body = {"valid_from": str(START.date()), "value": WORDS, "reading": "示例理解"}
    answer = await owed.caller("bureau").post("/v1/supervision-settings/time_words", json=body)
    assert answer.status_code == 201, answer.text
    assert (await one(owed, "O10")).value == 0, "made public after 31 days"
    share = await one(owed, "O11b")
    assert (share.threshold, share.status, share.readings[0].reading) == (0, "not_applicable", "示例理解")
    assert (await one(owed, "O11b", year=2024)).threshold == 2, "a year that is over keeps its reading"
    past = await one(owed, "O11b", as_of=then)
    assert (past.threshold, past.readings[0].value["before_year_yearly"]) == (2, "through_year")


SUMMARY = """
    INSERT INTO tasks.problem_summaries (id, district_id, unit_id, scope, period_start, period_end, title, text, attachment_ids,
                                         state, counted, submitted_on, created_by_name, created_at, version)
    VALUES (gen_random_uuid(), %s, %s, 'unit', %s, %s, '示例', '示例', '{}', 'submitted', '{}', %s, '示例', now(), 1)
"""


async def test_two_summaries_of_one_period_are_one(owed: World) -> None:
    await owed.assignment(await owed.task(await owed.plan(), number=6))
    body = {"value": {"warn_days": 30, "summary_period": "half_year", "report_period": "quarter"}, "reading": "示例"}
    path = "/v1/supervision-settings/obligations"
    assert (await owed.caller("bureau").post(path, json=body | {"valid_from": str(START.date())})).status_code == 201
    found = []
    for first, last in ((1, 6), (4, 6), (7, 12)):
        days = (date(2025, first, 1), date(2025, last, 30))
        owed.run(SUMMARY, owed.place.district.id, owed.place.town.id, *days, days[1])
        summaries = await one(owed, "O6")
        found.append((summaries.value, summaries.threshold))
    assert found == [(1, 2), (1, 2), (2, 2)]


async def test_a_year_that_is_over_is_not_measured_anew(owed: World) -> None:
    owed.clock.set_to(date(2026, 2, 1))
    body: dict[str, Any] = {"value": {"warn_days": 30, "summary_period": "year", "report_period": "month"}, "reading": "示例"}
    path = "/v1/supervision-settings/obligations"
    assert (await owed.caller("bureau").post(path, json=body | {"valid_from": "2026-02-01"})).status_code == 201
    assert ((await one(owed, "O21b")).threshold, (await one(owed, "O21b", year=2026)).threshold) == (4, 12)
    body["value"]["report_period"] = "none"
    assert (await owed.caller("bureau").post(path, json=body | {"valid_from": "2026-02-01"})).status_code == 201
    assert (await one(owed, "O21b", year=2026)).status == "not_applicable"
