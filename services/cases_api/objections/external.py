"""The door of objections to the working-day calendar of the directory."""

from __future__ import annotations

from sqlalchemy import select

from services.kit.calendar import Calendar
from services.kit.db import Session
from services.kit.references import working_days


async def calendar(session: Session) -> Calendar:
    """Every day the calendar knows."""
    rows = await session.execute(select(working_days.c.day, working_days.c.working))
    return Calendar({row.day: row.working for row in rows})
