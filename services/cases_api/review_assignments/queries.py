"""Reads of review assignments: one statement each, JSON made by the database."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from services.cases_api.review_assignments.schemas import ReviewAssignmentFilter
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.kit import answers, pagination, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": ReviewAssignment.id,
        "round_id": ReviewAssignment.round_id,
        "case_file_id": ReviewAssignment.case_file_id,
        "unit_id": ReviewAssignment.unit_id,
        "account_id": ReviewAssignment.account_id,
        "reason": ReviewAssignment.reason,
        "state": ReviewAssignment.state,
        "created_at": answers.moment(ReviewAssignment.created_at),
        "opened_at": answers.moment(ReviewAssignment.opened_at),
        "version": ReviewAssignment.version,
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of assignments. A unit sees who reviews its files only where its own people do."""
    mine = ReviewAssignment.account_id == who.account_id
    anywhere = visibility.within(who, district=ReviewAssignment.district_id, assigned=mine)
    return or_(anywhere, and_(ReviewAssignment.mode == "self", visibility.within(who, unit=ReviewAssignment.unit_id)))


async def page(
    read: Reader, who: Principal, wanted: ReviewAssignmentFilter, start: pagination.Start | None, round_id: UUID | None = None
) -> pagination.Page:
    """A page of assignments by the time they were made, of one round or of all."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    named |= {"round_id": round_id} if round_id else {}
    filters = [getattr(ReviewAssignment, name) == value for name, value in named.items()]
    order = pagination.Order((ReviewAssignment.created_at, ReviewAssignment.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(BODY).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, assignment_id: UUID) -> answers.One:
    """One assignment; NotFound also when the caller may not see it."""
    found = select(BODY, ReviewAssignment.version).where(ReviewAssignment.id == assignment_id, visible_to(who))
    return await answers.read_one(connection, found)
