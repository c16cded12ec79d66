"""Reads of review assignments: one statement each, JSON made by the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, select, true
from sqlalchemy.orm import aliased

from services.cases_api import access
from services.cases_api.review_assignments import rules
from services.cases_api.review_assignments.external import ARBITRATIONS
from services.cases_api.review_assignments.schemas import ReviewAssignmentFilter
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role
from services.kit.rights import Right

# What may be asked of an assignment, and the right each asks for.
VERBS: Mapping[str, Right] = {
    "accept": access.REVIEW_ASSIGNMENTS_ANSWER,
    "decline": access.REVIEW_ASSIGNMENTS_ANSWER,
    "recuse": access.REVIEW_ASSIGNMENTS_ANSWER,
    "reassign": access.REVIEW_ASSIGNMENTS_REASSIGN,
}


def body(who: Principal) -> ColumnElement[Any]:
    """The assignment as the caller reads it. A hidden unit and why somebody fell out are shown to few."""
    shown = unit_shown(who)
    private = true() if Role.BUREAU in who.roles else ReviewAssignment.account_id == visibility.me(who)
    return answers.json_object(
        {
            "id": ReviewAssignment.id,
            "round_id": ReviewAssignment.round_id,
            "case_file_id": ReviewAssignment.case_file_id,
            "unit_id": case((shown, ReviewAssignment.unit_id)),
            "account_id": ReviewAssignment.account_id,
            "reason": ReviewAssignment.reason,
            "cost": ReviewAssignment.cost,
            "explanation": ReviewAssignment.explanation,
            "state": ReviewAssignment.state,
            "created_at": answers.moment(ReviewAssignment.created_at),
            "accepted_at": answers.moment(ReviewAssignment.accepted_at),
            "opened_at": answers.moment(ReviewAssignment.opened_at),
            "leased_until": answers.moment(ReviewAssignment.leased_until),
            "ended_how": ReviewAssignment.ended_how,
            "ended_reason": case((private, ReviewAssignment.ended_reason)),
            "ended_at": answers.moment(ReviewAssignment.ended_at),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
            "version": ReviewAssignment.version,
        }
    )


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    mine = ReviewAssignment.account_id == visibility.me(who)
    reached = visibility.under(who, VERBS[verb], district=ReviewAssignment.district_id, assigned=mine)
    return and_(ReviewAssignment.state.in_(rules.MOVES[verb]), reached)


def unit_shown(who: Principal) -> ColumnElement[bool]:
    """Whether the caller learns which unit the file is of: where units are hidden only an organiser who does not review it."""
    if Role.BUREAU not in who.roles:
        return ~ReviewAssignment.hide_unit
    return or_(~ReviewAssignment.hide_unit, ReviewAssignment.account_id != visibility.me(who))


def unveiled(who: Principal) -> ColumnElement[bool]:
    """Reviews of others of a file that the caller reviews too, only when all of them are in: also for whoever organises."""
    mine, open_one = aliased(ReviewAssignment), aliased(ReviewAssignment)
    own = ReviewAssignment.account_id == visibility.me(who)
    if Role.REVIEWER not in who.roles:
        return true()

    def same(other: Any) -> ColumnElement[bool]:
        return and_(other.round_id == ReviewAssignment.round_id, other.case_file_id == ReviewAssignment.case_file_id)

    also_mine = select(mine.id).where(same(mine), mine.account_id == visibility.me(who), mine.state != rules.State.VOID)
    done = [rules.State.VOID, rules.State.SUBMITTED]
    still_open = select(open_one.id).where(same(open_one), open_one.state.not_in(done))
    blind = and_(also_mine.correlate(ReviewAssignment).exists(), still_open.correlate(ReviewAssignment).exists())
    # Whoever decides between them reads the sheets without the names, until that is done.
    deciding = select(ARBITRATIONS.c.id).where(
        same(ARBITRATIONS.c),
        ARBITRATIONS.c.account_id == visibility.me(who),
        ARBITRATIONS.c.state.in_(["assigned", "opened", "draft"]),
    )
    return or_(own, ReviewAssignment.mode == "self", ~or_(blind, deciding.correlate(ReviewAssignment).exists()))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of assignments. A unit sees who reviews its files only where its own people do."""
    mine = ReviewAssignment.account_id == visibility.me(who)
    anywhere = and_(visibility.within(who, district=ReviewAssignment.district_id, assigned=mine), unveiled(who))
    return or_(anywhere, and_(ReviewAssignment.mode == "self", visibility.within(who, unit=ReviewAssignment.unit_id)))


ONE = reads.Single(body, ReviewAssignment.version, ReviewAssignment.id, visible_to)


async def page(
    read: Reader, who: Principal, wanted: ReviewAssignmentFilter, start: pagination.Start | None, round_id: UUID | None = None
) -> pagination.Page:
    """A page of assignments by the time they were made, of one round or of all."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    named |= {"round_id": round_id} if round_id else {}
    filters = [getattr(ReviewAssignment, name) == value for name, value in named.items()]
    if wanted.unit_id is not None:
        # A filter tells as much as a field.
        filters.append(unit_shown(who))
    order = pagination.Order((ReviewAssignment.created_at, ReviewAssignment.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, assignment_id: UUID) -> answers.One:
    """One assignment; NotFound also when the caller may not see it."""
    return await ONE.one(connection, who, assignment_id)


async def one_for_update(session: Session, who: Principal, assignment_id: UUID, version: int) -> ReviewAssignment:
    """The row, locked; NotFound, Stale."""
    statement = select(ReviewAssignment).where(ReviewAssignment.id == assignment_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found
