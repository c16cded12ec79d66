"""Missing progress reports: noted once per level, told up the line, kept when a report comes later."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from services.tasks_api.missing_reports import jobs, rules
from services.tasks_api.missing_reports.rules import Level
from services.tasks_api.missing_reports.schemas import MissingReportPage
from tests.factories.supervision import World

PATH = "/v1/progress-reports/missing/records"


@pytest.mark.parametrize(
    ("since", "level"),
    [(None, None), (10, None), (11, Level.UNIT), (12, Level.UNIT), (13, Level.LEADERS), (15, Level.BUREAU), (60, Level.BUREAU)],
)
def test_how_far_up_it_is_told(since: int | None, level: Level | None) -> None:
    assert rules.level_of(since, 10, 2) is level


def test_without_days_between_everybody_is_told_at_once() -> None:
    assert rules.level_of(11, 10, 0) is Level.BUREAU


async def noted(world: World, day: date, name: str = "bureau", **query: Any) -> list[tuple[int, str, str]]:
    world.clock.set_to(day)
    await jobs.watch(world.runtime)
    page = MissingReportPage.model_validate(await world.read(PATH, name, **query))
    return [(each.level, str(each.assignment_id), str(each.noted_on)) for each in page.items]


async def messages(world: World, name: str) -> int:
    return len([each for each in await world.items("/v1/notifications", name) if each["kind"] == "missing_report"])


async def test_from_the_unit_to_the_bureau_until_a_report_comes(world: World) -> None:
    plan = await world.plan()
    silent, second = [await world.assignment(await world.task(plan), held_since=date(2025, 1, 2)) for _ in range(2)]
    told = await world.assignment(await world.task(plan), world.place.other_town, held_since=date(2025, 1, 2))
    world.clock.set_to(date(2025, 3, 3))
    report = {"period": "2025年第一季度", "text": "演示", "percent": 40}
    answer = await world.caller("other_manager").post(f"/v1/assignments/{told.id}/progress-reports", json=report)
    assert answer.status_code == 201, answer.text
    assert await noted(world, date(2025, 4, 14)) == [], "ten working days are not over"
    first = await noted(world, date(2025, 4, 15))
    assert sorted(first) == sorted((0, str(each.id), "2025-04-15") for each in (silent, second))
    assert await noted(world, date(2025, 4, 16)) == first, "once a level"
    assert (await messages(world, "member"), await messages(world, "bureau")) == (1, 0)
    answer = await world.caller("manager").post(f"/v1/assignments/{second.id}/progress-reports", json=report)
    assert answer.status_code == 201
    world.clock.set_to(date(2025, 4, 21))
    await asyncio.gather(jobs.watch(world.runtime), jobs.watch(world.runtime))
    found = await noted(world, date(2025, 4, 21), assignment_id=silent.id)
    assert [(level, day) for level, _, day in found] == [(2, "2025-04-21"), (0, "2025-04-15")], "after downtime the present level"
    assert len(await noted(world, date(2025, 4, 22), assignment_id=second.id)) == 1, "what is reported late stays noted"
    counts = [await messages(world, name) for name in ("member", "manager", "bureau")]
    assert counts == [1, 2, 1], "the unit's leaders hear that the bureau was told"
    assert await noted(world, date(2025, 4, 22), "other_manager") == await noted(world, date(2025, 4, 22), "foreign_bureau") == []
    trail = world.rows("SELECT action, after FROM kit.audit_events WHERE object_id = %s ORDER BY id", silent.id)
    assert [row.after["level"] for row in trail if row.action == "assignment.report_missing"] == [0, 2]
    feed = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s", silent.id)
    assert [row.kind for row in feed].count("assignment.report_missing") == 2
    assert (await world.caller("reviewer").get(PATH)).status_code == 403
