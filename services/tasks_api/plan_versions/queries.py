"""Reads of versions, and the rows a change is made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, select

from services.kit import answers, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.plan_contents.tables import PlanVersion
from services.tasks_api.plan_versions import rules
from services.tasks_api.plan_versions.rules import Issued
from services.tasks_api.tasks.rules import Kind
from services.tasks_api.tasks.tables import Task

BRIEF: Final = {
    "plan_id": PlanVersion.plan_id,
    "number": PlanVersion.number,
    "reason": PlanVersion.reason,
    "head": PlanVersion.head,
    "counts": PlanVersion.counts,
    "made_by_name": PlanVersion.made_by_name,
    "recorded_at": answers.moment(PlanVersion.recorded_at),
}


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of versions: they are as public in the district as the plan."""
    return visibility.within(who, district=PlanVersion.district_id)


VERSIONS: Final = reads.Listing(
    body=answers.json_object(BRIEF),
    visible_to=visible_to,
    orders={"-number": pagination.Order((PlanVersion.number, PlanVersion.plan_id))},
    filters={"plan_id": reads.equals(PlanVersion.plan_id)},
)


async def one(connection: Reader | Session, who: Principal, plan_id: UUID, number: int) -> answers.One:
    """One version with its tasks; it never changes. NotFound."""
    body = answers.json_object(BRIEF | {"tasks": PlanVersion.content})
    wanted = (PlanVersion.plan_id == plan_id, PlanVersion.number == number, visible_to(who))
    return await answers.read_one(connection, select(body, PlanVersion.number).where(*wanted))


async def contents(read: Reader, who: Principal, plan_id: UUID, numbers: Sequence[int]) -> list[PlanVersion]:
    """These versions, by number; NoVersion when one is missing."""
    columns = (PlanVersion.number, PlanVersion.head, PlanVersion.content)
    found = select(*columns).where(PlanVersion.plan_id == plan_id, PlanVersion.number.in_(numbers), visible_to(who))
    rows: list[Any] = list((await read.execute(found.order_by(PlanVersion.number))).all())
    if len(rows) != len(set(numbers)):
        raise rules.NoVersion
    return rows


# ---------------------------------------------------------------------------------------------- what a change is made from
async def lock(session: Session, plan_id: UUID) -> None:
    """Locks tasks, then assignments: whoever moves one of them is through before the plan itself is locked."""
    await session.execute(select(Task.id).where(Task.plan_id == plan_id).order_by(Task.id).with_for_update())
    await session.execute(select(Assignment.id).where(Assignment.plan_id == plan_id).order_by(Assignment.id).with_for_update())


async def tasks_of(session: Session, plan_id: UUID) -> dict[rules.Key, Task]:
    """Tasks and requirements the plan asks for, by kind and number."""
    asked = (Task.plan_id == plan_id, Task.ended_at.is_(None), Task.kind != Kind.SUBTASK)
    found = (await session.execute(select(Task).where(*asked).order_by(Task.place))).scalars()
    return {(task.kind, task.number): task for task in found}


async def issued(session: Session, task_id: UUID) -> list[Issued]:
    """Assignments of a task that are nobody's part, each with the unit it was issued to."""
    found = (
        select(Assignment, AssignmentMove.unit_id)
        .join(AssignmentMove, (AssignmentMove.assignment_id == Assignment.id) & (AssignmentMove.version == 1))
        .where(Assignment.task_id == task_id, Assignment.parent_id.is_(None))
        .order_by(Assignment.id)
    )
    return [Issued(row, unit_id) for row, unit_id in (await session.execute(found)).all()]


async def parts_of(session: Session, task_id: UUID) -> list[Task]:
    """Parts of a task, and theirs, that have not ended."""
    below = select(Task.id).where(Task.parent_id == task_id).cte("below", recursive=True)
    below = below.union_all(select(Task.id).join(below, Task.parent_id == below.c.id))
    found = select(Task).where(Task.id.in_(select(below.c.id)), Task.ended_at.is_(None)).order_by(Task.id)
    return list((await session.execute(found)).scalars())


async def parts_due_after(session: Session, assignment: Assignment) -> list[Assignment]:
    """Parts given on of an assignment that are due later than it is."""
    late = (Assignment.parent_id == assignment.id, Assignment.due_on > cast(assignment.due_on, Date))
    return list((await session.execute(select(Assignment).where(*late).order_by(Assignment.id))).scalars())
