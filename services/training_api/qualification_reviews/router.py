"""Routes of reviews of qualifications."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, batches, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Language, Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.qualification_reviews import actions, queries
from services.training_api.qualification_reviews.schemas import (
    DecisionsIn,
    ItemFilter,
    ItemIn,
    ItemPage,
    QualificationReviewFilter,
    QualificationReviewIn,
    QualificationReviewOut,
    QualificationReviewPage,
    ReasonIn,
)

router = routing.router("/v1/qualification-reviews", "qualification_reviews")


@router.get("", response_model=QualificationReviewPage, summary="资格清理列表")
async def page(
    wanted: Annotated[QualificationReviewFilter, Query()],
    who: access.MayReadQualificationReviews,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Reviews of the district, newest first, with the counts of the caller's own items."""
    return cursors.answer(await queries.REVIEWS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=QualificationReviewOut, status_code=201, summary="发起资格清理")
async def create(
    request: Request, wanted: QualificationReviewIn, who: access.MayRunQualificationReviews, session: SessionDep, now: Now
) -> Response:
    """Begins a review. It proposes the certificates of who left or became auxiliary, of expired ones, and of missing passes."""
    review = await actions.create(session, who, wanted, now)
    found = await queries.REVIEW.one(session, who, review.id)
    return answers.created(request, found, f"/v1/qualification-reviews/{review.id}")


@router.get("/{review_id}", response_model=QualificationReviewOut, summary="资格清理")
async def one(request: Request, review_id: fields.Id, who: access.MayReadQualificationReviews, read: ReadDep) -> Response:
    """One review."""
    return answers.one(request, await queries.REVIEW.one(read, who, review_id))


@router.get("/{review_id}/items", response_model=ItemPage, summary="清理事项")
async def items(
    review_id: fields.Id,
    wanted: Annotated[ItemFilter, Query()],
    who: access.MayReadQualificationReviews,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Certificates of the caller's officers that a review names."""
    found = await queries.ITEMS.page(read, who, wanted, cursors.after(wanted), review_id=review_id)
    return cursors.answer(found, wanted)


@router.post("/{review_id}/items", response_model=QualificationReviewOut, status_code=201, summary="增加清理事项")
async def add(
    request: Request,
    review_id: fields.Id,
    wanted: ItemIn,
    who: access.MayRunQualificationReviews,
    session: SessionDep,
    now: Now,
) -> Response:
    """Names one more certificate, with a reason."""
    await actions.add(session, who, review_id, wanted, now)
    found = await queries.REVIEW.one(session, who, review_id)
    return answers.created(request, found, f"/v1/qualification-reviews/{review_id}/items")


@router.post("/{review_id}/decisions/batch", response_model=batches.Outcomes, summary="核对清理事项")
async def decide(
    review_id: fields.Id,
    wanted: DecisionsIn,
    who: access.MayDecideQualifications,
    session: SessionDep,
    now: Now,
    language: Language,
) -> batches.Outcomes:
    """Units say what is to become of their certificates: `cancel`, or `keep` with a note. Up to 500 at once."""
    return await actions.decide(session, who, review_id, wanted, now, language)


@router.post("/{review_id}/check", response_model=QualificationReviewOut, summary="核对完成")
async def check(
    request: Request,
    review_id: fields.Id,
    who: access.MayRunQualificationReviews,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Closes the units' answers. 409 `qualification_review.undecided` while one is missing."""
    await actions.check(session, who, review_id, version, now)
    return answers.one(request, await queries.REVIEW.one(session, who, review_id))


@router.post("/{review_id}/reopen", response_model=QualificationReviewOut, summary="退回核对")
async def reopen(
    request: Request,
    review_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayRunQualificationReviews,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Gives a checked review back to the units, with a reason."""
    await actions.reopen(session, who, review_id, version, wanted.reason)
    return answers.one(request, await queries.REVIEW.one(session, who, review_id))


@router.post("/{review_id}/apply", response_model=QualificationReviewOut, summary="执行清理")
async def apply(
    request: Request,
    review_id: fields.Id,
    who: access.MayRunQualificationReviews,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Cancels the certificates in one transaction; `dry_run` shows the counts. What ended meanwhile is skipped."""
    await actions.apply(session, who, review_id, version, now)
    return answers.one(request, await queries.REVIEW.one(session, who, review_id))


@router.post("/{review_id}/void", response_model=QualificationReviewOut, summary="放弃清理")
async def void(
    request: Request,
    review_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayRunQualificationReviews,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Gives a review up, with a reason; nothing is cancelled."""
    await actions.void(session, who, review_id, version, wanted.reason)
    return answers.one(request, await queries.REVIEW.one(session, who, review_id))
