"""The sweep: looks at what falls due, takes the steps of the ladder, keeps the lateness record. And reminders by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.kit import audit, clock, errors, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.assignments import actions as assignments
from services.tasks_api.assignments import queries as assignment_queries
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.escalation_rules import queries as ladders
from services.tasks_api.escalation_rules.rules import Action
from services.tasks_api.escalation_rules.tables import EscalationRule
from services.tasks_api.escalations import queries
from services.tasks_api.escalations.queries import Turn
from services.tasks_api.escalations.rules import ladder, reminding, wording
from services.tasks_api.escalations.rules.ladder import Days, Look, Step
from services.tasks_api.escalations.rules.wording import Hit
from services.tasks_api.escalations.schemas import RemindIn, RemindOut
from services.tasks_api.lateness import actions as lateness
from services.tasks_api.lateness import rules as lateness_rules
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Message
from services.tasks_api.supervision_notices import actions as notices
from services.tasks_api.supervision_notices.actions import Letter
from services.tasks_api.supervision_notices.rules import Kind
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import Reminders
from services.tasks_api.tasks import queries as tasks

# Who the sweep is in audit rows and histories.
SWEEPER: Final = Principal(UUID(int=0), "督办巡查", frozenset(), None, ())
# Rows of one transaction: few enough to hold locks shortly, many enough to be quick.
MOST: Final = 1000

Found = Mapping[UUID, tuple[Assignment, Look]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What one turn of the sweep did."""

    looked_at: int = 0
    steps: int = 0


async def sweep_unit(session: Session, turn: Turn, days: Days, now: datetime) -> Tally | None:
    """Looks at what falls due in one unit and takes the steps, in the caller's transaction. None when another sweep has it."""
    if not await queries.take_turn(session, turn.unit_id):
        return None
    today = clock.local_day(now)
    rows = await queries.candidates(session, turn.unit_id, today, MOST)
    found = await _looks(session, turn, rows, days, today)
    await lateness.note_many(
        session, SWEEPER, [assignments.owed(row) for row, look in found.values() if _is_late(row, today)], now
    )
    taken = await _take(session, turn, found, days, now)
    await queries.look_again(session, {key: look.again_on for key, (_, look) in found.items()})
    return Tally(len(rows), taken)


def _is_late(row: Assignment, today: date) -> bool:
    return row.stopped_on is None and lateness_rules.is_late(assignments.owed(row), today)


async def _looks(session: Session, turn: Turn, rows: Sequence[Assignment], days: Days, today: date) -> Found:
    """By assignment what the ladder says; of a plan not in force nothing, and it is not looked at again."""
    if not rows:
        return {}
    in_force = await queries.plans_in_force(session, {row.plan_id for row in rows})
    steps = await ladders.ladder(session, turn.district_id, today)
    taken = await queries.taken(session, rows)
    nothing = Look((), None)
    return {
        row.id: (row, ladder.look(row, steps, taken.get(row.id, {}), days, today) if row.plan_id in in_force else nothing)
        for row in rows
    }


async def _take(session: Session, turn: Turn, found: Found, days: Days, now: datetime) -> int:
    """Takes the steps: one message or letter for each rule, an entry for each assignment."""
    by_rule: dict[str, tuple[EscalationRule, list[tuple[Assignment, Step]]]] = {}
    for row, look in found.values():
        for step in look.steps:
            assert isinstance(step.rule, EscalationRule)
            by_rule.setdefault(step.rule.step, (step.rule, []))[1].append((row, step))
    if not by_rule:
        return 0
    name = await queries.unit_name(session, turn.unit_id)
    titles = await tasks.titles(session, {row.task_id for row, _ in found.values()})
    count = 0
    for rule, hits in sorted(by_rule.values(), key=lambda each: each[0].offset_days):
        pairs = [(row.id, row.task_id) for row, _ in hits]
        hit = Hit(rule.step, rule.audience, turn.unit_id, name, turn.district_id, pairs)
        notice_id = await _speak(session, rule, hit, [row for row, _ in hits], titles, days, now)
        await queries.add(session, [_entry(row, step, rule, notice_id, now) for row, step in hits])
        for row, step in hits:
            _tell(session, row, rule, step)
        count += len(hits)
    return count


