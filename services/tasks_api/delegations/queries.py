"""Reads of the tree, and what delegation must know."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array

from services.kit import answers, errors
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api import access
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.tasks.queries import visible_to
from services.tasks_api.tasks.tables import Task

MOST = 2000


async def units_below(session: Session, unit_id: UUID) -> set[UUID]:
    """Ids of the units below this one."""
    found = select(units.c.id).where(units.c.path.contains(array([literal(unit_id, Uuid)])), units.c.id != unit_id)
    return set((await session.execute(found)).scalars())


async def tree(read: Reader, who: Principal, task_id: UUID, today: assignments.Today) -> str:
    """A task of the caller's district and all its parts as JSON text, one statement; NotFound."""
    whole = select(Task.id, Task.place).where(Task.id == task_id, visible_to(who)).subquery("whole")
    leaves = _leaves(who)
    depth = func.cardinality(Task.place) - func.cardinality(whole.c.place)
    branch = answers.json_object(
        {
            "task_id": Task.id,
            "parent_id": Task.parent_id,
            "depth": depth,
            "kind": Task.kind,
            "number": Task.number,
            "title": Task.title,
            "assignments": func.coalesce(leaves, literal_column("'[]'::json")),
        }
    )
    # A part's place begins with that of its whole.
    place: Any = Task.place
    below = place[1 : func.cardinality(whole.c.place)] == whole.c.place
    plan = select(Task.plan_id).where(Task.id == task_id).scalar_subquery()
    found = select(branch.label("branch"), Task.place.label("place")).where(Task.plan_id == plan, below).limit(MOST).subquery()
    listed = func.json_agg(aggregate_order_by(found.c.branch, found.c.place))
    row: Any = (
        await read.execute(select(cast(func.json_build_object("branches", listed), Text), func.count()), today.places)
    ).one()
    if not row[1]:
        raise errors.NotFound
    return str(row[0])


def _leaves(who: Principal) -> Any:
    leaf = answers.json_object(
        {
            "id": Assignment.id,
            "parent_id": Assignment.parent_id,
            "unit_id": Assignment.unit_id,
            "short_name": units.c.short_name,
            "role": Assignment.role,
            "year": Assignment.year,
            "due_on": Assignment.due_on,
            "state": Assignment.state,
            "lamp": assignments.lamp(Assignment),
        }
    )
    order = aggregate_order_by(leaf, units.c.code, Assignment.year.nulls_first(), Assignment.due_sort, Assignment.id)
    sight = who.admitted(access.ASSIGNMENTS_READ.grants)
    assert sight is not None
    return (
        select(func.json_agg(order))
        .select_from(Assignment)
        .join(units, units.c.id == Assignment.unit_id)
        .where(Assignment.task_id == Task.id, assignments.visible_to(sight))
        .correlate(Task)
        .scalar_subquery()
    )
