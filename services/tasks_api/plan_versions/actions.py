"""The bureau changes a plan in force: one act, one version, nothing that was recorded is lost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kit import audit, clock, errors, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.activations import actions as activations
from services.tasks_api.activations import queries as planned
from services.tasks_api.activations import rules as duties
from services.tasks_api.assignments import actions as assignments
from services.tasks_api.assignments.rules import RUNNING, State
from services.tasks_api.plan_contents import queries as contents
from services.tasks_api.plan_versions import queries, rules
from services.tasks_api.plan_versions.schemas import PlanVersionIn
from services.tasks_api.plans import queries as plans
from services.tasks_api.plans import rules as plan_rules
from services.tasks_api.plans.tables import Plan
from services.tasks_api.tasks import actions as task_actions
from services.tasks_api.tasks.schemas import TaskIn
from services.tasks_api.tasks.tables import Task

OBJECT = "plan"


@dataclass(slots=True)
class Change:
    """A change under way."""

    session: Session
    who: Principal
    plan: Plan
    reason: str
    now: datetime
    groups: duties.Groups = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def today(self) -> date:
        """The day of the change in Shanghai."""
        return clock.local_day(self.now)


async def revise(session: Session, who: Principal, plan_id: UUID, version: int, wanted: PlanVersionIn, now: datetime) -> int:
    """Makes the plan what is sent and settles its assignments; the number of the new version.

    Tasks that are as before keep everything. Changed ones go on, with another date where the plan asks for one. What is asked
    for no more ends, what is new is issued. Raises NotFound, Stale, NotActive, NothingChanged, UnknownParties, DatesOutside,
    BadInput (every fault of every task).
    """
    await queries.lock(session, plan_id)
    plan = await plans.one_for_update(session, who, plan_id, version)
    raise_if(plan_rules.why_not_work(plan))
    change = Change(session, who, plan, wanted.reason, now)
    tasks = await _wanted_tasks(change, wanted)
    before, head = await contents.content(session, plan_id), _head(plan)
    after = [task.model_dump(mode="json") for task in tasks]
    found = rules.compare(before, after)
    _set_head(plan, wanted)
    moved_head = _head(plan) != head
    if not found and not moved_head:
        raise rules.NothingChanged
    _demand_future(change, before, after)
    plans.touch(plan)
    number = await _first(change, before)
    await _apply(change, found, rules.by_key(after), {(task.kind, task.number): task for task in tasks}, moved_head)
    await contents.keep(session, who, plan, number + 1, wanted.reason, dict(change.counts), now)
    _tell(change, number + 1)
    return number + 1


async def _wanted_tasks(change: Change, wanted: PlanVersionIn) -> Sequence[TaskIn]:
    if (wanted.tasks is None) == (wanted.draft_id is None):
        raise errors.BadInput(errors.Fault("/body/tasks", "missing" if wanted.tasks is None else "not_allowed"))
    if wanted.tasks is not None:
        await task_actions.demand_sound_all(change.session, change.plan, wanted.tasks)
        return wanted.tasks
    assert wanted.draft_id is not None
    draft = await plans.draft_of(change.session, change.who, wanted.draft_id)
    return [_task_in(each) for each in await contents.content(change.session, draft.id)]


def _task_in(told: Mapping[str, Any]) -> TaskIn:
    """A task as read, as it would be sent."""
    sent = {name: told[name] for name in TaskIn.model_fields if name in told}
    for name in ("leads", "responsibles"):
        sent[name] = [{part: value for part, value in party.items() if part != "name"} for party in told[name]]
    return TaskIn.model_validate_json(json.dumps(sent))


def _head(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in contents.HEAD}


def _set_head(plan: Plan, wanted: PlanVersionIn) -> None:
    for name in ("title", "document_no", "issued_on", "period_end"):
        if (value := getattr(wanted, name)) is not None:
            setattr(plan, name, value)
    raise_if(plan_rules.why_not_period(plan.period_start, plan.period_end))


def _demand_future(change: Change, before: Sequence[rules.Facts], after: Sequence[rules.Facts]) -> None:
    known = rules.by_key(before)
    faults = [
        fault
        for place, task in enumerate(after)
        for fault in rules.past_days(known.get((task["kind"], task["number"])), task, change.today, f"/body/tasks/{place}")
    ]
    if faults:
        raise errors.BadInput(*faults)


async def _first(change: Change, before: Sequence[rules.Facts]) -> int:
    """The number of the version there is; a plan without one gets it first, as it has stood since it was activated."""
    number = await contents.last_number(change.session, change.plan.id)
    if number == 0 and before:
        assert change.plan.activated_at is not None
        await contents.keep(change.session, change.who, change.plan, 1, None, {}, change.plan.activated_at)
    return max(number, 1)


async def _apply(
    change: Change,
    found: Sequence[rules.Difference],
    facts: Mapping[rules.Key, rules.Facts],
    sent: Mapping[rules.Key, TaskIn],
    moved_head: bool,
) -> None:
    session, plan = change.session, change.plan
    rows = await queries.tasks_of(session, plan.id)
    touched: list[Task] = []
    for each in found:
        change.counts[each.change] += 1
        if each.change == "ended":
            await _end(change, rows[each.key])
        elif each.change == "changed":
            await task_actions.rewrite(session, rows[each.key], sent[each.key])
            touched.append(rows[each.key])
    added = [sent[each.key] for each in found if each.change == "added"]
    touched += await task_actions.add_rows(session, plan, added, change.now)
    if moved_head:
        # Another end of the plan has other years for every task that is due in each of them.
        touched = [*touched, *(row for key, row in rows.items() if key in facts and row not in touched)]
    await session.flush()
    await _settle(change, touched)


async def _settle(change: Change, touched: Sequence[Task]) -> None:
    session, plan = change.session, change.plan
    asked = [await planned.planned_task(session, task) for task in touched]
    change.groups = await planned.fixed_groups(session, plan)
    raise_if(duties.why_not_issue(asked, change.groups))
    raise_if(duties.why_not_dates(asked, plan.period_start, plan.period_end))
    await planned.fix_groups(session, plan, asked, change.groups)
    years = duties.years_of(plan.period_start, plan.period_end)
    through = await planned.is_through(session, plan, change.today)
    issue: list[duties.Duty] = []
    for task in asked:
        wanted = list(duties.duties([task], change.groups, years, through=through))
        found = rules.settle(await queries.issued(session, task.id), wanted, change.today)
        issue += found.issue
        await _carry_on(change, found)
    await activations.issue(session, change.who, plan, issue, change.now)
    change.counts["issued"] += len(issue)


async def _carry_on(change: Change, found: rules.Settlement) -> None:
    session, who, reason, now = change.session, change.who, change.reason, change.now
    for row in found.end:
        await assignments.end_by_plan(session, who, row, reason, now)
    for row, day in found.move:
        await assignments.replan(session, who, row, day, reason, now)
        for part in await queries.parts_due_after(session, row) if row.due_on is not None else ():
            if part.state in (*RUNNING, State.SUSPENDED):
                await assignments.replan(session, who, part, day, reason, now)
    change.counts["voided"] += len(found.end)
    change.counts["moved"] += len(found.move)


async def _end(change: Change, task: Task) -> None:
    """The plan asks for a task no more, nor for its parts."""
    for each in (task, *await queries.parts_of(change.session, task.id)):
        each.ended_at = change.now
        found = rules.settle(await queries.issued(change.session, each.id), (), change.today)
        await _carry_on(change, found)


def _tell(change: Change, number: int) -> None:
    plan = change.plan
    after = {"number": number} | dict(change.counts)
    place = (plan.id, plan.district_id)
    audit.record(change.session, change.who, "plan.revised", OBJECT, *place, after=after, reason=change.reason)
    message = ("plan.revised", OBJECT, plan.id, plan.version, access.PLANS_READ, plan.district_id)
    outbox.publish(change.session, *message, data={"number": number})
