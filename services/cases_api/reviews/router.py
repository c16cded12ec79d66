"""Routes of reviews."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.cases_api import access
from services.cases_api.reviews import actions, queries
from services.cases_api.reviews.schemas import (
    ReviewFilter,
    ReviewIn,
    ReviewOut,
    ReviewPage,
    ReviewVersionFilter,
    ReviewVersionOut,
    ReviewVersionPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/reviews", "reviews")
Number = Annotated[int, Path(ge=1, le=1_000_000, json_schema_extra={"format": "int32"})]


@router.get("", response_model=ReviewPage, summary="评查列表")
async def page(
    wanted: Annotated[ReviewFilter, Query()], who: access.MayReadReviews, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Reviews the caller may see: a reviewer the own ones, a unit those of its files once published, the bureau all."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{review_id}", response_model=ReviewOut, summary="评查")
async def one(request: Request, review_id: fields.Id, who: access.MayReadReviews, read: ReadDep) -> Response:
    """One review."""
    return answers.one(request, await queries.one(read, who, review_id))


@router.post("/{review_id}/open", response_model=ReviewOut, summary="开始评查")
async def open_up(
    request: Request, review_id: fields.Id, who: access.MayWriteReviews, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """The reviewer looks into the file for the first time; the round is under way from the first one."""
    await actions.open_up(session, who, review_id, version, now)
    return answers.one(request, await queries.one(session, who, review_id))


@router.put("/{review_id}", response_model=ReviewOut, summary="保存评查草稿")
async def save(
    request: Request,
    review_id: fields.Id,
    wanted: ReviewIn,
    who: access.MayWriteReviews,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Saves the whole draft as a new version. A second tab that knows only an older version is refused (412)."""
    await actions.save(session, who, review_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, review_id))


@router.get("/{review_id}/versions", response_model=ReviewVersionPage, summary="评查历史版本")
async def versions(
    review_id: fields.Id,
    wanted: Annotated[ReviewVersionFilter, Query()],
    who: access.MayReadReviewHistory,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Every version that was saved or submitted; for the reviewer and the bureau."""
    return cursors.answer(await queries.versions(read, who, review_id, wanted, cursors.after(wanted)), wanted)


@router.get("/{review_id}/versions/{number}", response_model=ReviewVersionOut, summary="评查的一个版本")
async def version(
    request: Request, review_id: fields.Id, number: Number, who: access.MayReadReviewHistory, read: ReadDep
) -> Response:
    """One version, as it was saved."""
    return answers.one(request, await queries.version(read, who, review_id, number))
