"""What the bureau and the units do with supervision notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, clock, errors, evidence, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Message
from services.tasks_api.supervision_notices import queries, rules
from services.tasks_api.supervision_notices.rules import Kind, State, Verb
from services.tasks_api.supervision_notices.schemas import ReplyIn, SupervisionNoticeIn
from services.tasks_api.supervision_notices.tables import SupervisionNotice
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import NoticeNumbers

OBJECT = "supervision_notice"
TRAIL: Final = Trail(OBJECT, access.NOTICES_READ, data=("number", "state"))


@dataclass(frozen=True, slots=True)
class Letter:
    """What a notice says; `items` are rows with the id and due date of an assignment."""

    kind: Kind
    district_id: UUID
    unit_id: UUID
    title: str
    text: str
    reply_due_on: date | None = None
    step: str | None = None
    items: Sequence[Any] = ()


async def issue(session: Session, who: Principal, wanted: SupervisionNoticeIn, now: datetime) -> UUID:
    """The bureau sends a notice or a circular. Raises BadInput (unit, days, assignments), Suspended."""
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    found = await queries.assignments_of(session, who, unit.id, wanted.assignment_ids)
    faults = rules.day_faults(wanted.kind, wanted.reply_due_on, clock.local_day(now))
    faults += [
        errors.Fault(f"/body/assignment_ids/{place}", "not_found")
        for place, each in enumerate(wanted.assignment_ids)
        if each not in found
    ]
    if faults:
        raise errors.BadInput(*faults)
    raise_if(rules.why_not_press(row.state for row in found.values()))
    given = wanted.model_dump(include={"kind", "title", "text", "reply_due_on"})
    letter = Letter(district_id=unit.district_id, unit_id=unit.id, items=list(found.values()), **given)
    return (await send(session, who, letter, now)).id


async def send(session: Session, who: Principal, letter: Letter, now: datetime) -> SupervisionNotice:
    """Gives a letter its number, writes it and tells the unit, or for a circular everybody."""
    today = clock.local_day(now)
    prefixes = await settings.value_of(session, NoticeNumbers, letter.district_id, today)
    sequence = await queries.next_sequence(session, letter.district_id, letter.kind, today.year)
    prefix = prefixes.notice if letter.kind is Kind.NOTICE else prefixes.circular
    notice = SupervisionNotice(
        id=ids.new_id(),
        district_id=letter.district_id,
        unit_id=letter.unit_id,
        kind=letter.kind.value,
        year=today.year,
        sequence=sequence,
        number=rules.number(prefix, today.year, sequence),
        title=letter.title,
        text=letter.text,
        state=State.ISSUED.value,
        step=letter.step,
        issued_on=today,
        issued_at=now,
        issued_by=who.account_id,
        issued_by_name=who.name,
        reply_due_on=letter.reply_due_on,
        reply_attachment_ids=[],
    )
    session.add(notice)
    await session.flush()
    await queries.add_items(session, notice.id, letter.items)
    _tell(session, who, notice, "issued", {"number": notice.number, "kind": notice.kind, "reply_due_on": notice.reply_due_on})
    await inbox.send(session, [_message(notice)], now)
    return notice


async def reply(session: Session, who: Principal, notice_id: UUID, version: int, wanted: ReplyIn, now: datetime) -> None:
    """The unit's leader answers. Raises NotFound, Stale, IllegalMove, NoReplyWanted, BadInput (attachments)."""
    notice = await queries.one_for_update(session, who, notice_id, version)
    raise_if(rules.why_not(Verb.REPLY, notice.kind, notice.state))
    await _demand_reach(session, who, notice)
    place = (notice.district_id, notice.unit_id)
    fresh = [each for each in wanted.attachment_ids if each not in notice.reply_attachment_ids]
    await evidence.attach(session, who, fresh, OBJECT, notice.id, access.NOTICES_READ, *place)
    notice.reply, notice.reply_attachment_ids = wanted.reply, wanted.attachment_ids
    notice.replied_by_name, notice.replied_at = who.name, now
    notice.first_replied_on = notice.first_replied_on or clock.local_day(now)
    await _move(session, who, notice, Verb.REPLY)


async def decide(
    session: Session, who: Principal, verb: Verb, notice_id: UUID, version: int, note: str | None, now: datetime
) -> None:
    """The bureau closes a notice, returns its reply, or makes it void; the latter two with a reason.

    Raises NotFound, Stale, NoReplyWanted, IllegalMove, BadInput (note).
    """
    notice = await queries.one_for_update(session, who, notice_id, version)
    raise_if(rules.why_not(verb, notice.kind, notice.state))
    reason = note or audit.circumstances(session).reason
    if verb is not Verb.CLOSE and reason is None:
        raise errors.BadInput(errors.Fault("/body/note", "missing"))
    notice.decision_note, notice.decided_by_name, notice.decided_at = reason, who.name, now
    await _move(session, who, notice, verb, reason)
    if verb is Verb.RETURN:
        await inbox.send(session, [_message(notice, "答复被退回：")], now)


async def _demand_reach(session: Session, who: Principal, notice: SupervisionNotice) -> None:
    unit = await references.unit(session, notice.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.Forbidden


async def _move(session: Session, who: Principal, notice: SupervisionNotice, verb: Verb, reason: str | None = None) -> None:
    before, after = notice.state, rules.target(notice.state, verb)
    assert after is not None
    notice.state = after.value
    await session.flush()
    _tell(session, who, notice, rules.PAST[verb], {"state": notice.state}, before={"state": before}, reason=reason)


def _message(notice: SupervisionNotice, lead: str = "") -> Message:
    circular = notice.kind == Kind.CIRCULAR
    due = f"，请于 {notice.reply_due_on} 前答复" if notice.reply_due_on else ""
    return Message(
        kind=messages.Kind.CIRCULAR if circular else messages.Kind.NOTICE,
        district_id=notice.district_id,
        unit_id=None if circular else notice.unit_id,
        roles=(*messages.STAFF, *messages.BUREAU) if circular else messages.STAFF,
        title=f"{lead}{notice.number}",
        text=f"{notice.title}{due}。",
        object_type=OBJECT,
        object_id=notice.id,
    )


def _tell(
    session: Session,
    who: Principal,
    notice: SupervisionNotice,
    verb: str,
    after: dict[str, object],
    *,
    before: dict[str, object] | None = None,
    reason: str | None = None,
) -> None:
    right = access.CIRCULARS_READ if notice.kind == Kind.CIRCULAR else None
    TRAIL.tell(session, who, notice, verb, before, after, reason, right=right)
