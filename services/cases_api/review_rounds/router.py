"""Routes of review rounds."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.review_assignments import queries as assignments
from services.cases_api.review_assignments.schemas import ReviewAssignmentFilter, ReviewAssignmentPage
from services.cases_api.review_rounds import actions, queries
from services.cases_api.review_rounds.schemas import (
    ReviewRoundFilter,
    ReviewRoundIn,
    ReviewRoundOut,
    ReviewRoundPage,
    SamplingChange,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/review-rounds", "review-rounds")


@router.get("", response_model=ReviewRoundPage, summary="评查轮次列表")
async def page(
    wanted: Annotated[ReviewRoundFilter, Query()], who: access.MayReadReviewRounds, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Rounds of the caller's district, newest first."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ReviewRoundOut, status_code=201, summary="新增评查轮次")
async def create(
    request: Request, wanted: ReviewRoundIn, who: access.MayWriteReviewRounds, session: SessionDep, now: Now
) -> Response:
    """Adds a round to an open campaign: self-review of one unit, or by the bureau of all units; by the bureau also a cross review
    or a sample, whose files are drawn.
    """
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/review-rounds/{made.id}")


@router.get("/{round_id}", response_model=ReviewRoundOut, summary="评查轮次")
async def one(request: Request, round_id: fields.Id, who: access.MayReadReviewRounds, read: ReadDep) -> Response:
    """One round."""
    return answers.one(request, await queries.one(read, who, round_id))


@router.patch("/{round_id}", response_model=ReviewRoundOut, summary="修改抽样设定")
async def change(
    request: Request,
    round_id: fields.Id,
    wanted: SamplingChange,
    who: access.MayDraw,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Changes what a cross review or a sample is drawn from, until its frame is frozen."""
    await actions.change(session, who, round_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, round_id))


@router.get("/{round_id}/assignments", response_model=ReviewAssignmentPage, summary="本轮评查分派")
async def assigned(
    round_id: fields.Id,
    wanted: Annotated[ReviewAssignmentFilter, Query()],
    who: access.MayReadReviewAssignments,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Who reviews which file of the round, as far as the caller may see it, each with its reason."""
    return cursors.answer(await assignments.page(read, who, wanted, cursors.after(wanted), round_id), wanted)
