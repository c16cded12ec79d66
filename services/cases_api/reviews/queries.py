"""Reads and locks of reviews: the assignment, what was written on it, its round and rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from services.cases_api import access
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_assignments import queries as assignment_queries
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings import queries as review_settings
from services.cases_api.reviews import rules
from services.cases_api.reviews.schemas import ReviewFilter, ReviewVersionFilter
from services.cases_api.reviews.tables import Review, ReviewVersion
from services.cases_api.rubrics.rules import Rubric, rubric_of
from services.cases_api.rubrics.tables import Rubric as RubricRow
from services.kit import answers, audit, clock, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.rights import Right

NOTHING = func.jsonb_build_array()
VERBS: Mapping[str, Right] = {
    "open": access.REVIEWS_WRITE,
    "save": access.REVIEWS_WRITE,
    "submit": access.REVIEWS_WRITE,
    "reopen": access.REVIEWS_OVERRIDE,
    "void": access.REVIEWS_OVERRIDE,
}


def body(who: Principal) -> ColumnElement[Any]:
    """The review as the caller reads it."""
    return answers.json_object(
        {
            "id": ReviewAssignment.id,
            "round_id": ReviewAssignment.round_id,
            "campaign_id": ReviewRound.campaign_id,
            "rubric_id": ReviewCampaign.rubric_id,
            "mode": ReviewAssignment.mode,
            "case_file_id": ReviewAssignment.case_file_id,
            "unit_id": case((assignment_queries.unit_shown(who), ReviewAssignment.unit_id)),
            "account_id": ReviewAssignment.account_id,
            "state": ReviewAssignment.state,
            **content_of(Review.content),
            "total": answers.hours(Review.total_hundredths),
            "got": answers.hours(Review.got_hundredths),
            "applicable": answers.hours(Review.applicable_hundredths),
            "grade": Review.grade,
            "content_hash": Review.content_hash,
            "structure_hash": Review.structure_hash,
            "created_at": answers.moment(ReviewAssignment.created_at),
            "opened_at": answers.moment(ReviewAssignment.opened_at),
            "saved_at": answers.moment(Review.saved_at),
            "submitted_at": answers.moment(Review.submitted_at),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
            "version": ReviewAssignment.version,
        }
    )


def content_of(column: Any) -> dict[str, Any]:
    """What was found, as fields of a body."""
    lists = {name: func.coalesce(column[name], NOTHING, type_=JSONB) for name in ("items", "vetoes", "not_applicable")}
    return lists | {"not_reviewable": column["not_reviewable"]}


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    mine = ReviewAssignment.account_id == visibility.me(who)
    reached = visibility.under(who, VERBS[verb], district=ReviewAssignment.district_id, assigned=mine)
    under_way = ReviewRound.state.in_([rounds.State.REVIEWING, rounds.State.ARBITRATING]) if verb == "reopen" else true()
    return and_(ReviewAssignment.state.in_(assignments.MOVES[verb]), reached, under_way)


def joined(*columns: Any) -> Select[Any]:
    """These columns over reviews with their assignment, round and campaign."""
    return _source(select(*columns))


def _source(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(ReviewAssignment)
        .join(ReviewRound, ReviewRound.id == ReviewAssignment.round_id)
        .join(ReviewCampaign, ReviewCampaign.id == ReviewRound.campaign_id)
        .outerjoin(Review, Review.id == ReviewAssignment.id)
    )


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of reviews: the bureau's district, the reviewer's own, the reviewed unit's once published."""
    mine = ReviewAssignment.account_id == visibility.me(who)
    anywhere = visibility.within(who, district=ReviewAssignment.district_id, assigned=mine)
    anywhere = and_(anywhere, assignment_queries.unveiled(who))
    return or_(anywhere, and_(ReviewRound.state.in_(rounds.SHOWN), visibility.within(who, unit=ReviewAssignment.unit_id)))


