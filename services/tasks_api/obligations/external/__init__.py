"""What was done of each obligation, by unit, in a year: one statement per source, all in the same columns.

Places: `:who_district_id`, `:owed_year` with its `:first_day` and `:last_day`, `:today`, and how the plan is read
(`:summary_months`, `:report_months`, `:publicity_days`, and `:years_before`: 1 where "before 2025" leaves that year out).
A row asks `threshold` of a unit and tells how much of it is done (`value`), whether it will be missed as things go (`risk`),
whether something is begun that would count (`under_way`), and the last day (`due_on`).
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BindParameter, Boolean, Date, Integer, Subquery, Text, Uuid, bindparam, select, text, union_all
from sqlalchemy.types import TypeEngine

from services.tasks_api.obligations.external import cases, plan, registers, training
from services.tasks_api.obligations.external.places import PLACES

SOURCES: Final = {"training": training.SQL, "registers": registers.SQL, "plan": plan.SQL, "cases": cases.SQL}
# What is shown beside units and owed by nobody: kept like an obligation, so that the past of it can be told as well.
BESIDE: Final = (cases.SELF_REVIEWED, cases.CROSS_REVIEWED, cases.SAMPLE_REVIEWED)
COLUMNS: Final[dict[str, TypeEngine[Any]]] = {
    "obligation": Text(),
    "district_id": Uuid(),
    "unit_id": Uuid(),
    "value": Integer(),
    "threshold": Integer(),
    "risk": Boolean(),
    "under_way": Boolean(),
    "due_on": Date(),
}


def of(source: str, *, beside: bool = False) -> Subquery:
    """The rows of one source; with what is shown `beside`, too."""
    sql = cases.SQL_BESIDE if beside and source == "cases" else SOURCES[source]
    places: list[BindParameter[Any]] = [bindparam(name, None, type_=kind) for name, kind in PLACES.items() if f":{name}" in sql]
    return text(sql).bindparams(*places).columns(**COLUMNS).subquery(source)


def measured(*, beside: bool = False) -> Subquery:
    """The rows of all sources; with what is shown `beside`, too."""
    return union_all(*(select(of(source, beside=beside)) for source in SOURCES)).subquery("measured")
