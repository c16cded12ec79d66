"""Reads of missing progress reports, and the one statement that notes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, text

from services.kit import answers, clock, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api.missing_reports.rules import Level, Missing
from services.tasks_api.missing_reports.tables import MissingReport
from services.tasks_api.plans.rules import State as PlanState
from services.tasks_api.plans.tables import Plan
from services.tasks_api.progress_reports.rules import Span

# Of plans in force, what is under way since before the period ended, told nothing since it began, and not told so far up yet.
NOTE: Final = text("""
WITH found AS MATERIALIZED (
    SELECT a.id, a.district_id, a.plan_id, a.unit_id, a.version
    FROM tasks.assignments a JOIN tasks.plans p ON p.id = a.plan_id AND p.state = 'active'
    WHERE a.district_id = CAST(:district_id AS uuid) AND a.state IN ('signed', 'in_progress')
      AND a.held_since <= CAST(:period_end AS date)
      AND NOT EXISTS (SELECT FROM tasks.progress_reports r
                      WHERE r.assignment_id = a.id AND r.created_at >= CAST(:began_at AS timestamptz))
      AND NOT EXISTS (SELECT FROM tasks.missing_reports m
                      WHERE m.assignment_id = a.id AND m.period_end = CAST(:period_end AS date)
                        AND m.level >= CAST(:level AS integer))
), made AS (
    INSERT INTO tasks.missing_reports
        (id, assignment_id, district_id, plan_id, unit_id, period_start, period_end, level, noted_on, recorded_at)
    SELECT gen_random_uuid(), id, district_id, plan_id, unit_id, CAST(:period_start AS date), CAST(:period_end AS date),
           CAST(:level AS integer), CAST(:today AS date), CAST(:now AS timestamptz)
    FROM found
)
SELECT id, district_id, unit_id, version FROM found ORDER BY unit_id, id
""")
BODY: Final = answers.json_object(
    {
        "id": MissingReport.id,
        "assignment_id": MissingReport.assignment_id,
        "district_id": MissingReport.district_id,
        "plan_id": MissingReport.plan_id,
        "unit_id": MissingReport.unit_id,
        "unit_name": units.c.name,
        "period_start": MissingReport.period_start,
        "period_end": MissingReport.period_end,
        "level": MissingReport.level,
        "noted_on": MissingReport.noted_on,
        "recorded_at": answers.moment(MissingReport.recorded_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter: those of the units in reach, as they were then."""
    return visibility.within(who, district=MissingReport.district_id, unit=MissingReport.unit_id)


LISTING: Final = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-recorded_at": pagination.Order((MissingReport.recorded_at, MissingReport.id))},
    filters={
        name: reads.equals(getattr(MissingReport, name))
        for name in ("unit_id", "plan_id", "assignment_id", "period_end", "level")
    },
    source=lambda statement: statement.select_from(MissingReport).join(units, units.c.id == MissingReport.unit_id),
)


async def note(session: Session, district_id: UUID, span: Span, level: Level, now: datetime) -> Sequence[Missing]:
    """Notes what is missing of a period at a level where it was not told so far yet; which it is."""
    places: dict[str, Any] = {
        "district_id": district_id,
        "period_start": span.start,
        "period_end": span.end,
        "began_at": datetime.combine(span.start, time.min, clock.SHANGHAI),
        "level": int(level),
        "today": clock.local_day(now),
        "now": now,
    }
    return [Missing(*row) for row in (await session.execute(NOTE, places)).all()]


async def districts(read: Reader) -> Sequence[UUID]:
    """Districts with a plan in force."""
    return (await read.execute(select(Plan.district_id).where(Plan.state == PlanState.ACTIVE).distinct())).scalars().all()


async def alone(session: Session) -> bool:
    """Whether no other process notes at this moment."""
    return bool((await session.execute(text("SELECT pg_try_advisory_xact_lock(350111, 42)"))).scalar_one())
