"""Reads of rotations, from the database functions `training.rotation_units` and `training.rotation_year`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.sql.selectable import TableValuedAlias

from services.kit import answers, errors, pagination, visibility
from services.kit.db import Reader
from services.kit.principal import Principal
from services.training_api.compliance.queries import Moment
from services.training_api.rotations.schemas import RotationFilter


def _arguments(year: int, moment: Moment) -> tuple[ColumnElement[Any], ...]:
    return literal(year, Integer), literal(moment.at, DateTime(timezone=True)), literal(moment.today, Date)


def _units(year: int, moment: Moment) -> TableValuedAlias:
    columns: list[Any] = [column(name, Uuid()) for name in ("district_id", "unit_id")]
    columns += [column("officers", Integer()), column("covered", Integer()), column("owed", Boolean())]
    return func.training.rotation_units(*_arguments(year, moment)).table_valued(*columns, name="organs")


def _complete(organs: TableValuedAlias) -> ColumnElement[bool]:
    return and_(organs.c.officers > 0, organs.c.covered == organs.c.officers)


def _item(organs: TableValuedAlias, year: int) -> dict[str, Any]:
    share = func.round(cast(organs.c.covered, Numeric) / func.nullif(organs.c.officers, 0), 4)
    return {
        "unit_id": organs.c.unit_id,
        "year": literal(year, Integer),
        "officers": organs.c.officers,
        "covered": organs.c.covered,
        "missing": organs.c.officers - organs.c.covered,
        "rate": func.coalesce(func.trim_scale(share), 0),
        "complete": _complete(organs),
        "owed": organs.c.owed,
    }


def _visible(who: Principal, organs: TableValuedAlias) -> ColumnElement[bool]:
    """The one rights filter of rotations: by the organ."""
    return visibility.within(who, district=organs.c.district_id, unit=organs.c.unit_id)


async def page(
    read: Reader, who: Principal, wanted: RotationFilter, moment: Moment, start: pagination.Start | None
) -> pagination.Page:
    """A page of organs."""
    organs = _units(wanted.year, moment)
    found = select(answers.json_object(_item(organs, wanted.year))).select_from(organs).where(_visible(who, organs))
    if wanted.unit_id is not None:
        found = found.where(organs.c.unit_id == wanted.unit_id)
    if wanted.complete is not None:
        found = found.where(_complete(organs) == wanted.complete)
    if wanted.owed is not None:
        found = found.where(organs.c.owed == wanted.owed)
    return await pagination.read(read, found, pagination.Order((organs.c.unit_id,), descending=False), wanted, start)


async def one(read: Reader, who: Principal, unit_id: UUID, year: int, moment: Moment) -> str:
    """One organ with those who have not taken part, as JSON text; NotFound."""
    organs = _units(year, moment)
    columns: list[Any] = [column(name, Uuid()) for name in ("unit_id", "officer_id")] + [column("covered", Boolean())]
    people = func.training.rotation_year(*_arguments(year, moment)).table_valued(*columns, name="people")
    left = select(func.coalesce(func.json_agg(people.c.officer_id), literal_column("'[]'::json")))
    left = left.where(people.c.unit_id == unit_id, ~people.c.covered)
    body = answers.json_object(_item(organs, year) | {"missing_officer_ids": left.scalar_subquery()})
    found: Select[Any] = select(cast(body, Text)).select_from(organs)
    row = (await read.execute(found.where(organs.c.unit_id == unit_id, _visible(who, organs)))).one_or_none()
    if row is None:
        raise errors.NotFound
    return str(row[0])
