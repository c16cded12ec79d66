"""Reads of tasks, and the rows they are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm.attributes import flag_modified

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.references import unit_groups, units
from services.tasks_api.tasks.rules import Role
from services.tasks_api.tasks.schemas import DeadlineIn, PartyIn
from services.tasks_api.tasks.tables import Task, TaskDeadline, TaskParty

EMPTY: ColumnElement[Any] = literal_column("'[]'::json")
PARTY = answers.json_object(
    {
        "as_written": TaskParty.as_written,
        "name": func.coalesce(units.c.name, TaskParty.as_written),
        "unit_id": TaskParty.unit_id,
        "group_key": TaskParty.group_key,
    }
)
DEADLINE = answers.json_object(
    {
        "shape": TaskDeadline.shape,
        "due_on": TaskDeadline.due_on,
        "window_start": TaskDeadline.window_start,
        "window_end": TaskDeadline.window_end,
        "times_per_year": TaskDeadline.times_per_year,
        "as_written": TaskDeadline.as_written,
        "assumed": TaskDeadline.assumed,
        "obligation_key": TaskDeadline.obligation_key,
    }
)


def _parties(role: Role) -> ColumnElement[Any]:
    return (
        select(func.coalesce(func.json_agg(aggregate_order_by(PARTY, TaskParty.position)), EMPTY))
        .select_from(TaskParty)
        .outerjoin(units, units.c.id == TaskParty.unit_id)
        .where(TaskParty.task_id == Task.id, TaskParty.role == role.value)
        .correlate(Task)
        .scalar_subquery()
    )


DEADLINES = (
    select(func.coalesce(func.json_agg(aggregate_order_by(DEADLINE, TaskDeadline.position)), EMPTY))
    .where(TaskDeadline.task_id == Task.id)
    .correlate(Task)
    .scalar_subquery()
)
BODY = answers.json_object(
    {
        "id": Task.id,
        "plan_id": Task.plan_id,
        "parent_id": Task.parent_id,
        "kind": Task.kind,
        "number": Task.number,
        "label": Task.label,
        "chapter_number": Task.chapter_number,
        "chapter_title": Task.chapter_title,
        "title": Task.title,
        "summary": Task.summary,
        "leads": _parties(Role.LEAD),
        "responsibles": _parties(Role.RESPONSIBLE),
        "deadlines": DEADLINES,
        "quantities": Task.quantities,
        "time_words": Task.time_words,
        "ended_at": answers.moment(Task.ended_at),
        "version": Task.version,
        "created_at": answers.moment(Task.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of tasks."""
    return visibility.within(who, district=Task.district_id)


TASKS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"number": pagination.Order((Task.number, Task.id), descending=False)},
    filters={
        "plan_id": reads.equals(Task.plan_id),
        "kind": reads.equals(Task.kind),
        "number": reads.equals(Task.number),
        "chapter_number": reads.equals(Task.chapter_number),
        "ended": reads.Filter(Boolean(), lambda ended: Task.ended_at.is_not(None) == ended),
    },
)
TASK = reads.Single(body=BODY, version=Task.version, key=Task.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, task_id: UUID, version: int | None = None) -> Task:
    """The row, locked; NotFound, Stale."""
    found = select(Task).where(Task.id == task_id, visible_to(who)).with_for_update()
    task = (await session.execute(found)).scalar_one_or_none()
    if task is None:
        raise errors.NotFound
    if version is not None:
        preconditions.expect(task.version, version)
    return task


async def next_number(session: Session, parent_id: UUID) -> int:
    """The number behind those of a task's parts; the task is locked."""
    found = select(func.coalesce(func.max(Task.number), 0) + 1).where(Task.parent_id == parent_id)
    return int((await session.execute(found)).scalar_one())


async def titles(session: Session, task_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Titles of tasks by id, with their numbers where they are numbered tasks of the plan."""
    found = select(Task.id, Task.number, Task.title, Task.kind).where(Task.id.in_(task_ids))
    rows = (await session.execute(found)).all()
    return {row.id: f"{row.number}. {row.title}" if row.kind == "task" else row.title for row in rows}


async def known_names(session: Session, district_id: UUID) -> tuple[set[UUID], set[str]]:
    """Ids of the district's units and keys of its groups."""
    unit_ids = (await session.execute(select(units.c.id).where(units.c.district_id == district_id))).scalars()
    keys = (await session.execute(select(unit_groups.c.key).where(unit_groups.c.district_id == district_id))).scalars()
    return set(unit_ids), set(keys)


async def replace_parties(session: Session, task_id: UUID, role: Role, parties: Sequence[PartyIn]) -> None:
    """Puts these parties in place of those of the role."""
    await session.execute(delete(TaskParty).where(TaskParty.task_id == task_id, TaskParty.role == role.value))
    session.add_all(party_rows(task_id, role, parties))


async def replace_deadlines(session: Session, task_id: UUID, deadlines: Sequence[DeadlineIn]) -> None:
    """Puts these deadlines in place of all there were."""
    await session.execute(delete(TaskDeadline).where(TaskDeadline.task_id == task_id))
    session.add_all(deadline_rows(task_id, deadlines))


def party_rows(task_id: UUID, role: Role, parties: Sequence[PartyIn]) -> list[TaskParty]:
    """Rows of the parties in their order."""
    return [
        TaskParty(task_id=task_id, role=role.value, position=place, **party.model_dump()) for place, party in enumerate(parties)
    ]


def deadline_rows(task_id: UUID, deadlines: Sequence[DeadlineIn]) -> list[TaskDeadline]:
    """Rows of the deadlines in their order."""
    return [TaskDeadline(task_id=task_id, position=place, **deadline.model_dump()) for place, deadline in enumerate(deadlines)]


def touch(task: Task) -> None:
    """Gives the row its next version though only its lists changed."""
    flag_modified(task, "title")


async def subtasks(
    read: Reader, who: Principal, task_id: UUID, wanted: pagination.PageQuery, start: pagination.Start | None
) -> pagination.Page:
    """Parts of a task, by number."""
    found = select(BODY).where(visible_to(who), Task.parent_id == task_id)
    return await pagination.read(read, found, pagination.Order((Task.number, Task.id), descending=False), wanted, start)
