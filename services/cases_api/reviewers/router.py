"""Routes of the pool of reviewers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.reviewers import actions, queries
from services.cases_api.reviewers.schemas import ReviewerChange, ReviewerFilter, ReviewerIn, ReviewerOut, ReviewerPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/reviewers", "reviewers")


@router.get("", response_model=ReviewerPage, summary="评查人员库")
async def page(
    wanted: Annotated[ReviewerFilter, Query()], who: access.MayReadReviewers, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The pool: for the bureau the district's, for a unit its own people, for a reviewer the own entry."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ReviewerOut, status_code=201, summary="登记评查人员")
async def create(request: Request, wanted: ReviewerIn, who: access.MayWriteReviewers, session: SessionDep, now: Now) -> Response:
    """Takes an account with the reviewer's role into the pool, with its expertise, qualification and former units."""
    row = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, row.id), f"/v1/reviewers/{row.id}")


@router.get("/{reviewer_id}", response_model=ReviewerOut, summary="评查人员")
async def one(request: Request, reviewer_id: fields.Id, who: access.MayReadReviewers, read: ReadDep) -> Response:
    """One reviewer."""
    return answers.one(request, await queries.one(read, who, reviewer_id))


@router.patch("/{reviewer_id}", response_model=ReviewerOut, summary="修改评查人员")
async def change(
    request: Request,
    reviewer_id: fields.Id,
    wanted: ReviewerChange,
    who: access.MayWriteReviewers,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Changes what is known of a reviewer: an absence, a qualification, whether files are assigned at all."""
    await actions.change(session, who, reviewer_id, version, wanted)
    return answers.one(request, await queries.one(session, who, reviewer_id))
