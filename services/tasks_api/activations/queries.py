"""What activation reads and writes in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, distinct, func, insert, literal, or_, select
from sqlalchemy.dialects import postgresql

from services.kit import answers
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.references import unit_group_members as members
from services.tasks_api.activations.rules import PlannedTask
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.plans import queries as plans
from services.tasks_api.plans.tables import Plan, PlanGroupMember
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import TimeWords
from services.tasks_api.tasks.tables import Task, TaskDeadline, TaskParty

BODY = answers.json_object(
    {
        "id": Plan.id,
        "title": Plan.title,
        "state": Plan.state,
        "period_start": Plan.period_start,
        "period_end": Plan.period_end,
        "activated_at": answers.moment(Plan.activated_at),
        "assignments_issued": select(func.count()).where(Assignment.plan_id == Plan.id).scalar_subquery(),
        "units": select(func.count(distinct(Assignment.unit_id))).where(Assignment.plan_id == Plan.id).scalar_subquery(),
        "group_members": select(func.count()).where(PlanGroupMember.plan_id == Plan.id).scalar_subquery(),
        "version": Plan.version,
    }
)


async def planned_tasks(session: Session, plan_id: UUID) -> list[PlannedTask]:
    """The tasks of a plan with their parties and deadlines, in printed order; three statements."""
    tasks = (await session.execute(select(Task).where(Task.plan_id == plan_id).order_by(Task.kind, Task.number))).scalars().all()
    parties: defaultdict[UUID, list[TaskParty]] = defaultdict(list)
    deadlines: defaultdict[UUID, list[TaskDeadline]] = defaultdict(list)
    ours = select(Task.id).where(Task.plan_id == plan_id)
    named = select(TaskParty).where(TaskParty.task_id.in_(ours)).order_by(TaskParty.role, TaskParty.position)
    for party in (await session.execute(named)).scalars():
        parties[party.task_id].append(party)
    for deadline in (await session.execute(select(TaskDeadline).where(TaskDeadline.task_id.in_(ours)))).scalars():
        deadlines[deadline.task_id].append(deadline)
    return [PlannedTask(task.id, task.kind, task.number, parties[task.id], deadlines[task.id]) for task in tasks]


async def planned_task(session: Session, task: Task) -> PlannedTask:
    """One task with its parties and deadlines."""
    named = select(TaskParty).where(TaskParty.task_id == task.id).order_by(TaskParty.role, TaskParty.position)
    parties = (await session.execute(named)).scalars().all()
    deadlines = (await session.execute(select(TaskDeadline).where(TaskDeadline.task_id == task.id))).scalars().all()
    return PlannedTask(task.id, task.kind, task.number, parties, deadlines)


async def is_through(session: Session, plan: Plan, today: date) -> bool:
    """Whether "every year before 2025" (2025年前，每年) is read as 2025 included, by the setting of the day."""
    words = await settings.value_of(session, TimeWords, plan.district_id, today)
    return words.before_year_yearly == "through_year"


async def groups_in_period(session: Session, plan: Plan) -> Mapping[str, Sequence[UUID]]:
    """Members of the district's groups whose membership overlaps the plan's period, by key of the group."""
    start, end = literal(plan.period_start, Date), literal(plan.period_end, Date)
    valid = [
        or_(members.c.valid_from.is_(None), members.c.valid_from <= end),
        or_(members.c.valid_to.is_(None), members.c.valid_to >= start),
    ]
    wanted = select(members.c.key, members.c.unit_id).where(members.c.district_id == plan.district_id, *valid).distinct()
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    for key, unit_id in (await session.execute(wanted.order_by(members.c.key, members.c.unit_id))).all():
        found[key].append(unit_id)
    return found


async def fixed_groups(session: Session, plan: Plan) -> Mapping[str, Sequence[UUID]]:
    """Members of groups as they were fixed for a plan in force, and of groups it did not name so far as they stand now."""
    fixed: defaultdict[str, list[UUID]] = defaultdict(list)
    wanted = select(PlanGroupMember.group_key, PlanGroupMember.unit_id).where(PlanGroupMember.plan_id == plan.id)
    for key, unit_id in (await session.execute(wanted.order_by(PlanGroupMember.group_key, PlanGroupMember.unit_id))).all():
        fixed[key].append(unit_id)
    return {**await groups_in_period(session, plan), **fixed}


async def fix_groups(session: Session, plan: Plan, tasks: Sequence[PlannedTask], groups: Mapping[str, Sequence[UUID]]) -> None:
    """Fixes the members of groups that these tasks name and the plan did not name so far."""
    used = {party.group_key for task in tasks for party in task.parties if party.group_key is not None}
    rows = [{"plan_id": plan.id, "group_key": key, "unit_id": unit} for key in sorted(used) for unit in groups[key]]
    if rows:
        await session.execute(postgresql.insert(PlanGroupMember).on_conflict_do_nothing(), rows)


async def write(
    session: Session,
    snapshot: Sequence[Mapping[str, Any]],
    assignments: Sequence[Mapping[str, Any]],
    moves: Sequence[Mapping[str, Any]],
) -> None:
    """Writes the snapshot of the groups, the assignments, and the move that issued each."""
    for table, rows in ((PlanGroupMember, snapshot), (Assignment, assignments), (AssignmentMove, moves)):
        if rows:
            await session.execute(insert(table), [dict(row) for row in rows])


async def one(session: Session, who: Principal, plan_id: UUID) -> answers.One:
    """The plan as activated."""
    return await answers.read_one(session, select(BODY, Plan.version).where(Plan.id == plan_id, plans.visible_to(who)))
