"""What units and the deciding side do with extension requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.kit import clock, errors, evidence, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.assignments import actions as assignment_actions
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.extension_requests import queries, rules
from services.tasks_api.extension_requests.rules import State
from services.tasks_api.extension_requests.schemas import ExtensionRequestIn
from services.tasks_api.extension_requests.tables import ExtensionRequest
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Kind
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import Extensions

OBJECT = "extension_request"
TRAIL: Final = Trail(OBJECT, access.EXTENSIONS_READ, data=("assignment_id", "state"))


async def ask(session: Session, who: Principal, assignment_id: UUID, wanted: ExtensionRequestIn, now: datetime) -> UUID:
    """A unit's leader asks for a later date.

    Raises NotFound, NotActive, OverAlready, NoDate, TooMany, Pending, BadInput (day, attachments).
    """
    assignment = await assignments.one_for_report(session, who, assignment_id)
    today = clock.local_day(now)
    limits = await settings.value_of(session, Extensions, assignment.district_id, today)
    granted = await queries.count(session, assignment.id, State.APPROVED)
    raise_if(rules.why_not_extend(assignment, granted, limits.most))
    if await queries.count(session, assignment.id, State.REQUESTED):
        raise rules.Pending
    assert assignment.due_on is not None
    period_end = await assignments.plan_end(session, assignment.plan_id)
    if faults := rules.day_faults(wanted.new_due_on, assignment.due_on, today, period_end, limits.longest_days):
        raise errors.BadInput(*faults)
    request = ExtensionRequest(
        id=ids.new_id(),
        assignment_id=assignment.id,
        district_id=assignment.district_id,
        unit_id=assignment.unit_id,
        state=State.REQUESTED.value,
        old_due_on=assignment.due_on,
        requested_by=who.account_id,
        requested_by_name=who.name,
        requested_at=now,
        **wanted.model_dump(),
    )
    session.add(request)
    await session.flush()
    place = (request.district_id, request.unit_id)
    await evidence.attach(session, who, request.attachment_ids, OBJECT, request.id, access.EXTENSIONS_READ, *place)
    _tell(session, who, request, "requested", {"assignment_id": assignment.id, "new_due_on": request.new_due_on})
    told = await assignment_actions.message(session, assignment, Kind.EXTENSION, "延期申请", request.reason)
    issuer = assignment.issuer_unit_id
    await inbox.send(session, [replace(told, unit_id=issuer, roles=messages.LEADERS if issuer else messages.BUREAU)], now)
    return request.id


async def decide(
    session: Session,
    who: Principal,
    assignment_id: UUID,
    request_id: UUID,
    version: int,
    decision: State,
    note: str | None,
    now: datetime,
) -> None:
    """Approves or refuses a request, once; an approved one moves the date.

    Raises NotFound, Forbidden, Stale, AlreadyDecided and, for an approval, NotActive, OverAlready, TooMany, Overtaken.
    """
    assignment = await assignments.one_for_report(session, who, assignment_id)
    request = await queries.one_for_update(session, who, assignment_id, request_id, version)
    await assignment_actions.demand_issuer(session, who, assignment)
    raise_if(rules.why_not_decide(request.state))
    if decision is State.APPROVED:
        today = clock.local_day(now)
        limits = await settings.value_of(session, Extensions, assignment.district_id, today)
        granted = await queries.count(session, assignment.id, State.APPROVED)
        raise_if(rules.why_not_extend(assignment, granted, limits.most))
        raise_if(rules.why_not_approve(request.new_due_on, assignment, today))
        await assignment_actions.extend(session, who, assignment, request.new_due_on, request.reason[:500], now)
    _close(who, request, decision, note, now)
    await session.flush()
    _tell(session, who, request, decision.value, {"state": decision.value, "note": note})
    lead = "延期已批准" if decision is State.APPROVED else "延期未批准"
    text = note or f"{request.old_due_on} → {request.new_due_on}"
    await inbox.send(session, [await assignment_actions.message(session, assignment, Kind.EXTENSION, lead, text)], now)


async def withdraw(session: Session, who: Principal, assignment_id: UUID, request_id: UUID, version: int, now: datetime) -> None:
    """The unit takes its request back before it is decided. Raises NotFound, Stale, AlreadyDecided."""
    request = await queries.one_for_update(session, who, assignment_id, request_id, version)
    raise_if(rules.why_not_decide(request.state))
    _close(who, request, State.WITHDRAWN, None, now)
    await session.flush()
    _tell(session, who, request, "withdrawn", {"state": request.state})


def _close(who: Principal, request: ExtensionRequest, state: State, note: str | None, now: datetime) -> None:
    request.state, request.decision_note = state.value, note
    request.decided_by, request.decided_by_name, request.decided_at = who.account_id, who.name, now


def _tell(session: Session, who: Principal, request: ExtensionRequest, verb: str, after: dict[str, object]) -> None:
    TRAIL.tell(session, who, request, verb, after=after, reason=request.decision_note)
