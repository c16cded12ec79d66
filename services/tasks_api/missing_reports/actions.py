"""Noting which progress reports did not come, and telling it up the line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.kit import alike, clock
from services.kit.alike import Told
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access, working_days
from services.tasks_api.missing_reports import queries, rules
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.progress_reports.rules import last_ended
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import Reporting

KIND = "assignment"


async def note(session: Session, who: Principal, district_id: UUID, now: datetime) -> int:
    """Notes what was not reported for the last period that ended, each time it is told a level further; how many.

    After downtime only the present level is told. Nothing is noted where no reports are asked for, or while there is time.
    """
    today = clock.local_day(now)
    asked = await settings.value_of(session, Reporting, district_id, today)
    span = last_ended(asked.period, today)
    if span is None:
        return 0
    since = await working_days.count_after(session, span.end, today)
    level = rules.level_of(since, asked.due_working_days, asked.level_working_days)
    if level is None:
        return 0
    found = await queries.note(session, district_id, span, level, now)
    if found:
        said = alike.text({"period_start": span.start, "period_end": span.end, "level": int(level)})
        rows = [Told(each.assignment_id, each.district_id, each.unit_id, each.version, after=said, data=said) for each in found]
        alike.tell(session, who, f"{KIND}.report_missing", KIND, access.ASSIGNMENTS_READ, rows)
        await inbox.send(session, rules.told(level, found, span.start, span.end), now)
    return len(found)
