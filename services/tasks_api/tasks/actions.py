"""What the bureau does with the tasks of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from services.kit import errors, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.plans import queries as plan_queries
from services.tasks_api.plans import rules as plan_rules
from services.tasks_api.plans.tables import Plan
from services.tasks_api.tasks import queries, rules
from services.tasks_api.tasks.schemas import DeadlineIn, PartyIn, SubtaskIn, TaskChange, TaskIn
from services.tasks_api.tasks.tables import Task

OBJECT = "task"
_tell: Final = Trail(OBJECT, access.TASKS_READ, unit=None).tell


async def add_all(session: Session, plan: Plan, wanted: Sequence[TaskIn], now: datetime, pointer: str = "/body/tasks") -> None:
    """Adds the tasks of a new plan. Raises BadInput naming every fault of every task."""
    await demand_sound_all(session, plan, wanted, pointer)
    await add_rows(session, plan, wanted, now)


async def demand_sound_all(session: Session, plan: Plan, wanted: Sequence[TaskIn], pointer: str = "/body/tasks") -> None:
    """Raises BadInput naming every fault of every task of a plan."""
    known = await queries.known_names(session, plan.district_id)
    faults = [fault for place, task in enumerate(wanted) for fault in _faults(task, f"{pointer}/{place}", known)]
    faults += _repeated(wanted, pointer)
    if faults:
        raise errors.BadInput(*faults)


async def add_rows(session: Session, plan: Plan, wanted: Sequence[TaskIn], now: datetime) -> list[Task]:
    """Writes tasks found sound."""
    tasks = [_row(plan, task, now) for task in wanted]
    session.add_all(tasks)
    await session.flush()
    for row, task in zip(tasks, wanted, strict=True):
        session.add_all(queries.party_rows(row.id, rules.Role.LEAD, task.leads))
        session.add_all(queries.party_rows(row.id, rules.Role.RESPONSIBLE, task.responsibles))
        session.add_all(queries.deadline_rows(row.id, task.deadlines))
    await session.flush()
    return tasks


async def rewrite(session: Session, task: Task, wanted: TaskIn) -> None:
    """Makes a locked task what a new version of its plan says."""
    for name, value in wanted.model_dump(exclude={"kind", "number", "leads", "responsibles", "deadlines"}).items():
        setattr(task, name, value)
    await queries.replace_parties(session, task.id, rules.Role.LEAD, wanted.leads)
    await queries.replace_parties(session, task.id, rules.Role.RESPONSIBLE, wanted.responsibles)
    await queries.replace_deadlines(session, task.id, wanted.deadlines)
    queries.touch(task)
    await session.flush()


async def change(session: Session, who: Principal, task_id: UUID, version: int, wanted: TaskChange) -> Task:
    """Changes a task of a draft plan. Raises NotFound, Stale, NotDraft, BadInput."""
    task = await queries.one_for_update(session, who, task_id, version)
    raise_if(plan_rules.why_not_edit(await plan_queries.of_task(session, task.plan_id)))
    await _demand_sound(session, task.district_id, wanted.leads, wanted.responsibles, wanted.deadlines)
    for name in ("title", "summary"):
        if name in wanted.model_fields_set:
            setattr(task, name, getattr(wanted, name) or getattr(task, name))
    await _replace_lists(session, task, wanted)
    # The lists are rows of their own, yet part of what the version stands for.
    queries.touch(task)
    await session.flush()
    _tell(session, who, task, "changed", after=wanted.model_dump(mode="json", exclude_unset=True))
    return task


async def add_subtask(session: Session, who: Principal, parent: Task, wanted: SubtaskIn, now: datetime) -> Task:
    """Adds a part to a locked task, numbered behind the others unless it says its number. Raises Duplicate (number), BadInput."""
    await _demand_sound(session, parent.district_id, wanted.leads, wanted.responsibles, wanted.deadlines)
    number = wanted.number or await queries.next_number(session, parent.id)
    row = Task(
        id=ids.new_id(), plan_id=parent.plan_id, district_id=parent.district_id, parent_id=parent.id, kind=rules.Kind.SUBTASK,
        number=number, place=rules.place_of(rules.Kind.SUBTASK, number, parent.place), title=wanted.title,
        summary=wanted.summary, quantities=[], time_words=[], created_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    session.add_all(queries.party_rows(row.id, rules.Role.LEAD, wanted.leads))
    session.add_all(queries.party_rows(row.id, rules.Role.RESPONSIBLE, wanted.responsibles))
    session.add_all(queries.deadline_rows(row.id, wanted.deadlines))
    await session.flush()
    _tell(session, who, row, "added", after=wanted.model_dump(mode="json"))
    return row


async def _demand_sound(
    session: Session,
    district_id: UUID,
    leads: Sequence[PartyIn] | None,
    responsibles: Sequence[PartyIn] | None,
    deadlines: Sequence[DeadlineIn] | None,
) -> None:
    known = await queries.known_names(session, district_id)
    faults = [
        *rules.party_faults(leads or (), "/body/leads", *known),
        *rules.party_faults(responsibles or (), "/body/responsibles", *known),
        *rules.deadline_faults(deadlines or (), "/body/deadlines"),
    ]
    if faults:
        raise errors.BadInput(*faults)


async def _replace_lists(session: Session, task: Task, wanted: TaskChange) -> None:
    if wanted.leads is not None:
        await queries.replace_parties(session, task.id, rules.Role.LEAD, wanted.leads)
    if wanted.responsibles is not None:
        await queries.replace_parties(session, task.id, rules.Role.RESPONSIBLE, wanted.responsibles)
    if wanted.deadlines is not None:
        await queries.replace_deadlines(session, task.id, wanted.deadlines)


def _faults(task: TaskIn, pointer: str, known: tuple[set[UUID], set[str]]) -> list[errors.Fault]:
    return [
        *rules.party_faults(task.leads, f"{pointer}/leads", *known),
        *rules.party_faults(task.responsibles, f"{pointer}/responsibles", *known),
        *rules.deadline_faults(task.deadlines, f"{pointer}/deadlines"),
    ]


def _repeated(wanted: Sequence[TaskIn], pointer: str) -> list[errors.Fault]:
    seen: set[tuple[str, int]] = set()
    faults: list[errors.Fault] = []
    for place, task in enumerate(wanted):
        if (task.kind, task.number) in seen:
            faults.append(errors.Fault(f"{pointer}/{place}/number", "repeated"))
        seen.add((task.kind, task.number))
    return faults


def _row(plan: Plan, task: TaskIn, now: datetime) -> Task:
    given = task.model_dump(exclude={"leads", "responsibles", "deadlines"})
    place = rules.place_of(task.kind, task.number)
    return Task(id=ids.new_id(), plan_id=plan.id, district_id=plan.district_id, place=place, created_at=now, **given)
