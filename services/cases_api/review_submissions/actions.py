"""Handing in reviews, giving them back and withdrawing them: what may open an arbitration or overtake one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api.arbitrations import actions as arbitrations
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_rounds import queries as rounds_queries
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.reviews import actions as reviewing
from services.cases_api.reviews import queries, rules
from services.cases_api.reviews.schemas import ReviewIn
from services.cases_api.reviews.tables import Review
from services.kit import audit, errors
from services.kit.db import Session
from services.kit.principal import Principal


async def submit(session: Session, who: Principal, review_id: UUID, version: int, wanted: ReviewIn | None, now: datetime) -> None:
    """Hands in the review sent, or the saved draft. Raises NotFound, Stale, IllegalMove, NothingSaved, BadInput (all faults)."""
    assignment = await queries.one_for_update(session, who, review_id, version)
    reviewing.check(assignment, "submit")
    ground = await queries.ground(session, assignment)
    reviewing.expect_open(ground)
    await reviewing.gate(session, who, assignment, now)
    await reviewing.begin_round(session, who, assignment, ground)
    review = await reviewing.write(session, assignment, wanted) if wanted else await reviewing.saved(session, review_id)
    _judge(review, ground, now)
    reviewing.count(assignment, review, now)
    assignment.leased_until = None
    told = {"number": assignment.saves, "grade": review.grade, "total_hundredths": review.total_hundredths}
    await reviewing.move(session, who, assignment, "submit", "submitted", told)
    reviewing.keep_version(session, who, assignment, review)
    await session.flush()
    of = await _under_way(session, assignment)
    await arbitrations.look(session, who, of, assignment.case_file_id, now)


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


async def reopen(session: Session, who: Principal, review_id: UUID, version: int, now: datetime) -> None:
    """Gives a submitted review back to its reviewer while the round is under way. Raises NotFound, Stale, IllegalMove, RoundOver,
    Decided.

    The reason is demanded as `X-Change-Reason`; the submitted version stays in the history.
    """
    audit.demanded_reason(session)
    assignment = await queries.one_for_update(session, who, review_id, version)
    reviewing.check(assignment, "reopen")
    of = await _under_way(session, assignment)
    await arbitrations.overtake(session, who, of.id, assignment.case_file_id, now, may_be_decided=False)
    _unjudge(await reviewing.saved(session, review_id))
    await reviewing.move(session, who, assignment, "reopen", "reopened")


async def void(session: Session, who: Principal, review_id: UUID, version: int, now: datetime) -> None:
    """Withdraws an assignment with its review, so that the file can be given out again. Raises as `reopen`.

    The reason is demanded as `X-Change-Reason`; what was written stays.
    """
    reason = audit.demanded_reason(session)
    assignment = await queries.one_for_update(session, who, review_id, version)
    reviewing.check(assignment, "void")
    of = await _under_way(session, assignment)
    await arbitrations.overtake(session, who, of.id, assignment.case_file_id, now, may_be_decided=False)
    assignment.ended_how, assignment.ended_reason = assignments.Ended.WITHDRAWN, reason
    assignment.ended_at, assignment.leased_until = now, None
    await reviewing.move(session, who, assignment, "void", "voided")


def _unjudge(review: Review) -> None:
    for name in ("grade", "total_hundredths", "got_hundredths", "applicable_hundredths", "content_hash", "structure_hash"):
        setattr(review, name, None)
    review.submitted_at = None


async def _under_way(session: Session, assignment: ReviewAssignment) -> ReviewRound:
    # Locked, so that the round cannot be published between this look and the commit, and so that of two reviewers who hand in
    # at once the second sees the first.
    found = await rounds_queries.locked(session, assignment.round_id)
    if found.state not in rounds.UNDER_WAY:
        raise rules.RoundOver
    return found