ONE = reads.Single(body, ReviewAssignment.version, ReviewAssignment.id, visible_to, _source)


async def page(read: Reader, who: Principal, wanted: ReviewFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of reviews by the time they were assigned."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(ReviewAssignment, name) == value for name, value in named.items()]
    if wanted.unit_id is not None:
        # A filter tells as much as a field.
        filters.append(assignment_queries.unit_shown(who))
    order = pagination.Order((ReviewAssignment.created_at, ReviewAssignment.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, joined(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, review_id: UUID) -> answers.One:
    """One review; NotFound also when the caller may not see it."""
    return await ONE.one(connection, who, review_id)


async def one_for_update(session: Session, who: Principal, review_id: UUID, version: int) -> ReviewAssignment:
    """The assignment that carries the review's state, locked; NotFound, Stale."""
    statement = joined(ReviewAssignment).where(ReviewAssignment.id == review_id, visible_to(who))
    locked = statement.with_for_update(of=ReviewAssignment)
    found: ReviewAssignment | None = (await session.execute(locked)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def written(session: Session, review_id: UUID) -> Review | None:
    """What stands written on an assignment."""
    return await session.get(Review, review_id)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a review is judged by."""

    round_state: rounds.State
    file: rules.FileKind
    rubric: Rubric
    content_hash: str
    structure_hash: str
    lease_hours: int


class Given(Protocol):
    """A file given to somebody in a round: an assignment, or an arbitration."""

    @property
    def district_id(self) -> UUID: ...
    @property
    def round_id(self) -> UUID: ...
    @property
    def case_file_id(self) -> UUID: ...


async def ground(session: Session, assignment: Given) -> Ground:
    """Round, file and rubric of an assignment."""
    statement = (
        select(ReviewRound.state, CaseFile.kind, CaseFile.procedure, RubricRow)
        .join(ReviewCampaign, ReviewCampaign.id == ReviewRound.campaign_id)
        .join(RubricRow, RubricRow.id == ReviewCampaign.rubric_id)
        .join(CaseFile, CaseFile.id == assignment.case_file_id)
        .where(ReviewRound.id == assignment.round_id)
    )
    state, kind, procedure, rubric = (await session.execute(statement)).one()
    hashes = (rubric.content_hash, rubric.structure_hash)
    today = clock.local_day(audit.circumstances(session).now)
    settings = await review_settings.in_force(session, assignment.district_id, today)
    kinds = rules.FileKind(kind, procedure)
    return Ground(rounds.State(state), kinds, rubric_of(rubric.content), *hashes, settings.lease_hours)


def _version_body() -> ColumnElement[Any]:
    return answers.json_object(
        {
            "review_id": ReviewVersion.review_id,
            "number": ReviewVersion.number,
            "state": ReviewVersion.state,
            **content_of(ReviewVersion.content),
            "total": answers.hours(ReviewVersion.total_hundredths),
            "grade": ReviewVersion.grade,
            "content_hash": ReviewVersion.content_hash,
            "account_id": ReviewVersion.account_id,
            "saved_at": answers.moment(ReviewVersion.saved_at),
        }
    )


async def versions(
    read: Reader, who: Principal, review_id: UUID, wanted: ReviewVersionFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of the versions of one review; NotFound when the caller may not see it."""
    await one(read, who, review_id)
    order = pagination.Order((ReviewVersion.number,), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(_version_body()).where(ReviewVersion.review_id == review_id), order, wanted, start)


async def version(read: Reader, who: Principal, review_id: UUID, number: int) -> answers.One:
    """One version of a review; NotFound also when the caller may not see the review."""
    found = joined(_version_body(), ReviewVersion.number).join(ReviewVersion, ReviewVersion.review_id == ReviewAssignment.id)
    wanted = (ReviewAssignment.id == review_id, ReviewVersion.number == number)
    return await answers.read_one(read, found.where(*wanted, visible_to(who)))
