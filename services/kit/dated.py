"""Dated configuration: rows that hold from their first day until another row of the same key does. Rows are only added.

Rows without a district are what a fresh system brings; a district's own row goes before them. Of rows that begin on one
day the one recorded last holds, so a slip is mended by another row and what was known when stays on record.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import aliased

from services.kit import reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal

Row = TypeVar("Row")


def visible_to(row: Any, who: Principal) -> ColumnElement[bool]:
    """Rows of every district, and those the caller's scopes reach."""
    return or_(row.district_id.is_(None), visibility.within(who, district=row.district_id))


def weight(row: Any) -> ColumnElement[Any]:
    """Of the rows of a key that have begun, the greatest holds: latest first day, the district's own, latest recorded."""
    return tuple_(row.valid_from, row.district_id.is_not(None), row.recorded_at, row.id)


def in_force_on(row: Any, *key: str) -> reads.Filter:
    """A list's filter `in_force_on`: of each key (columns) the row that holds on that day in the caller's district."""

    def holds(day: Any) -> ColumnElement[bool]:
        other = aliased(row)
        # The caller's district, as a named place of the statement: rows of another district are no rivals.
        mine = other.district_id == bindparam("who_district_id", None, type_=Uuid())
        begun = and_(other.valid_from <= day, or_(other.district_id.is_(None), mine))
        same = [getattr(other, name) == getattr(row, name) for name in key]
        rival = and_(begun, *same, weight(other) > weight(row))
        return and_(row.valid_from <= day, ~select(other.id).where(rival).exists())

    return reads.Filter(Date(), holds)


async def in_force(
    session: Session, row: type[Row], district_id: UUID, day: date, *conditions: ColumnElement[bool]
) -> Row | None:
    """The row that holds on this day in this district; None before the first. `conditions` pick the key."""
    entity: Any = row
    begun = (entity.valid_from <= day, or_(entity.district_id.is_(None), entity.district_id == district_id))
    statement = select(entity).where(*begun, *conditions).order_by(weight(entity).desc()).limit(1)
    found: Row | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def history(session: Session, row: type[Row], district_id: UUID, *conditions: ColumnElement[bool]) -> list[Row]:
    """All rows there are for this district, the weightiest first: of those that have begun on a day, the first one holds."""
    entity: Any = row
    reached = or_(entity.district_id.is_(None), entity.district_id == district_id)
    statement = select(entity).where(reached, *conditions).order_by(weight(entity).desc())
    return list((await session.execute(statement)).scalars())
