"""The bureau puts a plan into force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.kit import audit, clock, errors, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.activations import queries, rules
from services.tasks_api.activations.rules import Duty
from services.tasks_api.assignments import rules as assignments
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications.rules import STAFF, Kind, Message
from services.tasks_api.plan_contents import queries as contents
from services.tasks_api.plans import queries as plans
from services.tasks_api.plans import rules as plan_rules
from services.tasks_api.plans.tables import Plan

Row = Mapping[str, Any]


class Giver(NamedTuple):
    """Who gives a part of an assignment on: the assignment, and its unit; the bureau gives without either."""

    assignment_id: UUID | None = None
    unit_id: UUID | None = None


NOBODY: Final = Giver()


async def activate(session: Session, who: Principal, plan_id: UUID, version: int, now: datetime) -> None:
    """Fixes the members of the groups and issues an assignment for each duty, all in one transaction.

    Raises NotFound, Stale, NotDraft, UnknownParties and DatesOutside (every one named).
    """
    plan = await plans.one_for_update(session, who, plan_id, version)
    errors.raise_if(plan_rules.why_not_edit(plan))
    tasks = await queries.planned_tasks(session, plan_id)
    groups = await queries.groups_in_period(session, plan)
    errors.raise_if(rules.why_not_issue(tasks, groups))
    errors.raise_if(rules.why_not_dates(tasks, plan.period_start, plan.period_end))
    years = rules.years_of(plan.period_start, plan.period_end)
    through = await queries.is_through(session, plan, clock.local_day(now))
    issued = [_assignment(plan, duty, now) for duty in rules.duties(tasks, groups, years, through=through)]
    used = {party.group_key for task in tasks for party in task.parties if party.group_key is not None}
    snapshot = [{"plan_id": plan.id, "group_key": key, "unit_id": unit} for key in sorted(used) for unit in groups[key]]
    plan.state, plan.activated_at = plan_rules.State.ACTIVE, now
    await session.flush()
    await queries.write(session, snapshot, issued, [_move(row, who, now) for row in issued])
    await contents.keep(session, who, plan, 1, None, {"issued": len(issued)}, now)
    _tell(session, who, plan, issued)
    await inbox.send(session, _messages(plan, issued), now)


async def issue(
    session: Session, who: Principal, plan: Plan, duties: Iterable[Duty], now: datetime, *, given_by: Giver = NOBODY
) -> list[Row]:
    """Issues assignments of a plan in force, each with its own audit row: parts that are given on, or added later."""
    issued = [_assignment(plan, duty, now, given_by) for duty in duties]
    await queries.write(session, [], issued, [_move(row, who, now) for row in issued])
    for row in issued:
        after = {name: row[name] for name in ("task_id", "role", "year", "due_on", "parent_id")}
        audit.record(session, who, "assignment.issued", "assignment", row["id"], plan.district_id, row["unit_id"], after=after)
        _tell_unit(session, plan, row)
    await inbox.send(session, _messages(plan, issued), now)
    return issued


def _messages(plan: Plan, issued: Iterable[Row]) -> list[Message]:
    """One message to each unit, however many assignments it was given."""
    counts = Counter(row["unit_id"] for row in issued)
    return [
        Message(
            kind=Kind.ASSIGNED,
            district_id=plan.district_id,
            unit_id=unit_id,
            roles=STAFF,
            title=f"新交办任务 {count} 项，请签收",
            text=f"《{plan.title}》下达任务交办 {count} 项。",
            object_type="plan",
            object_id=plan.id,
            data={"count": count},
        )
        for unit_id, count in counts.items()
    ]


def _assignment(plan: Plan, duty: Duty, now: datetime, given_by: Giver = NOBODY) -> Row:
    return {
        "id": ids.new_id(),
        "district_id": plan.district_id,
        "plan_id": plan.id,
        "task_id": duty.task_id,
        "unit_id": duty.unit_id,
        "role": duty.role,
        "year": duty.occurrence.year,
        "original_due_on": duty.occurrence.due_on,
        "due_on": duty.occurrence.due_on,
        "state": assignments.State.ISSUED,
        "suspended_days": 0,
        "parent_id": given_by.assignment_id,
        "issuer_unit_id": given_by.unit_id,
        "held_since": clock.local_day(now),
        "watch_on": clock.local_day(now),
        "ladder": 1,
        "version": 1,
        "created_at": now,
    }


def _move(row: Row, who: Principal, now: datetime) -> Row:
    return {
        "assignment_id": row["id"],
        "version": row["version"],
        "verb": assignments.ISSUE,
        "state_after": row["state"],
        "unit_id": row["unit_id"],
        "due_on": row["due_on"],
        "actor_id": who.account_id,
        "actor_name": who.name,
        "recorded_at": now,
    }


def _tell(session: Session, who: Principal, plan: Plan, issued: Iterable[Row]) -> None:
    """One audit row for the one act; a message for the plan, and one for each assignment to the unit that owes it."""
    rows = list(issued)
    after = {"state": plan.state, "assignments": len(rows)}
    audit.record(
        session, who, "plan.activated", "plan", plan.id, plan.district_id, before={"state": plan_rules.State.DRAFT}, after=after
    )
    outbox.publish(session, "plan.activated", "plan", plan.id, plan.version, access.PLANS_READ, plan.district_id)
    for row in rows:
        _tell_unit(session, plan, row)


def _tell_unit(session: Session, plan: Plan, row: Row) -> None:
    outbox.publish(
        session,
        "assignment.issued",
        "assignment",
        row["id"],
        row["version"],
        access.ASSIGNMENTS_READ,
        plan.district_id,
        row["unit_id"],
        data={"task_id": row["task_id"], "plan_id": plan.id, "state": row["state"]},
    )
