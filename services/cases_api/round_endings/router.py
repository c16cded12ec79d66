"""Routes by which rounds end."""

from __future__ import annotations

from fastapi import Request, Response

from services.cases_api import access
from services.cases_api.review_rounds import queries
from services.cases_api.review_rounds.schemas import ReviewRoundOut
from services.cases_api.round_endings import actions
from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/review-rounds", "review-rounds")


@router.post("/{round_id}/publish", response_model=ReviewRoundOut, summary="公布评查结果")
async def publish(
    request: Request, round_id: fields.Id, who: access.MayWriteReviewRounds, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Opens the results to the reviewed units, once every file given out is reviewed."""
    await actions.publish(session, who, round_id, version, now)
    return answers.one(request, await queries.one(session, who, round_id))


@router.post("/{round_id}/close", response_model=ReviewRoundOut, summary="结束评查轮次")
async def close(
    request: Request, round_id: fields.Id, who: access.MayEndReviewRounds, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Ends a published round."""
    await actions.close(session, who, round_id, version, now)
    return answers.one(request, await queries.one(session, who, round_id))


@router.post("/{round_id}/void", response_model=ReviewRoundOut, summary="作废评查轮次")
async def void(
    request: Request, round_id: fields.Id, who: access.MayEndReviewRounds, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Voids a round with its reviews, which are kept but count nowhere; `X-Change-Reason` is demanded."""
    await actions.void(session, who, round_id, version, now)
    return answers.one(request, await queries.one(session, who, round_id))
