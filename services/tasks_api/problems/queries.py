"""Reads of the problem list.

What obligations measure: `tasks.problems` by unit_id and found_on (found), state and closed_on (struck off), and
`counts` below, which sums them per unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Text, and_, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.plans.tables import Plan
from services.tasks_api.problems import rules
from services.tasks_api.problems.rules import State, Verb
from services.tasks_api.problems.tables import Problem, ProblemMove
from services.tasks_api.watched_items import queries as watched

PLAIN: Final = (
    "id", "district_id", "unit_id", "plan_id", "kind", "source", "title", "description", "measures", "responsible", "found_on",
    "due_on", "state", "attachment_ids", "result", "result_attachment_ids", "submitted_by_name", "checked_by_name",
    "check_note", "closed_on", "reopened", "void_reason", "created_by_name", "version",
)  # fmt: skip
MOMENTS: Final = ("submitted_at", "checked_at", "created_at")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of problems."""
    return visibility.within(who, district=Problem.district_id, unit=Problem.unit_id)


def body(who: Principal) -> ColumnElement[Any]:
    """A problem as JSON for this caller; lamp and late days are told for the day asked for."""
    origin = answers.json_object({"type": Problem.origin_type, "id": Problem.origin_id})
    return answers.json_object(
        {name: getattr(Problem, name) for name in PLAIN}
        | {name: answers.moment(getattr(Problem, name)) for name in MOMENTS}
        | {
            "origin": case((Problem.origin_id.is_not(None), origin)),
            "limit": answers.json_object({"days": Problem.limit_days, "kind": Problem.day_kind}),
            "lamp": watched.lamp(Problem, rules.GREY),
            "late_days": watched.late_days(Problem),
            "allowed_actions": answers.allowed_actions({verb.value: _allows(who, verb) for verb in Verb}),
        }
    )


def _allows(who: Principal, verb: Verb) -> ColumnElement[bool]:
    reach = visibility.under(who, access.PROBLEM_MOVES[verb], district=Problem.district_id, unit=Problem.unit_id)
    another = Problem.submitted_by.is_distinct_from(visibility.me(who))
    checks = verb in {Verb.CLOSE, Verb.RETURN}
    return and_(Problem.state.in_(rules.MOVES.sources(verb)), reach, *([another] if checks else []))


BY_CREATION: Final = (Problem.created_at, Problem.id)
BY_DUE: Final = (Problem.due_on, Problem.id)
PROBLEMS: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={
        "-created_at": pagination.Order(BY_CREATION),
        "created_at": pagination.Order(BY_CREATION, descending=False),
        "due_on": pagination.Order(BY_DUE, descending=False),
        "-due_on": pagination.Order(BY_DUE),
    },
    filters={
        "unit_id": reads.equals(Problem.unit_id),
        "plan_id": reads.equals(Problem.plan_id),
        "kind": reads.equals(Problem.kind),
        "source": reads.equals(Problem.source),
        "origin_id": reads.equals(Problem.origin_id),
        "state": reads.equals(Problem.state),
        "lamp": reads.Filter(Text(), lambda value: watched.lamp(Problem, rules.GREY) == value),
        "due_on__lte": reads.at_most(Problem.due_on),
        "found_on__gte": reads.at_least(Problem.found_on),
        "found_on__lte": reads.at_most(Problem.found_on),
    },
)
PROBLEM: Final = reads.Single(body=body, version=Problem.version, key=Problem.id, visible_to=visible_to)


async def history(read: Reader, who: Principal, problem_id: UUID) -> str:
    """All moves as JSON text; NotFound also when the caller may not see the problem."""
    plain = ("version", "verb", "state_before", "state_after", "due_on", "note", "actor_name")
    move = {name: getattr(ProblemMove, name) for name in plain} | {"recorded_at": answers.moment(ProblemMove.recorded_at)}
    listed = func.json_agg(aggregate_order_by(answers.json_object(move), ProblemMove.version))
    items = func.coalesce(listed, literal_column("'[]'::json"), type_=JSON)
    moves = select(items).where(ProblemMove.problem_id == Problem.id).correlate(Problem).scalar_subquery()
    found: Any = select(answers.json_object({"items": moves}), Problem.version).where(Problem.id == problem_id, visible_to(who))
    return (await answers.read_one(read, found)).body


async def one_for_update(session: Session, who: Principal, problem_id: UUID, version: int) -> Problem:
    """The row, locked; NotFound, Stale."""
    found = select(Problem).where(Problem.id == problem_id, visible_to(who)).with_for_update()
    problem = (await session.execute(found)).scalar_one_or_none()
    if problem is None:
        raise errors.NotFound
    preconditions.expect(problem.version, version)
    return problem


async def plan(session: Session, district_id: UUID, plan_id: UUID) -> Plan | None:
    """A plan of the district, held until the transaction ends so that it is not closed meanwhile."""
    found = select(Plan).where(Plan.id == plan_id, Plan.district_id == district_id).with_for_update(read=True)
    return (await session.execute(found)).scalar_one_or_none()


async def of_rectifications(session: Session, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Problems made from these rectifications, by their ids."""
    found = select(Problem.origin_id, Problem.id).where(
        Problem.origin_id.in_(ids), Problem.origin_type == rules.Origin.RECTIFICATION, Problem.state != State.VOID
    )
    return {row.origin_id: row.id for row in (await session.execute(found)).all() if row.origin_id is not None}


def tally() -> Mapping[str, ColumnElement[Any]]:
    """What is counted of problems that were not void: found, put right and struck off, open, late now, reopened."""
    late = Problem.stopped_on.is_(None) & (Problem.due_on < watched.TODAY)
    return {
        "found": func.count(),
        "closed": func.count().filter(Problem.state == State.CLOSED),
        "submitted": func.count().filter(Problem.state == State.SUBMITTED),
        "open": func.count().filter(Problem.state.in_(rules.RUNNING)),
        "late": func.count().filter(late),
        "reopened": func.count().filter(Problem.reopened > 0),
    }


async def counts(
    connection: Reader | Session, district_id: UUID, first_on: date, last_on: date, today: date
) -> Sequence[Mapping[str, Any]]:
    """Per unit, kind and source the problems found in a period (`tally`)."""
    groups = (Problem.unit_id, Problem.kind, Problem.source)
    found = select(*groups, *(value.label(name) for name, value in tally().items())).where(
        Problem.district_id == district_id, Problem.found_on.between(first_on, last_on), Problem.state != State.VOID
    )
    rows = await connection.execute(found.group_by(*groups), {"today": today})
    return [dict(row) for row in rows.mappings()]
