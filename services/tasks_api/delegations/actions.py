"""Giving parts of a task on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.kit import clock, errors, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal, Scope
from services.tasks_api import access
from services.tasks_api.activations import actions as activations
from services.tasks_api.activations import queries as planned
from services.tasks_api.activations import rules as duties
from services.tasks_api.activations.actions import NOBODY, Giver
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.delegations import queries, rules
from services.tasks_api.plans import queries as plan_queries
from services.tasks_api.plans import rules as plan_rules
from services.tasks_api.plans.tables import Plan
from services.tasks_api.tasks import actions as task_actions
from services.tasks_api.tasks import queries as tasks
from services.tasks_api.tasks.rules import Shape
from services.tasks_api.tasks.schemas import DeadlineIn, SubtaskIn
from services.tasks_api.tasks.tables import Task


async def add(session: Session, who: Principal, task_id: UUID, wanted: SubtaskIn, now: datetime) -> Task:
    """Adds a part to a task. In a plan in force it is owed at once: by whoever it names, or as part of an assignment.

    Raises NotFound, PlanClosed, Ended, Forbidden, AssignmentNeeded, NotRunning, UnknownParties, Duplicate (number), BadInput.
    """
    parent = await tasks.one_for_update(session, _reader(who), task_id)
    plan = await plan_queries.of_task(session, parent.plan_id)
    raise_if(plan_rules.why_not_extend(plan))
    raise_if(rules.why_not_add(parent.ended_at))
    if wanted.assignment_id is not None:
        return await _split(session, who, plan, parent, wanted, now)
    if Scope.DISTRICT not in who.scopes:
        raise rules.AssignmentNeeded(errors.Fault("/body/assignment_id", "missing"))
    part = await task_actions.add_subtask(session, who, parent, wanted, now)
    if plan.state == plan_rules.State.ACTIVE:
        await _issue(session, who, plan, part, now, NOBODY)
    return part


def _reader(who: Principal) -> Principal:
    """The same caller with the sight everybody has of tasks."""
    return access.TASKS_READ.admit(who)


async def _split(session: Session, who: Principal, plan: Plan, parent: Task, wanted: SubtaskIn, now: datetime) -> Task:
    """A part of one unit's assignment, given to units below it by its leader or by the bureau."""
    assert wanted.assignment_id is not None
    whole = await assignments.one_for_report(session, access.ASSIGNMENTS_READ.admit(who), wanted.assignment_id)
    if whole.task_id != parent.id:
        raise errors.BadInput(errors.Fault("/body/assignment_id", "not_found"))
    await _demand_own(session, who, whole)
    raise_if(rules.why_not_split(whole))
    below = await queries.units_below(session, whole.unit_id)
    faults = rules.party_faults(wanted.leads, "/body/leads", below)
    faults += rules.party_faults(wanted.responsibles, "/body/responsibles", below)
    faults += rules.deadline_faults(wanted.deadlines, whole.due_on, "/body/deadlines")
    if not wanted.responsibles and not wanted.leads:
        faults.append(errors.Fault("/body/responsibles", "missing"))
    if faults:
        raise errors.BadInput(*faults)
    part = await task_actions.add_subtask(session, who, parent, _due_with(wanted, whole), now)
    await _issue(session, who, plan, part, now, Giver(whole.id, whole.unit_id))
    return part


async def _demand_own(session: Session, who: Principal, whole: Assignment) -> None:
    if Scope.DISTRICT not in who.scopes:
        unit = await references.unit(session, whole.unit_id)
        if not rights.covers(who, unit.path):
            raise errors.Forbidden


def _due_with(wanted: SubtaskIn, whole: Assignment) -> SubtaskIn:
    """Without deadlines of its own a part is due with the whole."""
    if wanted.deadlines or whole.due_on is None:
        return wanted
    return wanted.model_copy(update={"deadlines": [DeadlineIn(shape=Shape.FIXED, due_on=whole.due_on)]})


async def _issue(session: Session, who: Principal, plan: Plan, part: Task, now: datetime, giver: Giver) -> None:
    task = await planned.planned_task(session, part)
    groups = await planned.groups_in_period(session, plan)
    raise_if(duties.why_not_issue([task], groups))
    years = duties.years_of(plan.period_start, plan.period_end)
    through = await planned.is_through(session, plan, clock.local_day(now))
    await activations.issue(session, who, plan, duties.duties([task], groups, years, through=through), now, given_by=giver)
