"""Routes of handing in reviews, giving them back and withdrawing them."""

from __future__ import annotations

from fastapi import Request, Response

from services.cases_api import access
from services.cases_api.review_submissions import actions
from services.cases_api.reviews import queries
from services.cases_api.reviews.schemas import ReviewIn, ReviewOut
from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/reviews", "reviews")


@router.post("/{review_id}/submit", response_model=ReviewOut, summary="提交评查")
async def submit(
    request: Request,
    review_id: fields.Id,
    who: access.MayWriteReviews,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: ReviewIn | None = None,
) -> Response:
    """Hands in the review sent along; without a body, or with an empty one (`{}`), the saved draft.

    Everything that keeps it from being submitted is named at once. With `dry_run=true` the answer shows total and grade.
    """
    sent = wanted if wanted is not None and wanted.model_fields_set else None
    await actions.submit(session, who, review_id, version, sent, now)
    return answers.one(request, await queries.one(session, who, review_id))


@router.post("/{review_id}/reopen", response_model=ReviewOut, summary="退回评查")
async def reopen(
    request: Request, review_id: fields.Id, who: access.MayOverrideReviews, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Gives a submitted review back to its reviewer while the round is under way; `X-Change-Reason` is demanded."""
    await actions.reopen(session, who, review_id, version, now)
    return answers.one(request, await queries.one(session, who, review_id))


@router.post("/{review_id}/void", response_model=ReviewOut, summary="作废评查")
async def void(
    request: Request, review_id: fields.Id, who: access.MayOverrideReviews, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Withdraws a review with its assignment, so that the file can be given out again; `X-Change-Reason` is demanded."""
    await actions.void(session, who, review_id, version, now)
    return answers.one(request, await queries.one(session, who, review_id))