async def _speak(
    session: Session,
    rule: EscalationRule,
    hit: Hit,
    rows: Sequence[Assignment],
    titles: Mapping[UUID, str],
    days: Days,
    now: datetime,
) -> UUID | None:
    """Warns through the inbox, or sends a numbered letter; answers the letter's id."""
    if rule.action == Action.WARN:
        leads = await queries.lead_units(session, {row.task_id for row in rows})
        await inbox.send(session, wording.warnings(hit, titles, leads), now)
        return None
    kind = Kind.NOTICE if rule.action == Action.NOTICE else Kind.CIRCULAR
    letter = Letter(
        kind=kind,
        district_id=hit.district_id,
        unit_id=hit.unit_id,
        title=wording.title(rule.step),
        text=wording.body(hit, titles),
        reply_due_on=_reply_day(rule, days, clock.local_day(now)) if kind is Kind.NOTICE else None,
        step=rule.step,
        items=rows,
    )
    return (await notices.send(session, SWEEPER, letter, now)).id


def _reply_day(rule: EscalationRule, days: Days, today: date) -> date:
    """So many working days from today; twice as many calendar days where the calendar does not reach."""
    reply_days = rule.reply_days or 1
    return days.offset(today, reply_days) or today + timedelta(days=2 * reply_days)


def _entry(row: Assignment, step: Step, rule: EscalationRule, notice_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "subject_type": lateness_rules.Subject.ASSIGNMENT.value,
        "subject_id": row.id,
        "assignment_id": row.id,
        "district_id": row.district_id,
        "plan_id": row.plan_id,
        "task_id": row.task_id,
        "unit_id": row.unit_id,
        "ladder": row.ladder,
        "base_on": step.base_on,
        "step": rule.step,
        "occurrence": step.occurrence,
        "action": rule.action,
        "audience": rule.audience,
        "rule_id": rule.id,
        "due_for": step.due_for,
        "fired_on": clock.local_day(now),
        "notice_id": notice_id,
        "recorded_at": now,
    }


def _tell(session: Session, row: Assignment, rule: EscalationRule, step: Step) -> None:
    told = {"step": rule.step, "occurrence": step.occurrence, "action": rule.action, "audience": rule.audience}
    place = (row.district_id, row.unit_id)
    audit.record(session, SWEEPER, "assignment.escalated", assignments.OBJECT, row.id, *place, after=told)
    right = access.ASSIGNMENTS_READ
    outbox.publish(session, "assignment.escalated", assignments.OBJECT, row.id, row.version, right, *place, data=told)


async def remind(session: Session, who: Principal, assignment_id: UUID, wanted: RemindIn, now: datetime) -> RemindOut:
    """Reminds a unit's people by hand. Raises NotFound, Forbidden, NotActive, NothingOwed, TooMany, TooSoon."""
    assignment = await assignment_queries.one_for_report(session, access.ASSIGNMENTS_READ.admit(who), assignment_id)
    await assignments.demand_issuer(session, who, assignment)
    limits = await settings.value_of(session, Reminders, assignment.district_id, clock.local_day(now))
    sent = await queries.reminders(session, assignment.id)
    errors.raise_if(reminding.why_not(assignment.state, sent, limits.most, limits.gap_hours, now))
    titles = await tasks.titles(session, {assignment.task_id})
    message = Message(
        kind=messages.Kind.REMINDER,
        district_id=assignment.district_id,
        unit_id=assignment.unit_id,
        roles=messages.STAFF,
        title=f"催办：{titles[assignment.task_id]}"[:200],
        text=wanted.text,
        object_type=assignments.OBJECT,
        object_id=assignment.id,
    )
    await inbox.send(session, [message], now)
    place = (assignment.district_id, assignment.unit_id)
    audit.record(session, who, "assignment.reminded", assignments.OBJECT, assignment.id, *place, after={"text": wanted.text})
    right = access.ASSIGNMENTS_READ
    outbox.publish(session, "assignment.reminded", assignments.OBJECT, assignment.id, assignment.version, right, *place)
    return RemindOut(assignment_id=assignment.id, sent=len(sent) + 1, left=max(limits.most - len(sent) - 1, 0))
