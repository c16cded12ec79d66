"""What reviewers do with their reviews, and how the bureau takes one back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_rounds import actions as round_actions
from services.cases_api.review_rounds import queries as rounds_queries
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.reviews import queries, rules
from services.cases_api.reviews.schemas import ReviewIn
from services.cases_api.reviews.tables import Review, ReviewVersion
from services.cases_api.stand_ins import actions as stand_ins
from services.kit import audit, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "review"


async def open_up(session: Session, who: Principal, review_id: UUID, version: int, now: datetime) -> None:
    """The reviewer looks into the file for the first time. Raises NotFound, Stale, IllegalMove."""
    assignment = await queries.one_for_update(session, who, review_id, version)
    check(assignment, "open")
    ground = await queries.ground(session, assignment)
    expect_open(ground)
    await gate(session, who, assignment, now)
    await begin_round(session, who, assignment, ground)
    assignment.opened_at = now
    _lease(assignment, ground, now)
    await move(session, who, assignment, "open", "opened")


async def save(session: Session, who: Principal, review_id: UUID, version: int, wanted: ReviewIn, now: datetime) -> None:
    """Saves a draft as it is, as a new version. Raises NotFound, Stale, IllegalMove."""
    assignment = await queries.one_for_update(session, who, review_id, version)
    check(assignment, "save")
    ground = await queries.ground(session, assignment)
    expect_open(ground)
    await begin_round(session, who, assignment, ground)
    review = await write(session, assignment, wanted)
    count(assignment, review, now)
    _lease(assignment, ground, now)
    await move(session, who, assignment, "save", "saved", {"number": assignment.saves})
    keep_version(session, who, assignment, review)


def expect_open(ground: queries.Ground) -> None:
    """Raises RoundOver unless the round is under way."""
    if ground.round_state not in rounds.UNDER_WAY:
        raise rules.RoundOver


async def gate(session: Session, who: Principal, assignment: ReviewAssignment, now: datetime) -> None:
    """Conflicts are looked for again when a file is first opened and when its review is handed in."""
    of = await rounds_queries.as_it_is(session, assignment.round_id)
    kinds = await stand_ins.conflicts_of(session, assignment, of, now)
    if kinds:
        await stand_ins.replace(session, who, assignment, of, assignments.Ended.CONFLICT, ", ".join(kinds), now)
        raise rules.InConflict


def _lease(assignment: ReviewAssignment, ground: queries.Ground, now: datetime) -> None:
    """Working on a file keeps it from being taken away for a while; the lease ends by itself."""
    assignment.leased_until = now + timedelta(hours=ground.lease_hours)


def check(assignment: ReviewAssignment, verb: str) -> None:
    """Raises IllegalMove unless the state allows the verb."""
    raise_if(assignments.why_not(verb, assignments.State(assignment.state)))


async def begin_round(session: Session, who: Principal, assignment: ReviewAssignment, ground: queries.Ground) -> None:
    """The first review opened, saved or handed in begins the round."""
    if ground.round_state is rounds.State.ASSIGNED:
        await round_actions.begin(session, who, assignment.round_id)


async def write(session: Session, assignment: ReviewAssignment, wanted: ReviewIn) -> Review:
    """Puts what was sent in the place of what stood written."""
    content = wanted.model_dump(mode="json", exclude_none=True)
    review = await queries.written(session, assignment.id)
    if review is None:
        review = Review(id=assignment.id)
        session.add(review)
    review.content = content
    return review


def count(assignment: ReviewAssignment, review: Review, now: datetime) -> None:
    """Counts a saved version."""
    assignment.saves += 1
    review.saved_at = now


async def saved(session: Session, review_id: UUID) -> Review:
    """What stands written. Raises NothingSaved."""
    review = await queries.written(session, review_id)
    if review is None:
        raise rules.NothingSaved
    return review


def keep_version(session: Session, who: Principal, assignment: ReviewAssignment, review: Review) -> None:
    """Adds what stands written to the history."""
    session.add(
        ReviewVersion(
            review_id=review.id, number=assignment.saves, state=assignment.state, content=review.content, grade=review.grade,
            total_hundredths=review.total_hundredths, content_hash=review.content_hash, account_id=who.account_id,
            saved_at=review.saved_at,
        )
    )  # fmt: skip


async def move(
    session: Session, who: Principal, assignment: ReviewAssignment, verb: str, told: str, after: dict[str, Any] | None = None
) -> None:
    """Moves the review on, and tells of it."""
    before = assignments.State(assignment.state)
    assignment.state = assignments.MOVES[verb][before]
    await session.flush()
    changes = {"state": assignment.state, **(after or {})}
    place = (OBJECT, assignment.id, assignment.district_id)
    audit.record(session, who, f"{OBJECT}.{told}", *place, assignment.unit_id, before={"state": before}, after=changes)
    # Without the unit: the reviewed unit learns of a review when its round is published, not before.
    outbox.publish(
        session, f"{OBJECT}.{told}", OBJECT, assignment.id, assignment.version, access.REVIEWS_READ, assignment.district_id,
        account_ids=[assignment.account_id],
    )  # fmt: skip
