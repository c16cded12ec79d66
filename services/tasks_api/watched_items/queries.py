"""Lamps and late days of watched items as SQL, and the steps taken for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, any_, bindparam, case, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit.db import Session
from services.kit.references import units
from services.tasks_api import working_days
from services.tasks_api.assignments.rules import Lamp
from services.tasks_api.escalation_rules import queries as escalation_rules
from services.tasks_api.escalations.tables import Escalation
from services.tasks_api.watched_items.rules import Watched

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


async def taken(session: Session, rows: Sequence[Watched]) -> Mapping[UUID, Mapping[str, int]]:
    """By item and step the last occurrence taken on the item's present ladder."""
    ladders = {row.id: row.ladder for row in rows}
    keys = bindparam("keys", list(ladders), type_=ARRAY(Uuid))
    found = select(Escalation.subject_id, Escalation.ladder, Escalation.step, func.max(Escalation.occurrence))
    found = found.where(Escalation.subject_id == any_(keys)).group_by(Escalation.subject_id, Escalation.ladder, Escalation.step)
    known: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for key, ladder, step, last in (await session.execute(found)).all():
        if ladders[key] == ladder:
            known[key][step] = last
    return known


async def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Writes steps taken; the unique index is the last word on a step taken twice."""
    if rows:
        await session.execute(insert(Escalation), list(rows))


async def unit_names(session: Session, unit_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Short names of units."""
    found = select(units.c.id, units.c.short_name).where(units.c.id.in_(unit_ids))
    return {row.id: row.short_name for row in (await session.execute(found)).all()}


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
