"""Reads of compliance: every figure comes from the database function `training.officer_year`.

Without `as_of` it reads the running sums; with it the entries, moves, exemptions and settings as recorded at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
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
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, aggregate_order_by, array
from sqlalchemy.sql.selectable import TableValuedAlias

from services.kit import answers, clock, errors, pagination, reads, visibility
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

    def places(self, year: int) -> dict[str, Any]:
        """What the statements of a year ask for."""
        return {"year": year, "at": self.at, "today": self.today}


def moment_asked(as_of: datetime | None, now: datetime) -> Moment:
    """The moment of a request; BadInput when it lies ahead."""
    if as_of is not None and as_of > now:
        raise errors.BadInput(errors.Fault("/query/as_of", "in_future"))
    return Moment(as_of, clock.local_day(as_of or now))


def utc(moment: datetime) -> str:
    """A moment as answers show it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# Places of the statements, which are compiled once.
YEAR = bindparam("year", None, type_=Integer())
AT = bindparam("at", None, type_=DateTime(timezone=True))
TODAY = bindparam("today", None, type_=Date())
# As recorded by now: later than whatever is recorded. A constant, so that PostgreSQL need not plan anew for each call to know
# that figures come from the entries.
EVER: ColumnElement[Any] = cast(literal_column("'9999-12-31 00:00:00+00'"), DateTime(timezone=True))


def _officer_year(at: ColumnElement[Any]) -> TableValuedAlias:
    columns: list[Any] = [column(name, Uuid()) for name in ("officer_id", "district_id", "unit_id")]
    columns += [column(name, Integer()) for name in (*FACTS, *CATEGORIES)]
    columns += [column(name, ARRAY(Text())) for name in ("reasons", "categories")]
    return func.training.officer_year(YEAR, at, TODAY).table_valued(*columns, name="figures")


def _unit_year() -> TableValuedAlias:
    columns: list[Any] = [column(name, Uuid()) for name in ("district_id", "unit_id")]
    columns += [column(name, Integer()) for name in ("officers", "met", "forecast_short")]
    columns += [column(name, BigInteger()) for name in SUMS]
    return func.training.unit_year(YEAR, AT, TODAY).table_valued(*columns, name="figures")


OFFICER, UNIT = _officer_year(AT), _unit_year()


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
        "by_category": answers.json_part({name: answers.hours(figures.c[name]) for name in CATEGORIES}),
        "quota": answers.json_part(quota | more),
        "status": _met(figures.c.valid, figures),
        "forecast_hours": answers.hours(figures.c.forecast),
        "forecast": _met(figures.c.forecast, figures),
    }


def _within(figures: TableValuedAlias) -> reads.Visible:
    """The one rights filter of figures: by the unit an officer counts for in that year."""
    return lambda who: visibility.within(who, district=figures.c.district_id, unit=figures.c.unit_id)


