"""Reads of compliance: every figure comes from the database function `training.officer_year`.

Without `as_of` it reads the running sums; with it the entries, moves, exemptions and settings as recorded at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    any_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, aggregate_order_by
from sqlalchemy.sql.selectable import TableValuedAlias

from services.kit import answers, clock, errors, pagination, visibility
from services.kit.db import Reader
from services.kit.principal import Principal
from services.training_api.compliance import rules
from services.training_api.compliance.schemas import OfficerComplianceFilter, UnitComplianceFilter
from services.training_api.hour_entries import queries as hours
from services.training_api.hour_entries.tables import HourEntry

CATEGORIES = tuple(rules.NAMES)
FACTS = ("base", "served", "exempt", "months", "required", "valid", "carried", "forecast")
SUMS = ("required", "valid", "missing")


class Moment(NamedTuple):
    """What a figure is asked for: as recorded at a moment (now when null), on this day."""

    at: datetime | None
    today: date


def moment_asked(as_of: datetime | None, now: datetime) -> Moment:
    """The moment of a request; BadInput when it lies ahead."""
    if as_of is not None and as_of > now:
        raise errors.BadInput(errors.Fault("/query/as_of", "in_future"))
    return Moment(as_of, clock.local_day(as_of or now))


def utc(moment: datetime) -> str:
    """A moment as answers show it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(at: datetime | None) -> ColumnElement[datetime | None]:
    return literal(at, DateTime(timezone=True))


def _arguments(year: int, moment: Moment) -> tuple[ColumnElement[Any], ...]:
    return literal(year, Integer), _moment(moment.at), literal(moment.today, Date)


def _officer_year(year: int, moment: Moment) -> TableValuedAlias:
    columns: list[Any] = [column(name, Uuid()) for name in ("officer_id", "district_id", "unit_id")]
    columns += [column(name, Integer()) for name in (*FACTS, *CATEGORIES)]
    columns += [column(name, ARRAY(Text())) for name in ("reasons", "categories")]
    return func.training.officer_year(*_arguments(year, moment)).table_valued(*columns, name="figures")


def _missing(figures: TableValuedAlias) -> ColumnElement[int]:
    return func.greatest(figures.c.required - figures.c.valid, 0, type_=Integer())


def _met(reached: ColumnElement[int], figures: TableValuedAlias) -> ColumnElement[str]:
    met, short = literal(rules.Status.MET.value, Text), literal(rules.Status.SHORT.value, Text)
    return case((reached >= figures.c.required, met), else_=short)


def _item(figures: TableValuedAlias) -> Mapping[str, Any]:
    reason = func.nullif(func.array_to_string(figures.c.reasons, rules.AND), "")
    quota = {"base": answers.hours(figures.c.base), "months": figures.c.months, "reason": reason}
    more = {"served_months": figures.c.served, "exempt_months": figures.c.exempt, "reasons": func.to_json(figures.c.reasons)}
    return {
        "officer_id": figures.c.officer_id,
        "unit_id": figures.c.unit_id,
        "required_hours": answers.hours(figures.c.required),
        "valid_hours": answers.hours(figures.c.valid),
        "missing_hours": answers.hours(_missing(figures)),
        "carried_hours": answers.hours(figures.c.carried),
        "by_category": answers.json_object({name: answers.hours(figures.c[name]) for name in CATEGORIES}),
        "quota": answers.json_object(quota | more),
        "status": _met(figures.c.valid, figures),
        "forecast_hours": answers.hours(figures.c.forecast),
        "forecast": _met(figures.c.forecast, figures),
    }


def _visible(who: Principal, figures: TableValuedAlias) -> ColumnElement[bool]:
    """The one rights filter of figures: by the unit an officer counts for in that year."""
    return visibility.within(who, district=figures.c.district_id, unit=figures.c.unit_id)


async def officers(
    read: Reader, who: Principal, wanted: OfficerComplianceFilter, moment: Moment, start: pagination.Start | None
) -> pagination.Page:
    """A page of officers and how they stand."""
    figures = _officer_year(wanted.year, moment)
    found = select(answers.json_object(_item(figures))).select_from(figures).where(_visible(who, figures))
    if wanted.unit_id is not None:
        found = found.where(figures.c.unit_id == wanted.unit_id)
    if wanted.status is not None:
        found = found.where(_met(figures.c.valid, figures) == wanted.status.value)
    if wanted.forecast is not None:
        found = found.where(_met(figures.c.forecast, figures) == wanted.forecast.value)
    order = pagination.Order((figures.c.officer_id,), descending=False)
    if wanted.sort == "-missing_hours":
        order = pagination.Order((_missing(figures), figures.c.officer_id))
    return await pagination.read(read, found, order, wanted, start)


