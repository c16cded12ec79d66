"""What units, the bureau and other systems do with complaints."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, batches, clock, errors, ids, personal, references, rights
from services.kit.batches import Outcomes
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal
from services.kit.references import Unit
from services.tasks_api import access, working_days
from services.tasks_api.complaints import queries, rules
from services.tasks_api.complaints.rules import State, Verb
from services.tasks_api.complaints.schemas import (
    ComplainantIn,
    ComplaintBatchIn,
    ComplaintIn,
    ExternalComplaintIn,
    LinkIn,
    RatingIn,
    ReplyIn,
    TransferIn,
)
from services.tasks_api.complaints.tables import Complaint, ComplaintMove
from services.tasks_api.escalations.rules.ladder import Days
from services.tasks_api.lateness import actions as lateness
from services.tasks_api.lateness.rules import How, Subject
from services.tasks_api.linked_records import queries as linked
from services.tasks_api.notifications import rules as messages
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import ComplaintLimits
from services.tasks_api.watched_items import actions as watching
from services.tasks_api.watched_items import rules as watched
from services.tasks_api.watched_items.rules import DayKind, Watched

# What is told holds nothing of the complaint's words and nothing of the complainant.
COMPLAINTS: Final = watching.Kept(
    "complaint",
    access.COMPLAINTS_READ,
    rules.MOVES,
    rules.PAST,
    messages.Kind.COMPLAINT,
    lambda row, before, **told: ComplaintMove(complaint_id=row.id, unit_id=row.unit_id, **told),
    lambda row: {"state": row.state, "channel": row.channel},
)
SEALED_FOR: Final = "complaints.complainant"


async def add(session: Session, who: Principal, vault: Vault, wanted: ComplaintIn, now: datetime) -> UUID:
    """Takes a complaint in; its limit runs from the day it came in. Raises BadInput (unit, day, attachments), Duplicate."""
    today = clock.local_day(now)
    unit = await watching.unit_in_force(session, wanted.unit_id, today)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    faults = rules.day_faults(wanted.received_on, today)
    if (wanted.external_system is None) != (wanted.external_id is None):
        faults.append(errors.Fault("/body/external_id", "missing"))
    if faults:
        raise errors.BadInput(*faults)
    sealed, masked = _sealed(vault, wanted.complainant)
    complaint = Complaint(
        id=ids.new_id(),
        district_id=unit.district_id,
        anonymous=sealed is None,
        complainant=sealed,
        masked=masked,
        due_on=await _due_on(session, unit, wanted, today),
        held_since=today,
        state=State.RECEIVED.value,
        reply_attachment_ids=[],
        transfers=0,
        watch_on=today,
        ladder=1,
        created_by_name=who.name,
        created_at=now,
        **wanted.model_dump(exclude={"complainant"}),
    )
    session.add(complaint)
    await session.flush()
    await watching.attach(session, who, COMPLAINTS, complaint, complaint.attachment_ids)
    watching.remember(session, who, COMPLAINTS, complaint, "receive", None, None, now)
    watching.tell(session, who, COMPLAINTS, complaint, "received", {"channel": complaint.channel, "due_on": complaint.due_on})
    await _inform(session, complaint, "收到投诉举报", now)
    return complaint.id


async def take_in(
    session: Session, who: Principal, vault: Vault, wanted: ComplaintBatchIn, now: datetime, language: str
) -> Outcomes:
    """Takes in what another system hands over: 201 for a new one, 200 for one known by its number. BadInput, BatchRefused."""

    async def act(item: ExternalComplaintIn) -> batches.Done:
        district = who.district_id or (await references.unit(session, item.unit_id)).district_id
        found = await queries.known(session, district, item.external_system, item.external_id)
        if found is not None:
            return 200, found
        return 201, await add(session, who, vault, item, now)

    outcomes = await batches.run(session, wanted.items, act, atomic=wanted.atomic, language=language)
    if all(outcome.status != 201 for outcome in outcomes.items):
        audit.nothing_changed(session)
    return outcomes


async def accept(session: Session, who: Principal, complaint_id: UUID, version: int, now: datetime) -> None:
    """The unit takes it on. Raises NotFound, Stale, Forbidden, IllegalMove."""
    complaint = await _locked(session, who, Verb.ACCEPT, complaint_id, version)
    await watching.move(session, who, COMPLAINTS, complaint, Verb.ACCEPT, None, now)


async def transfer(session: Session, who: Principal, complaint_id: UUID, version: int, wanted: TransferIn, now: datetime) -> None:
    """Hands it to another unit of the district; the complainant's limit stays, the unit's days begin anew.

    Raises NotFound, Stale, Forbidden, IllegalMove, AlreadyThere, BadInput (unit).
    """
    complaint = await _locked(session, who, Verb.TRANSFER, complaint_id, version)
    today = clock.local_day(now)
    unit = await watching.unit_in_force(session, wanted.unit_id, today)
    if unit.district_id != complaint.district_id:
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    if unit.id == complaint.unit_id:
        raise rules.AlreadyThere
    await lateness.end(session, who, _watched(complaint).owed, How.TRANSFERRED, now)
    complaint.unit_id, complaint.held_since, complaint.watch_on = unit.id, today, today
    complaint.transfers, complaint.ladder = complaint.transfers + 1, complaint.ladder + 1
    await watching.move(session, who, COMPLAINTS, complaint, Verb.TRANSFER, wanted.note, now, {"unit_id": complaint.unit_id})
    await _inform(session, complaint, "转来投诉举报", now)


async def reply(session: Session, who: Principal, complaint_id: UUID, version: int, wanted: ReplyIn, now: datetime) -> None:
    """The complainant is answered; the clock stops. Raises NotFound, Stale, Forbidden, IllegalMove, BadInput (attachments)."""
    complaint = await _locked(session, who, Verb.REPLY, complaint_id, version)
    fresh = [each for each in wanted.attachment_ids if each not in complaint.reply_attachment_ids]
    await watching.attach(session, who, COMPLAINTS, complaint, fresh)
    await lateness.end(session, who, _watched(complaint).owed, How.SUBMITTED, now)
    complaint.reply, complaint.reply_attachment_ids, complaint.replied_by_name = wanted.reply, wanted.attachment_ids, who.name
    complaint.replied_on = complaint.stopped_on = clock.local_day(now)
    complaint.watch_on = None
    await watching.move(session, who, COMPLAINTS, complaint, Verb.REPLY, None, now)


async def send_back(session: Session, who: Principal, complaint_id: UUID, version: int, note: str | None, now: datetime) -> None:
    """The reply is not enough, with the reason. Raises NotFound, Stale, IllegalMove, BadInput."""
    complaint = await _locked(session, who, Verb.RETURN, complaint_id, version)
    reason = watching.demanded(session, note)
    complaint.stopped_on, complaint.replied_on, complaint.watch_on = None, None, clock.local_day(now)
    complaint.satisfaction, complaint.rated_on = None, None
    await watching.move(session, who, COMPLAINTS, complaint, Verb.RETURN, reason, now)
    await lateness.note(session, who, _watched(complaint).owed, now, How.RETURNED)
    await _inform(session, complaint, "答复被退回", now)


async def rate(session: Session, who: Principal, complaint_id: UUID, version: int, wanted: RatingIn, now: datetime) -> None:
    """Notes what the complainant said to the reply. Raises NotFound, Stale, Forbidden, IllegalMove."""
    complaint = await _locked(session, who, Verb.RATE, complaint_id, version)
    complaint.satisfaction, complaint.rated_on = wanted.satisfaction.value, clock.local_day(now)
    await watching.move(session, who, COMPLAINTS, complaint, Verb.RATE, wanted.satisfaction.value, now)


async def close(session: Session, who: Principal, complaint_id: UUID, version: int, now: datetime) -> None:
    """Done. Raises NotFound, Stale, Forbidden, IllegalMove, NotRated."""
    complaint = await _locked(session, who, Verb.CLOSE, complaint_id, version)
    complaint.closed_on = clock.local_day(now)
    await watching.move(session, who, COMPLAINTS, complaint, Verb.CLOSE, None, now)


async def void(session: Session, who: Principal, complaint_id: UUID, version: int, note: str | None, now: datetime) -> None:
    """Not a complaint, or taken in twice; with a reason. Raises NotFound, Stale, IllegalMove, BadInput."""
    complaint = await _locked(session, who, Verb.VOID, complaint_id, version)
    reason = watching.demanded(session, note)
    await lateness.end(session, who, _watched(complaint).owed, How.VOID, now)
    complaint.stopped_on, complaint.watch_on = clock.local_day(now), None
    await watching.move(session, who, COMPLAINTS, complaint, Verb.VOID, reason, now)


async def link(session: Session, who: Principal, complaint_id: UUID, version: int, wanted: LinkIn, now: datetime) -> None:
    """Names the case or the problem that came of it. Raises NotFound, Stale, Forbidden, IllegalMove, BadInput (ids)."""
    complaint = await _locked(session, who, Verb.LINK, complaint_id, version)
    problem = (linked.Kind.PROBLEM, wanted.problem_id, "/body/problem_id")
    case_file = (linked.Kind.CASE_FILE, wanted.case_file_id, "/body/case_file_id")
    if faults := await linked.faults(session, who, case_file, problem):
        raise errors.BadInput(*faults)
    complaint.problem_id = wanted.problem_id or complaint.problem_id
    complaint.case_file_id = wanted.case_file_id or complaint.case_file_id
    told = {"case_file_id": complaint.case_file_id, "problem_id": complaint.problem_id}
    await watching.move(session, who, COMPLAINTS, complaint, Verb.LINK, None, now, told)


async def disclose(session: Session, who: Principal, vault: Vault, complaint_id: UUID, reason: str) -> dict[str, Any]:
    """The complainant in clear, for the reason given; each look is an audit row. Raises NotFound, NoComplainant."""
    complaint = await queries.with_complainant(session, who, complaint_id)
    if complaint.complainant is None:
        raise rules.NoComplainant
    place = (complaint.district_id, complaint.unit_id)
    audit.record(session, who, f"{COMPLAINTS.name}.complainant_disclosed", COMPLAINTS.name, complaint.id, *place, reason=reason)
    return {"complaint_id": str(complaint.id), **json.loads(vault.open(complaint.complainant, SEALED_FOR))}


async def sweep(session: Session, days: Callable[[], Awaitable[Days]], now: datetime) -> int:
    """Looks at complaints that fall due; how many it looked at."""
    return await watching.sweep(session, COMPLAINTS, Complaint, _watched, days, now)


def _watched(row: Complaint) -> Watched:
    return Watched.of(Subject.COMPLAINT, row, _title(row))


def _title(row: Complaint) -> str:
    """What warnings and letters say of it: never the title, which may name somebody."""
    return f"{row.received_on} 收到的投诉举报（{row.external_id or str(row.id)[-6:]}）"


def _sealed(vault: Vault, complainant: ComplainantIn | None) -> tuple[bytes | None, str | None]:
    told = complainant.model_dump(exclude_none=True) if complainant else {}
    if not told:
        return None, None
    shown = masked(told.get("name") or told.get("enterprise_name"), told.get("phone"))
    return vault.seal(json.dumps(told, ensure_ascii=False), SEALED_FOR), shown


async def _due_on(session: Session, unit: Unit, wanted: ComplaintIn, today: date) -> date:
    limits = await settings.value_of(session, ComplaintLimits, unit.district_id, today)
    limit = getattr(limits, wanted.channel.value)
    return watched.due_on(wanted.received_on, limit.days, DayKind(limit.kind), await working_days.calendar(session))


async def _locked(session: Session, who: Principal, verb: Verb, complaint_id: UUID, version: int) -> Complaint:
    complaint = await queries.one_for_update(session, access.COMPLAINTS_READ.admit(who), complaint_id, version)
    await watching.demand_reach(session, who, complaint.unit_id)
    raise_if(rules.why_not(verb, complaint))
    return complaint


async def _inform(session: Session, complaint: Complaint, lead: str, now: datetime) -> None:
    """Tells the unit's people; never the complaint's own words, which may name somebody."""
    said = f"{_title(complaint)}，答复期限 {complaint.due_on}。"
    await watching.inform(session, COMPLAINTS, complaint, lead, said, now)


def masked(name: str | None, phone: str | None) -> str | None:
    """The complainant as shown to those who need not know; None for an anonymous complaint."""
    parts = [personal.masked_name(name)] if name else []
    parts += [personal.masked_phone(phone)] if phone else []
    return " ".join(parts) or None
