"""Reads of escalations, and what the sweep looks at and leaves behind."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit import answers, db, errors, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api import access, working_days
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments import rules as assignment_rules
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.escalation_rules import queries as ladders
from services.tasks_api.escalation_rules.tables import EscalationRule
from services.tasks_api.escalations.rules import ladder
from services.tasks_api.escalations.rules.ladder import Coming, Days
from services.tasks_api.escalations.rules.turns import Due, Waiting
from services.tasks_api.escalations.tables import Escalation
from services.tasks_api.notifications.rules import Kind
from services.tasks_api.notifications.tables import Notification
from services.tasks_api.plans.rules import State as PlanState
from services.tasks_api.plans.tables import Plan

BODY: Final = answers.json_object(
    {
        "id": Escalation.id,
        "subject_type": Escalation.subject_type,
        "subject_id": Escalation.subject_id,
        "assignment_id": Escalation.assignment_id,
        "district_id": Escalation.district_id,
        "plan_id": Escalation.plan_id,
        "task_id": Escalation.task_id,
        "unit_id": Escalation.unit_id,
        "step": Escalation.step,
        "occurrence": Escalation.occurrence,
        "action": Escalation.action,
        "audience": Escalation.audience,
        "base_on": Escalation.base_on,
        "due_for": Escalation.due_for,
        "fired_on": Escalation.fired_on,
        "rule_id": Escalation.rule_id,
        "notice_id": Escalation.notice_id,
        "recorded_at": answers.moment(Escalation.recorded_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of escalations: a step stays with the unit it was taken for."""
    return visibility.within(who, district=Escalation.district_id, unit=Escalation.unit_id)


ESCALATIONS: Final = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-recorded_at": pagination.Order((Escalation.recorded_at, Escalation.id))},
    filters={
        "assignment_id": reads.equals(Escalation.assignment_id),
        "subject_type": reads.equals(Escalation.subject_type),
        "subject_id": reads.equals(Escalation.subject_id),
        "unit_id": reads.equals(Escalation.unit_id),
        "plan_id": reads.equals(Escalation.plan_id),
        "step": reads.equals(Escalation.step),
    },
)


async def ladder_of(read: Reader, who: Principal, assignment_id: UUID, today: date) -> str:
    """Steps taken for an assignment and those to come, as JSON text; NotFound when the caller may not see it."""
    sight = access.ASSIGNMENTS_READ.admit(who)
    wanted = select(*Assignment.__table__.c).where(Assignment.id == assignment_id, assignments.visible_to(sight))
    row = (await read.execute(wanted)).one_or_none()
    if row is None:
        raise errors.NotFound
    steps = await ladders.ladder(read, row.district_id, today)
    past = (Escalation.subject_id == assignment_id, Escalation.ladder == row.ladder)
    last = select(Escalation.step, func.max(Escalation.occurrence).label("last")).where(*past).group_by(Escalation.step)
    taken = {known.step: known.last for known in (await read.execute(last)).all()}
    coming = ladder.upcoming(row, steps, taken, Days(await working_days.calendar(read)), today)
    found = select(cast(BODY, Text)).where(Escalation.subject_id == assignment_id, visible_to(who))
    told = (await read.execute(found.order_by(Escalation.recorded_at, Escalation.id).limit(500))).scalars()
    following = json.dumps([_coming(each) for each in coming])
    return f'{{"assignment_id":"{assignment_id}","taken":[{",".join(told)}],"next":{following}}}'


def _coming(each: Coming) -> dict[str, Any]:
    assert isinstance(each.rule, EscalationRule)
    told = {"step": each.rule.step, "occurrence": each.occurrence, "action": each.rule.action, "audience": each.rule.audience}
    return told | ({"due_for": each.due_for.isoformat()} if each.due_for else {})


# ---------------------------------------------------------------------------------------------- the sweep


def _is_due(today: date) -> ColumnElement[bool]:
    return Assignment.watch_on <= today


async def has_work(session: Session, today: date) -> bool:
    """Whether there is anything to look at."""
    return bool((await session.execute(select(exists().where(_is_due(today))))).scalar_one())


async def waiting(read: Reader, today: date) -> Sequence[Waiting]:
    """Units with assignments to look at; through the index of `watch_on`, which holds only what changed or falls due."""
    place = (Assignment.district_id, Assignment.unit_id)
    found = select(*place, func.count()).where(_is_due(today)).group_by(*place)
    return [Waiting._make(row) for row in (await read.execute(found)).all()]