async def detail(
    read: Reader, who: Principal, officer_id: UUID, year: int, at: datetime, today: date
) -> tuple[str, rules.Figures]:
    """An officer's figures as JSON text with the entries behind them, and as numbers; NotFound. Summed from the entries."""
    figures = _officer_year(year, Moment(at, today))
    body = answers.json_object({**_item(figures), "year": literal(year, Integer), "entries": _entries(figures, year, at)})
    columns = [figures.c[name] for name in (*FACTS, "reasons", "categories", *CATEGORIES)]
    named = (figures.c.district_id, figures.c.reasons, literal(year, Integer), _moment(at))
    columns += [func.training.exemption_titles(*named, type_=JSON()).label("titles")]
    statement: Select[Any] = select(cast(body, Text), *columns).select_from(figures)
    row = (await read.execute(statement.where(figures.c.officer_id == officer_id, _visible(who, figures)))).one_or_none()
    if row is None:
        raise errors.NotFound
    found = row._mapping
    return row[0], rules.Figures(
        year=year,
        by_category={name: found[name] for name in CATEGORIES},
        counted=found["categories"],
        reasons=found["reasons"],
        titles={code: (zh, en) for code, zh, en in found["titles"]},
        **{name: found[name] for name in FACTS},
    )


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
    listed = hours.with_decisions(select(func.coalesce(func.json_agg(in_order), literal_column("'[]'::json"))))
    return listed.where(hours.counted(figures.c.officer_id, year, _moment(at))).correlate(figures).scalar_subquery()


def _unit_year(year: int, moment: Moment) -> TableValuedAlias:
    columns: list[Any] = [column(name, Uuid()) for name in ("district_id", "unit_id")]
    columns += [column(name, Integer()) for name in ("officers", "met", "forecast_short")]
    columns += [column(name, BigInteger()) for name in SUMS]
    return func.training.unit_year(*_arguments(year, moment)).table_valued(*columns, name="figures")


def _rate(met: Any, officers: Any) -> ColumnElement[Any]:
    """Four decimals; 1 where nobody owes anything."""
    return func.coalesce(func.trim_scale(func.round(cast(met, Numeric) / func.nullif(officers, 0), 4)), 1)


async def units(
    read: Reader, who: Principal, wanted: UnitComplianceFilter, moment: Moment, start: pagination.Start | None
) -> pagination.Page:
    """A page of units and how they stand."""
    figures = _unit_year(wanted.year, moment)
    item: dict[str, Any] = {name: figures.c[name] for name in ("unit_id", "officers", "met", "forecast_short")}
    item |= {"short": figures.c.officers - figures.c.met, "rate": _rate(figures.c.met, figures.c.officers)}
    item |= {f"{name}_hours": answers.hours(figures.c[name]) for name in SUMS}
    found = select(answers.json_object(item)).select_from(figures).where(_visible(who, figures))
    if wanted.unit_id is not None:
        found = found.where(figures.c.unit_id == wanted.unit_id)
    return await pagination.read(read, found, pagination.Order((figures.c.unit_id,), descending=False), wanted, start)


async def district(read: Reader, who: Principal, year: int, moment: Moment) -> str:
    """How the caller's district stands, as JSON text."""
    figures = _unit_year(year, moment)
    total = {name: func.coalesce(func.sum(figures.c[name]), 0) for name in ("officers", "met", "forecast_short", *SUMS)}
    item = {"year": literal(year, Integer), "units": func.count(), **{name: total[name] for name in ("officers", "met")}}
    item |= {"short": total["officers"] - total["met"], "rate": _rate(total["met"], total["officers"])}
    item |= {"forecast_short": total["forecast_short"], **{f"{name}_hours": answers.hours(total[name]) for name in SUMS}}
    found: Select[Any] = select(cast(answers.json_object(item), Text)).select_from(figures).where(_visible(who, figures))
    return str((await read.execute(found)).scalar_one())


async def verification(read: Reader, who: Principal) -> tuple[int, UUID | None]:
    """Officer-years compared, and the first officer whose running sum differs from the entries."""
    columns: list[Any] = [column("checked", BigInteger()), column("first_bad", Uuid())]
    found = func.training.astray_hours(visibility.my_district(who)).table_valued(*columns, name="astray")
    row: Any = (await read.execute(select(found.c.checked, found.c.first_bad))).one()
    return int(row[0]), row[1]
