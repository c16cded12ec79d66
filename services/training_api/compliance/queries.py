"""Reads of compliance: every figure comes from the database function `training.officer_year`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Text,
    Uuid,
    any_,
    case,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, aggregate_order_by
from sqlalchemy.sql.selectable import TableValuedAlias

from services.kit import answers, errors, pagination, visibility
from services.kit.db import Reader
from services.kit.principal import Principal
from services.training_api.compliance import rules
from services.training_api.compliance.schemas import OfficerComplianceFilter, UnitComplianceFilter
from services.training_api.hour_entries import queries as hours
from services.training_api.hour_entries.tables import HourEntry

CATEGORIES = tuple(rules.NAMES)
FACTS = ("base", "months", "reason", "required", "valid")
NUMBERS = ("base", "months", "required", "valid", *CATEGORIES)


def _moment(at: datetime) -> ColumnElement[datetime]:
    return literal(at, DateTime(timezone=True))


def _officer_year(year: int, at: datetime) -> TableValuedAlias:
    columns: list[Any] = [column(name, Uuid()) for name in ("officer_id", "district_id", "unit_id")]
    columns += [column(name, Date()) for name in ("first_on", "last_on")] + [column(name, Integer()) for name in NUMBERS]
    columns += [column("reason", Text()), column("categories", ARRAY(Text()))]
    return func.training.officer_year(literal(year, Integer), _moment(at)).table_valued(*columns, name="figures")


def _missing(figures: TableValuedAlias) -> ColumnElement[int]:
    return func.greatest(figures.c.required - figures.c.valid, 0, type_=Integer())


def _status(figures: TableValuedAlias) -> ColumnElement[str]:
    met, short = literal(rules.Status.MET.value, Text), literal(rules.Status.SHORT.value, Text)
    return case((figures.c.valid >= figures.c.required, met), else_=short)


def _item(figures: TableValuedAlias) -> Mapping[str, Any]:
    quota = {"base": answers.hours(figures.c.base), "months": figures.c.months, "reason": figures.c.reason}
    return {
        "officer_id": figures.c.officer_id,
        "unit_id": figures.c.unit_id,
        "required_hours": answers.hours(figures.c.required),
        "valid_hours": answers.hours(figures.c.valid),
        "missing_hours": answers.hours(_missing(figures)),
        "by_category": answers.json_object({name: answers.hours(figures.c[name]) for name in CATEGORIES}),
        "quota": answers.json_object(quota),
        "status": _status(figures),
    }


def _visible(who: Principal, figures: TableValuedAlias) -> ColumnElement[bool]:
    """The one rights filter of figures: by the unit an officer counts for in that year."""
    return visibility.within(who, district=figures.c.district_id, unit=figures.c.unit_id)


async def officers(
    read: Reader, who: Principal, wanted: OfficerComplianceFilter, at: datetime, start: pagination.Start | None
) -> pagination.Page:
    """A page of officers and how they stand."""
    figures = _officer_year(wanted.year, at)
    found = select(answers.json_object(_item(figures))).select_from(figures).where(_visible(who, figures))
    if wanted.unit_id is not None:
        found = found.where(figures.c.unit_id == wanted.unit_id)
    if wanted.status is not None:
        found = found.where(_status(figures) == wanted.status.value)
    order = pagination.Order((figures.c.officer_id,), descending=False)
    if wanted.sort == "-missing_hours":
        order = pagination.Order((_missing(figures), figures.c.officer_id))
    return await pagination.read(read, found, order, wanted, start)


async def detail(read: Reader, who: Principal, officer_id: UUID, year: int, at: datetime) -> tuple[str, rules.Figures]:
    """An officer's figures as JSON text with the entries behind them, and as numbers; NotFound."""
    figures = _officer_year(year, at)
    body = answers.json_object({**_item(figures), "year": literal(year, Integer), "entries": _entries(figures, year, at)})
    columns = [figures.c[name] for name in (*FACTS, "categories", *CATEGORIES)]
    statement = select(cast(body, Text), *columns).select_from(figures)
    row = (await read.execute(statement.where(figures.c.officer_id == officer_id, _visible(who, figures)))).one_or_none()
    if row is None:
        raise errors.NotFound
    found = row._mapping
    by_category = {name: found[name] for name in CATEGORIES}
    facts = {name: found[name] for name in FACTS}
    return row[0], rules.Figures(year=year, by_category=by_category, counted=found["categories"], **facts)


def _entries(figures: TableValuedAlias, year: int, at: datetime) -> ColumnElement[Any]:
    """The entries behind an officer's figure, by day."""
    entry = answers.json_object(
        {
            "id": HourEntry.id,
            "category": HourEntry.category,
            "hours": answers.hours(HourEntry.hundredths),
            "occurred_on": HourEntry.occurred_on,
            "source": HourEntry.source,
            "class_id": HourEntry.class_id,
            "reverses_id": HourEntry.reverses_id,
            "counts": HourEntry.category == any_(figures.c.categories),
        }
    )
    in_order = aggregate_order_by(entry, HourEntry.occurred_on, HourEntry.id)
    listed = hours.with_decisions(select(func.coalesce(func.json_agg(in_order), cast("[]", JSON))))
    return listed.where(hours.counted(figures.c.officer_id, year, _moment(at))).correlate(figures).scalar_subquery()


async def units(
    read: Reader, who: Principal, wanted: UnitComplianceFilter, at: datetime, start: pagination.Start | None
) -> pagination.Page:
    """A page of units and how they stand."""
    columns: list[Any] = [column(name, Uuid()) for name in ("district_id", "unit_id")]
    columns += [column(name, Integer()) for name in ("officers", "met", "forecast_short")]
    figures = func.training.unit_year(literal(wanted.year, Integer), _moment(at)).table_valued(*columns, name="figures")
    rate = func.trim_scale(func.round(cast(figures.c.met, Numeric) / figures.c.officers, 4))
    item = {name: figures.c[name] for name in ("unit_id", "officers", "met", "forecast_short")} | {"rate": rate}
    found = select(answers.json_object(item)).select_from(figures).where(_visible(who, figures))
    if wanted.unit_id is not None:
        found = found.where(figures.c.unit_id == wanted.unit_id)
    return await pagination.read(read, found, pagination.Order((figures.c.unit_id,), descending=False), wanted, start)
