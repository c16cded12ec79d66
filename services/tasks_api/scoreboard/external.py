"""What stands on the board beside the assignments: obligations under their tasks, and what was measured of each unit.

Both as they were recorded last, or by a past moment; obligations also as they are measured at this very moment, where no
process records them.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Numeric,
    Subquery,
    Text,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    values,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kit import answers, visibility
from services.kit.answers import Json
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api.obligations import queries as obligations
from services.tasks_api.obligations.external import BESIDE
from services.tasks_api.obligations.rules import OBLIGATIONS

HOURS: Final = "O2a"
COMMA: Final = literal_column("','", Text())
# The task or requirement of the plan that each obligation is shown under, and its place in the order of the plan.
HOMES: Final = (
    values(
        column("obligation", Text),
        column("kind", Text),
        column("number", Integer),
        column("place", Integer),
        name="homes",
        literal_binds=True,
    )
    .data(
        [
            (each.id, "task" if each.tasks else "requirement", [*each.tasks, *each.requirements][0], place)
            for place, each in enumerate(OBLIGATIONS)
        ]
    )
    .alias("homes")
)


def now() -> CTE:
    """As measured at this moment."""
    return select(obligations.now(beside=True)).cte("measured")


def by(moment: ColumnElement[Any]) -> CTE:
    """As recorded by a moment."""
    return select(obligations.recorded(moment, beside=True)).cte("measured")


def by_task(who: Principal, measured: CTE) -> Subquery:
    """For the tasks and requirements of a plan the obligations the caller may see, as a JSON array in text."""
    found = measured.c
    told = answers.json_text(
        {
            "id": found.obligation,
            "unit_id": found.unit_id,
            "value": found.value,
            "threshold": found.threshold,
            "status": obligations.status(found),
            "due_on": found.due_on,
        }
    )
    in_order = aggregate_order_by(COMMA, HOMES.c.place, units.c.code.collate("C"))
    return (
        select(HOMES.c.kind, HOMES.c.number, func.string_agg(told, in_order).label("told"))
        .select_from(measured)
        .join(HOMES, HOMES.c.obligation == found.obligation)
        .join(units, units.c.id == found.unit_id)
        .where(visibility.within(who, district=found.district_id, unit=found.unit_id))
        .group_by(HOMES.c.number, HOMES.c.kind)
        .subquery("owed")
    )


def hours_by_unit(measured: CTE, year: ColumnElement[Any]) -> ColumnElement[Any]:
    """Training of each unit in the year (plan task 2), by unit id, looked up once: the numbers of obligation O2a."""
    found = measured.c
    rate = func.round(cast(found.value, Numeric) / func.nullif(found.threshold, 0), 4)
    told = answers.json_text(
        {"year": year, "officers": found.threshold, "met": found.value}, {"rate": Json(cast(func.trim_scale(rate), Text))}
    )
    by_unit = select(func.jsonb_object_agg(cast(found.unit_id, Text), told))
    return by_unit.where(found.obligation == HOURS).scalar_subquery()


def files_by_unit(measured: CTE, year: ColumnElement[Any]) -> ColumnElement[Any]:
    """Case files of each unit reviewed in the year (plan task 16), by unit id, looked up once."""
    found = measured.c
    by_mode: dict[str, Any] = {
        name.removeprefix("reviewed-"): func.sum(case((found.obligation == name, found.value)), type_=Integer())
        for name in BESIDE
    }
    told = answers.json_text({"year": func.min(year, type_=Integer())}, by_mode)
    chosen = select(found.unit_id, told.label("told")).where(found.obligation.in_(BESIDE)).group_by(found.unit_id).subquery()
    return select(func.jsonb_object_agg(cast(chosen.c.unit_id, Text), chosen.c.told)).scalar_subquery()
