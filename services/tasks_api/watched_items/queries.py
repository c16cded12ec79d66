"""Lamps and late days of watched items as SQL, and the steps taken for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, bindparam, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit.db import Session
from services.tasks_api import working_days
from services.tasks_api.assignments.rules import Lamp
from services.tasks_api.escalation_rules import queries as escalation_rules

# The day lamps are told for, and the district whose ladder says when yellow begins.
TODAY: Final = bindparam("today", None, type_=Date())
DISTRICT: Final = bindparam("today_district", None, type_=Uuid())


def is_late(source: Any) -> ColumnElement[bool]:
    """Handed in after the due date, or not handed in and the date is past."""
    return func.coalesce(func.coalesce(source.stopped_on, TODAY) > source.due_on, False)


def lamp(source: Any, grey: Sequence[str]) -> ColumnElement[str]:
    """The lamp by state, due date and the day the clock stopped."""
    soon_before = working_days.soon_before(TODAY, escalation_rules.yellow_days(TODAY, DISTRICT))
    return case(
        (source.state.in_(grey), literal(Lamp.GREY.value)),
        (is_late(source), literal(Lamp.RED.value)),
        (source.stopped_on.is_(None) & (source.due_on < soon_before), literal(Lamp.YELLOW.value)),
        else_=literal(Lamp.GREEN.value),
    )


def late_days(source: Any) -> ColumnElement[int]:
    """Working days after the due date until the clock stopped, or until today."""
    counted = working_days.working_days_after(source.due_on, func.coalesce(source.stopped_on, TODAY))
    return case((is_late(source), counted), else_=literal(0))


async def due(session: Session, table: Any, today: date, most: int) -> Sequence[Any]:
    """Items to look at, locked; whoever is being moved at this moment is looked at next time."""
    found = select(table).where(table.watch_on <= today).order_by(table.watch_on, table.id).limit(most)
    return (await session.execute(found.with_for_update(skip_locked=True))).scalars().all()


async def look_again(session: Session, table: Any, when: Mapping[UUID, date | None]) -> None:
    """Notes when each is to be looked at again; its version stays, so nobody's If-Match grows stale."""
    again = (
        func.unnest(bindparam("keys", list(when), type_=ARRAY(Uuid)), bindparam("days", list(when.values()), type_=ARRAY(Date)))
        .table_valued("key", "day", name="again")
        .render_derived()
    )
    statement = update(table).where(table.id == again.c.key).values(watch_on=again.c.day)
    await session.execute(statement, execution_options={"synchronize_session": False})
