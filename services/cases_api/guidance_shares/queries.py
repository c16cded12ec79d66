"""Shares of guided cases: what is published for obligations, with each township's part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Integer, Numeric, Text, Uuid, and_, case, cast, column, extract, func, select, table
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.cases_api.guidance_rounds.external import DAYS, GRANTED_CASES
from services.cases_api.guidance_shares.schemas import GuidanceShareFilter
from services.cases_api.guidances.rules import State
from services.cases_api.guidances.tables import Guidance
from services.kit import answers, pagination, visibility
from services.kit.db import Reader
from services.kit.principal import Principal

COUNTS = ("share_per_10000", "cases", "need", "picked", "drawn", "begun", "finished", "guided")
SHARES = table(
    "guidance_shares",
    column("district_id", Uuid),
    column("unit_id", Uuid),
    column("year", Integer),
    column("basis", Text),
    column("counted", Text),
    *(column(name, Integer) for name in COUNTS),
    column("status", Text),
    schema="published",
)
SHARE = SHARES.c


def visible_to(who: Principal, shares: Any = SHARE) -> ColumnElement[bool]:
    """The one rights filter of shares: the district's."""
    return visibility.within(who, district=shares.district_id)


def _townships() -> ColumnElement[Any]:
    granted = GRANTED_CASES.c
    day = case(*((SHARE.basis == name, on) for name, on in DAYS.items()))
    mine = and_(
        Guidance.case_file_id == granted.case_file_id, Guidance.unit_id == granted.department_id, Guidance.state != State.VOID
    )
    counted = (
        select(granted.township_id, func.count().label("cases"), func.count(Guidance.id).label("picked"))
        .select_from(GRANTED_CASES)
        .outerjoin(Guidance, mine)
        .where(granted.department_id == SHARE.unit_id, extract("year", day) == SHARE.year)
        .group_by(granted.township_id)
        .correlate(SHARES)
        .subquery()
    )
    entry = answers.json_object({name: counted.c[name] for name in ("township_id", "cases", "picked")})
    return select(
        func.coalesce(func.json_agg(aggregate_order_by(entry, counted.c.township_id)), func.json_build_array(), type_=JSON)
    ).scalar_subquery()


def body(shares: Any, townships: Any) -> ColumnElement[Any]:
    """A department's year."""
    percent = func.round(cast(shares.guided, Numeric) * 100 / func.nullif(shares.cases, 0), 2)
    return answers.json_object(
        {name: shares[name] for name in ("unit_id", "year", "basis", "counted", *COUNTS, "status")}
        | {
            "missing": func.greatest(shares.need - shares.guided, 0),
            "percent": func.trim_scale(percent),
            "townships": townships,
        }
    )


async def page(read: Reader, who: Principal, wanted: GuidanceShareFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of shares of one year, by department; as they stand, or as they were recorded at a moment."""
    shares: Any = SHARE if wanted.as_of is None else _at(wanted.as_of, wanted.year)
    townships = _townships() if wanted.as_of is None else shares.townships
    named = wanted.model_dump(include={"year", "unit_id", "status"}, exclude_none=True)
    filters = [shares[name] == value for name, value in named.items()]
    order = pagination.Order((shares.unit_id,), descending=wanted.sort.startswith("-"))
    found = select(body(shares, townships)).where(visible_to(who, shares), *filters)
    return await pagination.read(read, found, order, wanted, start)


def _at(moment: datetime, year: int) -> Any:
    columns = [column(each.name, each.type) for each in SHARE]
    return func.cases.guidance_shares_at(moment, year).table_valued(*columns, column("townships", JSON)).alias("shares").c
