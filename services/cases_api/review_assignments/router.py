"""Routes of review assignments. They are made by `POST /v1/review-rounds/{id}/assign`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.review_assignments import queries
from services.cases_api.review_assignments.schemas import AnyRoundFilter, ReviewAssignmentOut, ReviewAssignmentPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep

router = routing.router("/v1/review-assignments", "review-assignments")


@router.get("", response_model=ReviewAssignmentPage, summary="评查分派列表")
async def page(
    wanted: Annotated[AnyRoundFilter, Query()], who: access.MayReadReviewAssignments, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Assignments the caller may see: a reviewer the own ones, a unit those of its self-review, the bureau all."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{assignment_id}", response_model=ReviewAssignmentOut, summary="评查分派")
async def one(request: Request, assignment_id: fields.Id, who: access.MayReadReviewAssignments, read: ReadDep) -> Response:
    """One assignment; the review of it has the same id."""
    return answers.one(request, await queries.one(read, who, assignment_id))