def _entries(figures: TableValuedAlias, at: ColumnElement[Any]) -> ColumnElement[Any]:
    """The entries behind an officer's figure, by day."""
    entry = answers.json_part(
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
    return listed.where(hours.counted(figures.c.officer_id, YEAR, at)).correlate(figures).scalar_subquery()


def _rate(met: Any, officers: Any) -> ColumnElement[Any]:
    """Four decimals; 1 where nobody owes anything."""
    return func.coalesce(func.trim_scale(func.round(cast(met, Numeric) / func.nullif(officers, 0), 4)), 1)


def _unit_item(figures: TableValuedAlias) -> Mapping[str, Any]:
    item: dict[str, Any] = {name: figures.c[name] for name in ("unit_id", "officers", "met", "forecast_short")}
    item |= {"short": figures.c.officers - figures.c.met, "rate": _rate(figures.c.met, figures.c.officers)}
    return item | {f"{name}_hours": answers.hours(figures.c[name]) for name in SUMS}


def _detail(at: ColumnElement[Any]) -> Callable[[Principal], Select[Any]]:
    """The statement of one officer, as recorded at a moment."""
    figures = _officer_year(at)
    body = answers.json_object({**_item(figures), "year": YEAR, "entries": _entries(figures, at)})
    columns = [figures.c[name] for name in (*FACTS, "reasons", "categories", *CATEGORIES)]
    named = (figures.c.district_id, figures.c.reasons, YEAR, at)
    # Whole years have no reasons, and then nothing is to be named.
    titles = case(
        (figures.c.reasons == array([], type_=Text()), None), else_=func.training.exemption_titles(*named, type_=JSON())
    )
    statement: Select[Any] = select(cast(body, Text).label("body"), *columns, cast(titles, Text).label("titles"))
    mine = statement.select_from(figures).where(figures.c.officer_id == bindparam("officer", None, type_=Uuid()))
    return lambda who: mine.where(_within(figures)(who))


def _district(who: Principal) -> Select[Any]:
    total = {name: func.coalesce(func.sum(UNIT.c[name]), 0) for name in ("officers", "met", "forecast_short", *SUMS)}
    item = {"year": YEAR, "units": func.count(), **{name: total[name] for name in ("officers", "met")}}
    item |= {"short": total["officers"] - total["met"], "rate": _rate(total["met"], total["officers"])}
    item |= {"forecast_short": total["forecast_short"], **{f"{name}_hours": answers.hours(total[name]) for name in SUMS}}
    statement: Select[Any] = select(cast(answers.json_object(item), Text).label("body"))
    return statement.select_from(UNIT).where(_within(UNIT)(who))


OFFICERS = reads.Listing(
    body=answers.json_object(_item(OFFICER)),
    visible_to=_within(OFFICER),
    orders={
        "officer_id": pagination.Order((OFFICER.c.officer_id,), descending=False),
        "-missing_hours": pagination.Order((_missing(OFFICER), OFFICER.c.officer_id)),
    },
    filters={
        "unit_id": reads.equals(OFFICER.c.unit_id),
        "status": reads.Filter(Text(), lambda value: _met(OFFICER.c.valid, OFFICER) == value),
        "forecast": reads.Filter(Text(), lambda value: _met(OFFICER.c.forecast, OFFICER) == value),
    },
)
UNITS = reads.Listing(
    body=answers.json_object(_unit_item(UNIT)),
    visible_to=_within(UNIT),
    orders={"unit_id": pagination.Order((UNIT.c.unit_id,), descending=False)},
    filters={"unit_id": reads.equals(UNIT.c.unit_id)},
)
DETAIL, DETAIL_THEN, DISTRICT = reads.Statement(_detail(EVER)), reads.Statement(_detail(AT)), reads.Statement(_district)


async def officers(
    read: Reader, who: Principal, wanted: OfficerComplianceFilter, moment: Moment, start: pagination.Start | None
) -> pagination.Page:
    """A page of officers and how they stand."""
    return await OFFICERS.page(read, who, wanted, start, **moment.places(wanted.year))


async def detail(read: Reader, who: Principal, officer_id: UUID, year: int, moment: Moment) -> tuple[str, rules.Figures]:
    """An officer's figures as JSON text with the entries behind them, and as numbers; NotFound. Summed from the entries."""
    if moment.at is None:
        found = await DETAIL.rows(read, who, officer=officer_id, year=year, today=moment.today)
    else:
        found = await DETAIL_THEN.rows(read, who, officer=officer_id, **moment.places(year))
    if not found:
        raise errors.NotFound
    [row] = found
    return row["body"], rules.Figures(
        year=year,
        by_category={name: row[name] for name in CATEGORIES},
        counted=row["categories"],
        reasons=row["reasons"],
        titles={code: (zh, en) for code, zh, en in json.loads(row["titles"] or "[]")},
        **{name: row[name] for name in FACTS},
    )


async def units(
    read: Reader, who: Principal, wanted: UnitComplianceFilter, moment: Moment, start: pagination.Start | None
) -> pagination.Page:
    """A page of units and how they stand."""
    return await UNITS.page(read, who, wanted, start, **moment.places(wanted.year))


async def district(read: Reader, who: Principal, year: int, moment: Moment) -> str:
    """How the caller's district stands, as JSON text."""
    [row] = await DISTRICT.rows(read, who, **moment.places(year))
    return str(row["body"])


async def astray(read: Reader, district_id: UUID | None, behind: UUID | None, most: int) -> rules.SumsChecked:
    """Officer-years of so many officers compared, and the first officer whose running sum differs from the entries."""
    columns: list[Any] = [column("checked", BigInteger()), column("first_bad", Uuid())]
    columns += [column("officers", BigInteger()), column("reached", Uuid())]
    arguments = (literal(district_id, Uuid()), literal(behind, Uuid()), literal(most, Integer))
    found = func.training.astray_hours(*arguments).table_valued(*columns, name="astray")
    row: Any = (await read.execute(select(found.c.checked, found.c.first_bad, found.c.officers, found.c.reached))).one()
    goes_on = row.officers == most and row.first_bad is None
    return rules.SumsChecked(int(row.checked), row.first_bad, row.reached if goes_on else None)
