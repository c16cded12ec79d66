"""Who did not report: periods by table, and the list over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.kit import ids
from services.tasks_api.progress_reports import rules
from services.tasks_api.progress_reports.rules import Span
from services.tasks_api.progress_reports.schemas import MissingPage
from services.tasks_api.supervision_settings.rules import Period
from tests.factories.supervision import START, World

PATH = "/v1/progress-reports/missing"
VALUE = {"period": "none", "due_working_days": 1, "level_working_days": 2}


@pytest.mark.parametrize(
    ("period", "day", "span"),
    [
        (Period.MONTH, date(2025, 3, 1), (date(2025, 2, 1), date(2025, 2, 28))),
        (Period.MONTH, date(2025, 1, 31), (date(2024, 12, 1), date(2024, 12, 31))),
        (Period.QUARTER, date(2025, 6, 30), (date(2025, 1, 1), date(2025, 3, 31))),
        (Period.QUARTER, date(2025, 7, 1), (date(2025, 4, 1), date(2025, 6, 30))),
        (Period.HALF_YEAR, date(2025, 6, 30), (date(2024, 7, 1), date(2024, 12, 31))),
        (Period.YEAR, date(2025, 1, 1), (date(2024, 1, 1), date(2024, 12, 31))),
        (Period.NONE, date(2025, 1, 1), None),
    ],
)
def test_the_last_period_that_ended(period: Period, day: date, span: tuple[date, date] | None) -> None:
    assert rules.last_ended(period, day) == (Span(*span) if span else None)


@pytest.fixture(scope="module")
async def silent(world: World) -> dict[str, str]:
    """Four assignments of the town: never told, told long ago, told since, and handed in."""
    world.clock.moment = START
    plan = await world.plan()
    found = {}
    for name, state, told in (
        ("never", "in_progress", None),
        ("before", "signed", datetime(2024, 12, 31, 15, 59, tzinfo=UTC)),
        ("since", "in_progress", datetime(2024, 12, 31, 16, tzinfo=UTC)),
        ("handed_in", "submitted", None),
    ):
        changes: dict[str, Any] = {"state": state, "held_since": date(2025, 3, 31)}
        if state == "submitted":
            changes |= {"stopped_on": date(2025, 5, 1), "watch_on": None}
        made = await world.assignment(await world.task(plan, title=name), **changes)
        found[name] = str(made.id)
        if told:
            world.run(
                "INSERT INTO tasks.progress_reports (id, assignment_id, district_id, unit_id, period, text, percent, measures,"
                " attachment_ids, reported_by, reported_by_name, created_at)"
                " VALUES (%s, %s, %s, %s, '一季度', '演示', 10, '[]', '{}', %s, '示例甲', %s)",
                ids.new_id(), made.id, made.district_id, made.unit_id, ids.new_id(), told,
            )  # fmt: skip
    return found


async def titles(world: World, name: str = "bureau", **query: Any) -> list[str]:
    page = MissingPage.model_validate(await world.read(PATH, name, **query))
    return [each.task_title for each in page.items]


async def test_those_who_told_nothing_since_the_period_began(world: World, silent: dict[str, str]) -> None:
    # The first quarter ended on a Monday; ten working days later, on 14 April, nobody is late yet.
    in_time = MissingPage.model_validate(await world.read(PATH, on="2025-04-14"))
    assert {each.task_title for each in in_time.items} == {"never", "before"}
    assert {(each.working_days_since, each.overdue) for each in in_time.items} == {(10, False)}
    late = MissingPage.model_validate(await world.read(PATH, on="2025-04-15"))
    assert {(each.working_days_since, each.overdue) for each in late.items} == {(11, True)}
    assert await titles(world, on="2025-03-31") == [], "not yet held when the last quarter of 2024 ended"


async def test_units_see_their_own_and_no_period_asks_for_nothing(world: World, silent: dict[str, str]) -> None:
    assert sorted(await titles(world, "manager")) == ["before", "never"]
    assert await titles(world, "other_manager") == await titles(world, "foreign_bureau") == []
    world.clock.moment = START + timedelta(1)
    body = {"valid_from": "2025-06-03", "value": VALUE, "reading": "不定期（演示）"}
    assert (await world.caller("bureau").post("/v1/supervision-settings/reporting", json=body)).status_code == 201
    assert await titles(world) == []
    world.clock.moment = START