async def take(session: Session, unit_ids: Sequence[UUID]) -> Sequence[UUID]:
    """The units that this sweep looks at now; another one passes them over until the transaction ends."""
    units_asked = func.unnest(bindparam("units", list(unit_ids), type_=ARRAY(Uuid))).column_valued("unit_id")
    lock = func.hashtextextended(literal("sweep ").concat(cast(units_asked, Text)), 350111)
    return (await session.execute(select(units_asked).where(func.pg_try_advisory_xact_lock(lock)))).scalars().all()


async def due(session: Session, unit_ids: Sequence[UUID], today: date, most: int) -> Sequence[Due]:
    """Assignments of these units to look at, locked; whoever is being moved at this moment is looked at next time."""
    row = Assignment
    owed = (row.id, row.district_id, row.plan_id, row.task_id, row.unit_id, row.due_on, row.held_since)
    found = select(*owed, row.state, row.ladder, row.version, Plan.state == PlanState.ACTIVE).join(Plan, Plan.id == row.plan_id)
    ours = row.unit_id == any_(bindparam("units", list(unit_ids), type_=ARRAY(Uuid)))
    found = found.where(_is_due(today), ours).order_by(row.unit_id, row.watch_on, row.id).limit(most)
    rows = (await session.execute(found.with_for_update(of=row, skip_locked=True))).all()
    return [Due._make(each) for each in rows]


class OnLadder(Protocol):
    """What is asked of something owed: which it is, and on which of its ladders."""

    @property
    def id(self) -> UUID: ...
    @property
    def ladder(self) -> int: ...


async def taken(session: Session, rows: Sequence[OnLadder]) -> Mapping[UUID, Mapping[str, int]]:
    """By what is owed and step the last occurrence taken on its present ladder."""
    keys = bindparam("keys", [row.id for row in rows], type_=ARRAY(Uuid))
    ladders = bindparam("ladders", [row.ladder for row in rows], type_=ARRAY(Integer))
    owed = func.unnest(keys, ladders).table_valued("key", "ladder", name="owed").render_derived()
    last = func.max(Escalation.occurrence)
    found = select(Escalation.subject_id, Escalation.step, last).group_by(Escalation.subject_id, Escalation.step)
    found = found.join(owed, (Escalation.subject_id == owed.c.key) & (Escalation.ladder == owed.c.ladder))
    known: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
    for key, step, occurrence in (await session.execute(found)).all():
        known[key][step] = occurrence
    return known


async def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes steps taken. The unique index is the last word on a step taken twice."""
    await db.copy_rows(session, Escalation.__table__, rows)


async def look_again(session: Session, when: Mapping[UUID, date | None]) -> None:
    """Notes when each assignment is to be looked at again; its version stays, so nobody's If-Match grows stale."""
    days = (
        func.unnest(bindparam("keys", list(when), type_=ARRAY(Uuid)), bindparam("days", list(when.values()), type_=ARRAY(Date)))
        .table_valued("key", "day", name="again")
        .render_derived()
    )
    statement = update(Assignment).where(Assignment.id == days.c.key).values(watch_on=days.c.day)
    await session.execute(statement, execution_options={"synchronize_session": False})


async def lead_units(session: Session, task_ids: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """By task the units that lead it."""
    found = select(Assignment.task_id, Assignment.unit_id).where(
        Assignment.task_id.in_(task_ids),
        Assignment.role == "lead",
        Assignment.state != assignment_rules.State.VOID,
    )
    leads: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for task_id, unit_id in (await session.execute(found.distinct())).all():
        leads[task_id].add(unit_id)
    return leads


async def unit_names(session: Session, unit_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Short names of units."""
    found = select(units.c.id, units.c.short_name).where(units.c.id.in_(unit_ids))
    return {row.id: row.short_name for row in (await session.execute(found)).all()}


async def is_sweeping(session: Session, service: str, kind: str, since: datetime) -> bool:
    """Whether a sweep asked for since then has not ended."""
    found = text(
        "SELECT EXISTS (SELECT 1 FROM kit.operations WHERE service = :service AND kind = :kind"
        " AND state IN ('queued', 'running') AND created_at > :since)"
    )
    return bool((await session.execute(found, {"service": service, "kind": kind, "since": since})).scalar_one())


async def alone(session: Session) -> bool:
    """Whether no other process asks for a sweep at this moment."""
    return bool((await session.execute(text("SELECT pg_try_advisory_xact_lock(350111, 40)"))).scalar_one())


# ---------------------------------------------------------------------------------------------- reminders by hand


async def reminders(session: Session, assignment_id: UUID) -> Sequence[datetime]:
    """When reminders for an assignment were sent by hand, the latest first; its row is locked."""
    found = select(Notification.recorded_at).where(
        Notification.object_id == assignment_id, Notification.kind == literal(Kind.REMINDER.value)
    )
    return (await session.execute(found.order_by(Notification.recorded_at.desc()))).scalars().all()
