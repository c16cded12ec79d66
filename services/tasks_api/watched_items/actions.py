"""What watched items share: how they are moved, kept and told, and what happens when they fall due (the lateness record,
warnings, letters; called by the sweeps of their features)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.kit import audit, clock, errors, evidence, outbox, references, rights
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.references import Unit
from services.kit.rights import Right
from services.tasks_api.escalation_rules import queries as ladders
from services.tasks_api.escalation_rules.rules import Action
from services.tasks_api.escalation_rules.tables import EscalationRule
from services.tasks_api.escalations import queries as escalations
from services.tasks_api.escalations.actions import SWEEPER, Taken, keep
from services.tasks_api.escalations.rules import ladder
from services.tasks_api.escalations.rules.ladder import Days, Step
from services.tasks_api.lateness import actions as lateness
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Message
from services.tasks_api.supervision_notices import actions as notices
from services.tasks_api.supervision_notices.actions import Letter
from services.tasks_api.supervision_notices.rules import Kind
from services.tasks_api.watched_items import queries, rules
from services.tasks_api.watched_items.rules import Watched


@dataclass(frozen=True, slots=True)
class Kept:
    """How a kind of items is moved, kept and told: its name, who reads it, its moves, and the row of its history.

    `data` is what messages of the feed tell of an item beside its name.
    """

    name: str
    right: Right
    moves: rules.Moves
    past: Mapping[Any, str]
    message: messages.Kind
    entry: Callable[..., Any]
    data: Callable[[Any], Mapping[str, Any]]


async def unit_in_force(session: Session, unit_id: UUID, today: date) -> Unit:
    """The unit an item is given to; BadInput for one that is gone or not there yet."""
    unit = await references.unit(session, unit_id)
    if faults := rules.unit_faults(unit.valid_from, unit.valid_to, today, "/body/unit_id"):
        raise errors.BadInput(*faults)
    return unit


async def demand_reach(session: Session, who: Principal, unit_id: UUID) -> None:
    """Forbidden where the caller sees the item, but may not move it."""
    if not rights.covers(who, (await references.unit(session, unit_id)).path):
        raise errors.Forbidden


def demanded(session: Session, note: str | None) -> str:
    """The reason of a move that needs one, from the body or `X-Change-Reason`; BadInput without."""
    if (reason := note or audit.circumstances(session).reason) is None:
        raise errors.BadInput(errors.Fault("/body/note", "missing"))
    return reason


async def attach(session: Session, who: Principal, kept: Kept, row: Any, attachment_ids: Sequence[UUID]) -> None:
    """Makes files evidence of the item. Raises BadInput."""
    place = (row.district_id, row.unit_id)
    await evidence.attach(session, who, attachment_ids, kept.name, row.id, kept.right, *place)


async def move(
    session: Session, who: Principal, kept: Kept, row: Any, verb: StrEnum, note: str | None, now: datetime,
    told: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Moves the item, which the rules have allowed, and keeps and tells it; `told` is what changed beside the state."""
    before, after = row.state, kept.moves.target(row.state, verb)
    assert after is not None
    row.state = str(after)
    if not session.is_modified(row):
        # The same again changes nothing, and so gets no entry of its own.
        audit.nothing_changed(session)
        return
    await session.flush()
    remember(session, who, kept, row, verb.value, before, note, now)
    tell(session, who, kept, row, kept.past[verb], {"state": row.state, **(told or {})}, before={"state": before}, reason=note)


def remember(
    session: Session, who: Principal, kept: Kept, row: Any, verb: str, before: str | None, note: str | None, now: datetime
) -> None:
    """Adds a row to the item's history."""
    told = {"version": row.version, "verb": verb, "state_after": row.state, "note": note}
    actor = {"actor_id": who.account_id, "actor_name": who.name, "recorded_at": now}
    session.add(kept.entry(row, before, **told, **actor))


async def inform(session: Session, kept: Kept, row: Any, title: str, said: str, now: datetime) -> None:
    """Tells the unit's people."""
    message = Message(
        kind=kept.message,
        district_id=row.district_id,
        unit_id=row.unit_id,
        roles=messages.STAFF,
        title=title[:200],
        text=said,
        object_type=kept.name,
        object_id=row.id,
    )
    await inbox.send(session, [message], now)


def tell(
    session: Session, who: Principal, kept: Kept, row: Any, verb: str, after: Mapping[str, Any], *,
    before: Mapping[str, Any] | None = None, reason: str | None = None,
) -> None:  # fmt: skip
    """The audit row and the message of what was done."""
    name, place = kept.name, (row.district_id, row.unit_id)
    audit.record(session, who, f"{name}.{verb}", name, row.id, *place, before=before, after=after, reason=reason)
    outbox.publish(session, f"{name}.{verb}", name, row.id, row.version, kept.right, *place, data=kept.data(row))


# Rows of one transaction of a sweep.
MOST: Final = 200
# Of one unit, one step: what one message or letter speaks of.
Group = tuple[EscalationRule, list[tuple[Watched, Step]]]


async def sweep(
    session: Session,
    kept: Kept,
    table: Any,
    watched: Callable[[Any], Watched],
    days: Callable[[], Awaitable[Days]],
    now: datetime,
) -> int:
    """Looks at items of a kind that fall due; how many it looked at."""
    rows = await queries.due(session, table, clock.local_day(now), MOST)
    if rows:
        again = await look(session, [watched(row) for row in rows], kept.right, await days(), now)
        await queries.look_again(session, table, again)
    return len(rows)


async def look(session: Session, rows: Sequence[Watched], right: Right, days: Days, now: datetime) -> Mapping[UUID, date | None]:
    """Takes the steps that are due and keeps the lateness record; answers when to look at each again. The rows are locked."""
    today = clock.local_day(now)
    await lateness.note_many(session, SWEEPER, [row.owed for row in rows if row.running], now)
    taken = await escalations.taken(session, rows)
    steps = {district: await ladders.ladder(session, district, today) for district in {row.district_id for row in rows}}
    looks = {row.id: ladder.look(row, steps[row.district_id], taken.get(row.id, {}), days, today) for row in rows}
    groups: dict[tuple[UUID, str], Group] = {}
    for row in rows:
        for step in looks[row.id].steps:
            assert isinstance(step.rule, EscalationRule)
            groups.setdefault((row.unit_id, step.rule.step), (step.rule, []))[1].append((row, step))
    names = await escalations.unit_names(session, {unit_id for unit_id, _ in groups})
    steps_taken: list[Taken] = []
    for (unit_id, _), (rule, hits) in sorted(groups.items(), key=lambda each: each[1][0].offset_days):
        notice_id = await _speak(session, rule, [row for row, _ in hits], names[unit_id], days, now)
        steps_taken += [Taken(row.owed, row.ladder, row.version, step, notice_id) for row, step in hits]
    await keep(session, right, steps_taken, now)
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
