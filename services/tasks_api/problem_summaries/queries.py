"""Reads of problem summaries; the counting stands here, as SQL over the problems themselves.

What obligation O6 measures: a row with scope 'unit' and `submitted_on` of the unit; for the district one with scope
'district'.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, and_, case, cast, exists, false, func, literal, literal_column, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api import access
from services.tasks_api.problem_summaries import rules
from services.tasks_api.problem_summaries.rules import MOVES, Scope, Verb
from services.tasks_api.problem_summaries.tables import ProblemSummary
from services.tasks_api.problems import queries as problems
from services.tasks_api.problems.rules import State as ProblemState
from services.tasks_api.problems.tables import Problem

Own = aliased(ProblemSummary)
PLAIN: Final = (
    "id", "district_id", "unit_id", "plan_id", "scope", "period_start", "period_end", "title", "text", "attachment_ids", "state",
    "submitted_by_name", "submitted_on", "decided_by_name", "decision_note", "approved_on", "created_by_name", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of summaries."""
    return visibility.within(who, district=ProblemSummary.district_id, unit=ProblemSummary.unit_id)


def _counts(whose: ColumnElement[bool]) -> ColumnElement[Any]:
    """Figures of the period as JSON."""
    found = ProblemSummary.period_start, ProblemSummary.period_end
    counted = select(answers.json_object(problems.tally())).where(
        whose, Problem.found_on.between(*found), Problem.state != ProblemState.VOID
    )
    return counted.correlate(ProblemSummary, units).scalar_subquery()


def _rows() -> ColumnElement[Any]:
    """The roll-up: every enforcement unit in force, and whoever else has problems or a summary of the period."""
    of_period = (
        Own.district_id == ProblemSummary.district_id,
        Own.scope == Scope.UNIT,
        Own.unit_id == units.c.id,
        Own.period_start == ProblemSummary.period_start,
        Own.period_end == ProblemSummary.period_end,
    )
    has_problems = exists().where(
        Problem.unit_id == units.c.id,
        Problem.found_on.between(ProblemSummary.period_start, ProblemSummary.period_end),
        Problem.state != ProblemState.VOID,
    )
    row = answers.json_object(
        {
            "unit_id": units.c.id,
            "unit_name": units.c.short_name,
            "figures": _counts(Problem.unit_id == units.c.id),
            "summary_id": Own.id,
            "summary_state": Own.state,
            "submitted_on": Own.submitted_on,
        }
    )
    in_force = and_(
        units.c.enforcement, func.coalesce(units.c.valid_to, ProblemSummary.period_end) >= ProblemSummary.period_start
    )
    listed = func.json_agg(aggregate_order_by(row, units.c.code))
    found = select(func.coalesce(listed, literal_column("'[]'::json"), type_=JSON))
    joined = found.select_from(units.outerjoin(Own, and_(*of_period)))
    whose = (units.c.district_id == ProblemSummary.district_id, or_(in_force, has_problems, Own.id.is_not(None)))
    return joined.where(*whose).correlate(ProblemSummary).scalar_subquery()


def figures() -> ColumnElement[Any]:
    """Figures as they stood when it was handed in, else counted now."""
    district = ProblemSummary.scope == Scope.DISTRICT
    live = case(
        (district, _counts(Problem.district_id == ProblemSummary.district_id)),
        else_=_counts(Problem.unit_id == ProblemSummary.unit_id),
    )
    return case((ProblemSummary.counted.is_not(None), cast(ProblemSummary.counted["figures"], JSON)), else_=live)


def rows() -> ColumnElement[Any]:
    """Rows of the roll-up, the same way."""
    return case(
        (ProblemSummary.scope == Scope.UNIT, literal_column("'[]'::json")),
        (ProblemSummary.counted.is_not(None), cast(ProblemSummary.counted["rows"], JSON)),
        else_=_rows(),
    )


def body(who: Principal) -> ColumnElement[Any]:
    """A summary as JSON for this caller."""
    moments = ("submitted_at", "decided_at", "created_at")
    return answers.json_object(
        {name: getattr(ProblemSummary, name) for name in PLAIN}
        | {name: answers.moment(getattr(ProblemSummary, name)) for name in moments}
        | {
            "figures": figures(),
            "rows": rows(),
            "allowed_actions": answers.allowed_actions({verb.value: _allows(who, verb) for verb in Verb}),
        }
    )


def _allows(who: Principal, verb: Verb) -> ColumnElement[bool]:
    row = ProblemSummary
    reach = visibility.under(who, access.SUMMARY_MOVES[verb], district=row.district_id, unit=row.unit_id)
    scopes = [scope for scope in Scope if rules.may(verb, scope, who.roles)]
    another = row.submitted_by.is_distinct_from(visibility.me(who)) if verb in rules.DECIDING else true()
    return and_(row.state == literal(MOVES[verb][0].value), reach, row.scope.in_(scopes) if scopes else false(), another)


ORDER: Final = (ProblemSummary.created_at, ProblemSummary.id)
SUMMARIES: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": pagination.Order(ORDER), "created_at": pagination.Order(ORDER, descending=False)},
    filters={
        name: reads.equals(getattr(ProblemSummary, name))
        for name in ("scope", "unit_id", "plan_id", "state", "period_start", "period_end")
    },
)
SUMMARY: Final = reads.Single(body=body, version=ProblemSummary.version, key=ProblemSummary.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, summary_id: UUID, version: int) -> ProblemSummary:
    """The row, locked; NotFound, Stale."""
    found = select(ProblemSummary).where(ProblemSummary.id == summary_id, visible_to(who)).with_for_update()
    summary = (await session.execute(found)).scalar_one_or_none()
    if summary is None:
        raise errors.NotFound
    preconditions.expect(summary.version, version)
    return summary


async def count_now(session: Session, summary_id: UUID, today: Any) -> dict[str, Any]:
    """Figures and rows of a draft, to be kept with it."""
    found = select(cast(figures(), JSONB).label("figures"), cast(rows(), JSONB).label("rows"))
    row = (await session.execute(found.where(ProblemSummary.id == summary_id), {"today": today})).one()
    return {"figures": row.figures, "rows": row.rows}
