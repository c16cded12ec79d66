"""Reads of extension requests."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.extension_requests.rules import State
from services.tasks_api.extension_requests.schemas import ExtensionRequestFilter
from services.tasks_api.extension_requests.tables import ExtensionRequest


def visible_to(who: Principal) -> ColumnElement[bool]:
    """Requests are seen by whoever sees the assignment now."""
    return exists().where(Assignment.id == ExtensionRequest.assignment_id, assignments.visible_to(who))


def _decides(who: Principal) -> ColumnElement[bool]:
    """The bureau, and for a part the unit that gave it on."""
    reach = visibility.under(who, access.EXTENSIONS_DECIDE, district=Assignment.district_id, unit=Assignment.issuer_unit_id)
    return exists().where(Assignment.id == ExtensionRequest.assignment_id, reach)


def body(who: Principal) -> ColumnElement[Any]:
    """A request as JSON for this caller."""
    waiting = ExtensionRequest.state == State.REQUESTED
    asks = visibility.under(who, access.EXTENSIONS_REQUEST, unit=ExtensionRequest.unit_id)
    return answers.json_object(
        {
            "id": ExtensionRequest.id,
            "assignment_id": ExtensionRequest.assignment_id,
            "district_id": ExtensionRequest.district_id,
            "unit_id": ExtensionRequest.unit_id,
            "state": ExtensionRequest.state,
            "old_due_on": ExtensionRequest.old_due_on,
            "new_due_on": ExtensionRequest.new_due_on,
            "reason": ExtensionRequest.reason,
            "attachment_ids": ExtensionRequest.attachment_ids,
            "requested_by": ExtensionRequest.requested_by,
            "requested_by_name": ExtensionRequest.requested_by_name,
            "requested_at": answers.moment(ExtensionRequest.requested_at),
            "decided_by": ExtensionRequest.decided_by,
            "decided_by_name": ExtensionRequest.decided_by_name,
            "decided_at": answers.moment(ExtensionRequest.decided_at),
            "decision_note": ExtensionRequest.decision_note,
            "allowed_actions": answers.allowed_actions(
                {"approve": and_(waiting, _decides(who)), "refuse": and_(waiting, _decides(who)), "withdraw": and_(waiting, asks)}
            ),
            "version": ExtensionRequest.version,
        }
    )


ORDER: Final = (ExtensionRequest.requested_at, ExtensionRequest.id)
REQUESTS: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={
        "-requested_at": pagination.Order(ORDER),
        "requested_at": pagination.Order(ORDER, descending=False),
    },
    filters={
        "assignment_id": reads.equals(ExtensionRequest.assignment_id),
        "state": reads.equals(ExtensionRequest.state),
        "unit_id": reads.equals(ExtensionRequest.unit_id),
    },
)
REQUEST: Final = reads.Single(body=body, version=ExtensionRequest.version, key=ExtensionRequest.id, visible_to=visible_to)


async def of_assignment(
    read: Reader, who: Principal, assignment_id: UUID, wanted: ExtensionRequestFilter, start: pagination.Start | None
) -> pagination.Page:
    """Requests for one assignment; NotFound when the caller may not see it."""
    if not await assignments.is_visible(read, who, assignment_id):
        raise errors.NotFound
    found = select(body(who)).where(ExtensionRequest.assignment_id == assignment_id, visible_to(who))
    found = found.where(*([ExtensionRequest.state == wanted.state] if wanted.state else []))
    return await pagination.read(read, found, REQUESTS.orders[wanted.sort], wanted, start)


async def of(read: Reader, who: Principal, assignment_id: UUID, request_id: UUID) -> answers.One:
    """One request for this assignment; NotFound also when the caller may not see it."""
    wanted = (ExtensionRequest.id == request_id, ExtensionRequest.assignment_id == assignment_id, visible_to(who))
    return await answers.read_one(read, select(body(who), ExtensionRequest.version).where(*wanted))


async def one_for_update(
    session: Session, who: Principal, assignment_id: UUID, request_id: UUID, version: int
) -> ExtensionRequest:
    """The row, locked after its assignment; NotFound, Stale."""
    found = select(ExtensionRequest).where(
        ExtensionRequest.id == request_id, ExtensionRequest.assignment_id == assignment_id, visible_to(who)
    )
    request = (await session.execute(found.with_for_update(of=ExtensionRequest))).scalar_one_or_none()
    if request is None:
        raise errors.NotFound
    preconditions.expect(request.version, version)
    return request


async def count(session: Session, assignment_id: UUID, state: State) -> int:
    """How many requests of an assignment are in a state."""
    found = select(func.count()).where(ExtensionRequest.assignment_id == assignment_id, ExtensionRequest.state == state)
    return int((await session.execute(found)).scalar_one())
