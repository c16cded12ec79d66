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
from services.kit import audit, errors, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "review"


async def open_up(session: Session, who: Principal, review_id: UUID, version: int, now: datetime) -> None:
    """The reviewer looks into the file for the first time. Raises NotFound, Stale, IllegalMove."""
    assignment = await queries.one_for_update(session, who, review_id, version)
    _check(assignment, "open")
    ground = await queries.ground(session, assignment)
    _expect_open(ground)
    await _gate(session, who, assignment, now)
    await _begin_round(session, who, assignment, ground)
    assignment.opened_at = now
    _lease(assignment, ground, now)
    await _move(session, who, assignment, "open", "opened")


async def save(session: Session, who: Principal, review_id: UUID, version: int, wanted: ReviewIn, now: datetime) -> None:
    """Saves a draft as it is, as a new version. Raises NotFound, Stale, IllegalMove."""
    assignment = await queries.one_for_update(session, who, review_id, version)
    _check(assignment, "save")
    ground = await queries.ground(session, assignment)
    _expect_open(ground)
    await _begin_round(session, who, assignment, ground)
    review = await _write(session, assignment, wanted)
    _count(assignment, review, now)
    _lease(assignment, ground, now)
    await _move(session, who, assignment, "save", "saved", {"number": assignment.saves})
    _keep_version(session, who, assignment, review)


async def submit(session: Session, who: Principal, review_id: UUID, version: int, wanted: ReviewIn | None, now: datetime) -> None:
    """Hands in the review sent, or the saved draft. Raises NotFound, Stale, IllegalMove, NothingSaved, BadInput (all faults)."""
    assignment = await queries.one_for_update(session, who, review_id, version)
    _check(assignment, "submit")
    ground = await queries.ground(session, assignment)
    _expect_open(ground)
    await _gate(session, who, assignment, now)
    await _begin_round(session, who, assignment, ground)
    review = await _write(session, assignment, wanted) if wanted else await _saved(session, review_id)
    _judge(review, ground, now)
    _count(assignment, review, now)
    assignment.leased_until = None
    told = {"number": assignment.saves, "grade": review.grade, "total_hundredths": review.total_hundredths}
    await _move(session, who, assignment, "submit", "submitted", told)
    _keep_version(session, who, assignment, review)


def _expect_open(ground: queries.Ground) -> None:
    if ground.round_state not in rounds.UNDER_WAY:
        raise rules.RoundOver


async def _gate(session: Session, who: Principal, assignment: ReviewAssignment, now: datetime) -> None:
    """Conflicts are looked for again when a file is first opened and when its review is handed in."""
    of = await rounds_queries.as_it_is(session, assignment.round_id)
    kinds = await stand_ins.conflicts_of(session, assignment, of, now)
    if kinds:
        await stand_ins.replace(session, who, assignment, of, assignments.Ended.CONFLICT, ", ".join(kinds), now)
        raise rules.InConflict


def _lease(assignment: ReviewAssignment, ground: queries.Ground, now: datetime) -> None:
    """Working on a file keeps it from being taken away for a while; the lease ends by itself."""
    assignment.leased_until = now + timedelta(hours=ground.lease_hours)


def _judge(review: Review, ground: queries.Ground, now: datetime) -> None:
    findings = rules.findings_of(review.content)
    if faults := rules.faults_of(ground.rubric, ground.file, findings):
        raise errors.BadInput(*faults)
    score = rules.score(ground.rubric, ground.file, findings)
    review.grade, review.total_hundredths = score.grade, score.total
    review.got_hundredths, review.applicable_hundredths = score.got, score.applicable
    # A score is worth something only together with the rubric it was given under.
    review.content_hash, review.structure_hash = ground.content_hash, ground.structure_hash
    review.submitted_at = now


async def reopen(session: Session, who: Principal, review_id: UUID, version: int) -> None:
    """Gives a submitted review back to its reviewer while the round is under way. Raises NotFound, Stale, IllegalMove, RoundOver.

    The reason is demanded as `X-Change-Reason`; the submitted version stays in the history.
    """
    audit.demanded_reason(session)
    assignment = await queries.one_for_update(session, who, review_id, version)
    _check(assignment, "reopen")
    await _expect_under_way(session, assignment)
    _unjudge(await _saved(session, review_id))
    await _move(session, who, assignment, "reopen", "reopened")


async def void(session: Session, who: Principal, review_id: UUID, version: int) -> None:
    """Withdraws an assignment with its review, so that the file can be given out again. Raises as `reopen`.

    The reason is demanded as `X-Change-Reason`; what was written stays.
    """
    reason = audit.demanded_reason(session)
    assignment = await queries.one_for_update(session, who, review_id, version)
    _check(assignment, "void")
    await _expect_under_way(session, assignment)
    assignment.ended_how, assignment.ended_reason = assignments.Ended.WITHDRAWN, reason
    assignment.ended_at, assignment.leased_until = audit.circumstances(session).now, None
    await _move(session, who, assignment, "void", "voided")


def _unjudge(review: Review) -> None:
    for name in ("grade", "total_hundredths", "got_hundredths", "applicable_hundredths", "content_hash", "structure_hash"):
        setattr(review, name, None)
    review.submitted_at = None


async def _expect_under_way(session: Session, assignment: ReviewAssignment) -> None:
    # Locked, so that the round cannot be published between this look and the commit.
    found = await round_actions.held(session, assignment.round_id)
    if found not in {rounds.State.ASSIGNED, rounds.State.REVIEWING}:
        raise rules.RoundOver


def _check(assignment: ReviewAssignment, verb: str) -> None:
    raise_if(assignments.why_not(verb, assignments.State(assignment.state)))


async def _begin_round(session: Session, who: Principal, assignment: ReviewAssignment, ground: queries.Ground) -> None:
    if ground.round_state is rounds.State.ASSIGNED:
        await round_actions.begin(session, who, assignment.round_id)


async def _write(session: Session, assignment: ReviewAssignment, wanted: ReviewIn) -> Review:
    content = wanted.model_dump(mode="json", exclude_none=True)
    review = await queries.written(session, assignment.id)
    if review is None:
        review = Review(id=assignment.id)
        session.add(review)
    review.content = content
    return review


def _count(assignment: ReviewAssignment, review: Review, now: datetime) -> None:
    assignment.saves += 1
    review.saved_at = now


async def _saved(session: Session, review_id: UUID) -> Review:
    review = await queries.written(session, review_id)
    if review is None:
        raise rules.NothingSaved
    return review


def _keep_version(session: Session, who: Principal, assignment: ReviewAssignment, review: Review) -> None:
    session.add(
        ReviewVersion(
            review_id=review.id, number=assignment.saves, state=assignment.state, content=review.content, grade=review.grade,
            total_hundredths=review.total_hundredths, content_hash=review.content_hash, account_id=who.account_id,
            saved_at=review.saved_at,
        )
    )  # fmt: skip


async def _move(
    session: Session, who: Principal, assignment: ReviewAssignment, verb: str, told: str, after: dict[str, Any] | None = None
) -> None:
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
