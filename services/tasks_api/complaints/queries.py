"""Reads of complaints. Obligations and reports count `tasks.complaints` by unit_id, channel, received_on, replied_on, due_on."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Text, and_, func, literal_column, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import undefer

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.complaints import rules
from services.tasks_api.complaints.rules import Verb
from services.tasks_api.complaints.tables import Complaint, ComplaintMove
from services.tasks_api.watched_items import queries as watched

PLAIN: Final = (
    "id", "district_id", "unit_id", "channel", "enterprise", "title", "content", "anonymous", "received_on", "due_on",
    "held_since", "state", "attachment_ids", "reply", "reply_attachment_ids", "replied_on", "replied_by_name", "satisfaction",
    "rated_on", "closed_on", "transfers", "case_file_id", "problem_id", "external_system", "external_id", "created_by_name",
    "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of complaints: the unit that handles it now, those above it, and the district's organs."""
    return visibility.within(who, district=Complaint.district_id, unit=Complaint.unit_id)


def body(who: Principal) -> ColumnElement[Any]:
    """A complaint as JSON for this caller."""
    return answers.json_object(
        {name: getattr(Complaint, name) for name in PLAIN}
        | {
            "complainant": Complaint.masked,
            "lamp": watched.lamp(Complaint, rules.GREY),
            "late_days": watched.late_days(Complaint),
            "created_at": answers.moment(Complaint.created_at),
            "allowed_actions": answers.allowed_actions({verb.value: _allows(who, verb) for verb in Verb}),
        }
    )


def _allows(who: Principal, verb: Verb) -> ColumnElement[bool]:
    row = Complaint
    reach = visibility.under(who, access.COMPLAINT_MOVES[verb], district=row.district_id, unit=row.unit_id)
    asked = or_(row.anonymous, row.satisfaction.is_not(None)) if verb is Verb.CLOSE else true()
    return and_(row.state.in_(rules.MOVES.sources(verb)), reach, asked)


BY_RECEIPT: Final = (Complaint.received_on, Complaint.id)
BY_DUE: Final = (Complaint.due_on, Complaint.id)
EQUALS: Final = ("unit_id", "channel", "enterprise", "state", "satisfaction", "external_system", "external_id")
COMPLAINTS: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={
        "-received_on": pagination.Order(BY_RECEIPT),
        "received_on": pagination.Order(BY_RECEIPT, descending=False),
        "due_on": pagination.Order(BY_DUE, descending=False),
        "-due_on": pagination.Order(BY_DUE),
    },
    filters={name: reads.equals(getattr(Complaint, name)) for name in EQUALS}
    | {
        "lamp": reads.Filter(Text(), lambda value: watched.lamp(Complaint, rules.GREY) == value),
        "received_on__gte": reads.at_least(Complaint.received_on),
        "received_on__lte": reads.at_most(Complaint.received_on),
        "due_on__lte": reads.at_most(Complaint.due_on),
    },
)
COMPLAINT: Final = reads.Single(body=body, version=Complaint.version, key=Complaint.id, visible_to=visible_to)


async def history(read: Reader, who: Principal, complaint_id: UUID) -> str:
    """All moves as JSON text; NotFound also when the caller may not see the complaint."""
    plain = ("version", "verb", "state_after", "unit_id", "note", "actor_name")
    move = {name: getattr(ComplaintMove, name) for name in plain} | {"recorded_at": answers.moment(ComplaintMove.recorded_at)}
    listed = func.json_agg(aggregate_order_by(answers.json_object(move), ComplaintMove.version))
    items = func.coalesce(listed, literal_column("'[]'::json"), type_=JSON)
    moves = select(items).where(ComplaintMove.complaint_id == Complaint.id).correlate(Complaint).scalar_subquery()
    found: Any = select(answers.json_object({"items": moves}), Complaint.version)
    return (await answers.read_one(read, found.where(Complaint.id == complaint_id, visible_to(who)))).body


async def one_for_update(session: Session, who: Principal, complaint_id: UUID, version: int) -> Complaint:
    """The row, locked; NotFound, Stale."""
    found = select(Complaint).where(Complaint.id == complaint_id, visible_to(who)).with_for_update()
    complaint = (await session.execute(found)).scalar_one_or_none()
    if complaint is None:
        raise errors.NotFound
    preconditions.expect(complaint.version, version)
    return complaint


async def with_complainant(session: Session, who: Principal, complaint_id: UUID) -> Complaint:
    """The row with the sealed complainant; NotFound."""
    found = select(Complaint).where(Complaint.id == complaint_id, visible_to(who)).options(undefer(Complaint.complainant))
    complaint = (await session.execute(found)).scalar_one_or_none()
    if complaint is None:
        raise errors.NotFound
    return complaint


async def known(session: Session, district_id: UUID, system: str, external_id: str) -> UUID | None:
    """The complaint with this number of another system."""
    found = select(Complaint.id).where(
        Complaint.district_id == district_id, Complaint.external_system == system, Complaint.external_id == external_id
    )
    return (await session.execute(found)).scalar_one_or_none()
