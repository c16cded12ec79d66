"""Looking at watched items that fall due: the lateness record, warnings, letters. Called by the sweeps of their features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.kit import audit, clock, ids, outbox
from services.kit.db import Session
from services.kit.rights import Right
from services.tasks_api.escalation_rules import queries as ladders
from services.tasks_api.escalation_rules.rules import Action
from services.tasks_api.escalation_rules.tables import EscalationRule
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.escalations.rules import ladder
from services.tasks_api.escalations.rules.ladder import Days, Step
from services.tasks_api.lateness import actions as lateness
from services.tasks_api.lateness import rules as lateness_rules
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.supervision_notices import actions as notices
from services.tasks_api.supervision_notices.actions import Letter
from services.tasks_api.supervision_notices.rules import Kind
from services.tasks_api.watched_items import queries, rules
from services.tasks_api.watched_items.rules import Watched

# Of one unit, one step: what one message or letter speaks of.
Group = tuple[EscalationRule, list[tuple[Watched, Step]]]


async def look(session: Session, rows: Sequence[Watched], right: Right, days: Days, now: datetime) -> Mapping[UUID, date | None]:
    """Takes the steps that are due and keeps the lateness record; answers when to look at each again. The rows are locked."""
    today = clock.local_day(now)
    late = [row.owed for row in rows if row.running and lateness_rules.is_late(row.owed, today)]
    await lateness.note_many(session, SWEEPER, late, now)
    taken = await queries.taken(session, rows)
    steps = {district: await ladders.ladder(session, district, today) for district in {row.district_id for row in rows}}
    looks = {row.id: ladder.look(row, steps[row.district_id], taken.get(row.id, {}), days, today) for row in rows}
    groups: dict[tuple[UUID, str], Group] = {}
    for row in rows:
        for step in looks[row.id].steps:
            assert isinstance(step.rule, EscalationRule)
            groups.setdefault((row.unit_id, step.rule.step), (step.rule, []))[1].append((row, step))
    names = await queries.unit_names(session, [unit_id for unit_id, _ in groups])
    for (unit_id, _), (rule, hits) in sorted(groups.items(), key=lambda each: each[1][0].offset_days):
        notice_id = await _speak(session, rule, [row for row, _ in hits], names[unit_id], days, now)
        await queries.add(session, [_entry(row, step, rule, notice_id, now) for row, step in hits])
        for row, step in hits:
            _tell(session, row, rule, step, right)
    return {key: found.again_on for key, found in looks.items()}


async def _speak(
    session: Session, rule: EscalationRule, rows: Sequence[Watched], unit_name: str, days: Days, now: datetime
) -> UUID | None:
    """Warns through the inbox, or sends a numbered letter; answers the letter's id."""
    first = rows[0]
    if not rules.is_letter(rule.action):
        await inbox.send(session, [rules.warning(first.subject, rule.step, rule.audience, rows, unit_name)], now)
        return None
    kind = Kind.NOTICE if rule.action == Action.NOTICE else Kind.CIRCULAR
    today, reply_days = clock.local_day(now), rule.reply_days or 1
    reply_due_on = days.offset(today, reply_days) or today + timedelta(days=2 * reply_days)
    letter = Letter(
        kind=kind,
        district_id=first.district_id,
        unit_id=first.unit_id,
        title=rules.heading(first.subject, rule.step),
        text=rules.text(unit_name, [row.title for row in rows]),
        reply_due_on=reply_due_on if kind is Kind.NOTICE else None,
        step=rule.step,
    )
    return (await notices.send(session, SWEEPER, letter, now)).id


def _entry(row: Watched, step: Step, rule: EscalationRule, notice_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "subject_type": row.subject.value,
        "subject_id": row.id,
        "district_id": row.district_id,
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


def _tell(session: Session, row: Watched, rule: EscalationRule, step: Step, right: Right) -> None:
    told = {"step": rule.step, "occurrence": step.occurrence, "action": rule.action, "audience": rule.audience}
    kind, place = row.subject.value, (row.district_id, row.unit_id)
    audit.record(session, SWEEPER, f"{kind}.escalated", kind, row.id, *place, after=told)
    outbox.publish(session, f"{kind}.escalated", kind, row.id, row.version, right, *place, data=told)
