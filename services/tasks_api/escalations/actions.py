"""The sweep: looks at what falls due, takes the steps of the ladder, keeps the lateness record. And reminders by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.kit import alike, audit, clock, errors, ids, outbox
from services.kit.alike import Told
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.rights import Right
from services.tasks_api import access
from services.tasks_api.assignments import actions as assignments
from services.tasks_api.assignments import queries as assignment_queries
from services.tasks_api.escalation_rules import queries as ladders
from services.tasks_api.escalation_rules.rules import Action, Audience
from services.tasks_api.escalation_rules.tables import EscalationRule
from services.tasks_api.escalations import queries
from services.tasks_api.escalations.rules import ladder, reminding, wording
from services.tasks_api.escalations.rules.ladder import Days, Look, Step
from services.tasks_api.escalations.rules.turns import Due, Turn
from services.tasks_api.escalations.rules.wording import Hit
from services.tasks_api.escalations.schemas import RemindIn, RemindOut
from services.tasks_api.lateness import actions as lateness
from services.tasks_api.lateness.rules import Owed
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
MOST: Final = 500


class Taken(NamedTuple):
    """A step that is taken now for one thing owed, and by which letter if by one."""

    owed: Owed
    ladder: int
    version: int
    step: Step
    notice_id: UUID | None


class Hits(NamedTuple):
    """A step of the ladder and what it is taken for, all of one unit: what one message or letter speaks of."""

    unit_id: UUID
    rule: EscalationRule
    found: list[tuple[Due, Step]]


async def sweep(session: Session, turn: Turn, days: Days, now: datetime) -> int:
    """Looks at what falls due in some units and takes the steps, in the caller's transaction; how many rows it looked at.
    Units that another sweep has are passed over.
    """
    today = clock.local_day(now)
    unit_ids = await queries.take(session, turn.unit_ids)
    rows = await queries.due(session, unit_ids, today, MOST) if unit_ids else []
    if not rows:
        return 0
    late = [row.owed for row in rows if row.is_running]
    await lateness.note_many(session, SWEEPER, late, now)
    taken = await queries.taken(session, rows)
    looks = _looks(rows, await ladders.ladder(session, turn.district_id, today), taken, days, today)
    await queries.look_again(session, {row.id: look.again_on for row, look in zip(rows, looks, strict=True)})
    # Last, since letters lock their numbers for all others until the transaction ends.
    steps = await _take(session, _hits(rows, looks), days, now)
    await keep(session, access.ASSIGNMENTS_READ, steps, now)
    return len(rows)


def _looks(
    rows: Sequence[Due], steps: Sequence[EscalationRule], taken: Mapping[UUID, Mapping[str, int]], days: Days, today: date
) -> Sequence[Look]:
    """What the ladder says of each; of a plan not in force nothing, and it is not looked at again. Alike are asked of once."""
    known: dict[object, Look] = {}

    def look(row: Due) -> Look:
        past = taken.get(row.id, {})
        facts = (row.state, row.due_on, row.held_since, *sorted(past.items()))
        if facts not in known:
            known[facts] = ladder.look(row, steps, past, days, today)
        return known[facts]

    nothing = Look((), None)
    return [look(row) if row.is_in_force else nothing for row in rows]


def _hits(rows: Sequence[Due], looks: Sequence[Look]) -> Sequence[Hits]:
    """The steps to take by unit and rule, the earliest rung first."""
    found: dict[tuple[UUID, str], Hits] = {}
    for row, look in zip(rows, looks, strict=True):
        for step in look.steps:
            assert isinstance(step.rule, EscalationRule)
            hits = found.setdefault((row.unit_id, step.rule.step), Hits(row.unit_id, step.rule, []))
            hits.found.append((row, step))
    return sorted(found.values(), key=lambda hits: (hits.rule.offset_days, hits.unit_id))


async def _take(session: Session, hits: Sequence[Hits], days: Days, now: datetime) -> Sequence[Taken]:
    """Speaks of each step to whom it concerns: the warnings of all together, then letters, whose numbers are locked."""
    if not hits:
        return []
    task_ids = {row.task_id for each in hits for row, _ in each.found}
    titles, leads = await tasks.titles(session, task_ids), await _leads(session, hits)
    names = await queries.unit_names(session, {each.unit_id for each in hits})
    said = [(each, _hit(each, names[each.unit_id])) for each in hits]
    warned = [hit for each, hit in said if each.rule.action == Action.WARN]
    await inbox.send(session, [message for hit in warned for message in wording.warnings(hit, titles, leads)], now)
    taken: list[Taken] = []
    for each, hit in said:
        notice_id = None if each.rule.action == Action.WARN else await _write(session, each, hit, titles, days, now)
        taken += [Taken(row.owed, row.ladder, row.version, step, notice_id) for row, step in each.found]
    return taken


async def _leads(session: Session, hits: Sequence[Hits]) -> Mapping[UUID, set[UUID]]:
    """By task who leads it, of tasks whose lead units are to be told."""
    asked = [each for each in hits if each.rule.audience == Audience.LEAD_UNIT]
    return await queries.lead_units(session, {row.task_id for each in asked for row, _ in each.found}) if asked else {}


def _hit(hits: Hits, unit_name: str) -> Hit:
    pairs = [(row.id, row.task_id) for row, _ in hits.found]
    district_id = hits.found[0][0].district_id
    return Hit(hits.rule.step, hits.rule.audience, hits.unit_id, unit_name, district_id, pairs)


async def _write(session: Session, hits: Hits, hit: Hit, titles: Mapping[UUID, str], days: Days, now: datetime) -> UUID:
    """Sends a numbered letter; answers its id."""
    kind = Kind.NOTICE if hits.rule.action == Action.NOTICE else Kind.CIRCULAR
    letter = Letter(
        kind=kind,
        district_id=hit.district_id,
        unit_id=hit.unit_id,
        title=wording.title(hit.step),
        text=wording.body(hit, titles),
        reply_due_on=_reply_day(hits.rule, days, clock.local_day(now)) if kind is Kind.NOTICE else None,
        step=hit.step,
        items=[row for row, _ in hits.found],
    )
    return (await notices.send(session, SWEEPER, letter, now)).id


def _reply_day(rule: EscalationRule, days: Days, today: date) -> date:
    """So many working days from today; twice as many calendar days where the calendar does not reach."""
    reply_days = rule.reply_days or 1
    return days.offset(today, reply_days) or today + timedelta(days=2 * reply_days)


async def keep(session: Session, right: Right, taken: Sequence[Taken], now: datetime) -> None:
    """Writes steps taken for things of one kind, and tells of them; `right` is who may read these."""
    await queries.add(session, [_entry(each, now) for each in taken])
    if taken:
        kind = taken[0].owed.subject_type.value
        alike.tell(session, SWEEPER, f"{kind}.escalated", kind, right, _told(taken))


def _entry(taken: Taken, now: datetime) -> dict[str, Any]:
    owed, step, rule = taken.owed, taken.step, taken.step.rule
    assert isinstance(rule, EscalationRule)
    return {
        "id": ids.new_id(),
        "subject_type": owed.subject_type.value,
        "subject_id": owed.subject_id,
        "assignment_id": owed.assignment_id,
        "district_id": owed.district_id,
        "plan_id": owed.plan_id,
        "task_id": owed.task_id,
        "unit_id": owed.unit_id,
        "ladder": taken.ladder,
        "base_on": step.base_on,
        "step": rule.step,
        "occurrence": step.occurrence,
        "action": rule.action,
        "audience": rule.audience,
        "rule_id": rule.id,
        "due_for": step.due_for,
        "fired_on": clock.local_day(now),
        "notice_id": taken.notice_id,
        "recorded_at": now,
    }


def _told(taken: Sequence[Taken]) -> list[Told]:
    """What is said of a step is the same for all it is taken for."""
    known: dict[tuple[str, int], str] = {}

    def said(step: Step) -> str:
        rule, key = step.rule, (step.rule.step, step.occurrence)
        assert isinstance(rule, EscalationRule)
        if key not in known:
            known[key] = alike.text(
                {"step": rule.step, "occurrence": step.occurrence, "action": rule.action, "audience": rule.audience}
            )
        return known[key]

    told = ((each.owed, each.version, said(each.step)) for each in taken)
    return [Told(owed.subject_id, owed.district_id, owed.unit_id, version, text, text) for owed, version, text in told]


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
