"""The tables of a report, each one statement over what the services publish and this one keeps.

Places: `:d` the district, `:first_on` and `:last_on` the period, `:year` its last year, `:today`, and `:moment` of gathering.
Columns in the order shown; names of units in the order of their codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Uuid, bindparam, text

from services.kit import clock
from services.kit.db import Session
from services.tasks_api.reports.external import annual, cases, supervision, training
from services.tasks_api.reports.external.sources import Source
from services.tasks_api.reports.rules import Kind, Period, Told

# In the order of the paper: the plan first, then people, work, supervision, means.
_EVERY: Final = {each.code: each for part in (supervision, training, cases, annual) for each in part.TABLES}
ORDER: Final = (
    "tasks", "obligations", "hours", "certificates", "auxiliaries", "problems", "benchmarks", "cases", "safeguards", "reviews",
    "grades", "defects", "inflation", "followups", "guidance", "inspections", "case_records", "transfers", "mediations",
    "litigations", "complaints", "platform", "platform_scores", "budget", "surveys", "annual_penalties", "annual_licences",
    "annual_compulsions", "annual_others", "annual_certificates",
)  # fmt: skip
SOURCES: Final[Sequence[Source]] = tuple(_EVERY[code] for code in ORDER)
_TYPES: Final[dict[str, Any]] = {
    "d": Uuid(),
    "first_on": Date(),
    "last_on": Date(),
    "year": Integer(),
    "today": Date(),
    "moment": DateTime(timezone=True),
}


def sources_of(kind: Kind) -> Sequence[Source]:
    """The tables of a kind of report: the yearly statistics stand in those of a year and in special ones."""
    return [source for source in SOURCES if not source.annual or kind is not Kind.QUARTERLY]


async def on_one_core(session: Session) -> None:
    """For this transaction: nobody waits for a report, so it takes no cores from those who wait for their page, nor the
    third part more of work that workers beside would cost."""
    await session.execute(text("SELECT set_config('max_parallel_workers_per_gather', '0', true)"))


async def table(read: Session, source: Source, district_id: UUID, period: Period, moment: datetime) -> Told:
    """One table as the records stand at the moment of gathering."""
    places = {"d": district_id, "first_on": period.start, "last_on": period.end, "year": period.end.year}
    places |= {"today": clock.local_day(moment), "moment": moment}
    used = [bindparam(name, places[name], type_=kind) for name, kind in _TYPES.items() if f":{name}" in source.sql]
    rows = (await read.execute(text(source.sql).bindparams(*used))).all()
    return Told(source.code, source.caption, source.columns, [tuple(row) for row in rows])
