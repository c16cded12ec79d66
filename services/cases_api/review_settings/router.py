"""Routes of review settings."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.review_settings import actions, queries
from services.cases_api.review_settings.schemas import (
    ReviewSettingsFilter,
    ReviewSettingsIn,
    ReviewSettingsOut,
    ReviewSettingsPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/review-settings", "review-settings")


@router.get("", response_model=ReviewSettingsPage, summary="评查设置列表")
async def page(
    wanted: Annotated[ReviewSettingsFilter, Query()], who: access.MayReadReviewSettings, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Shares, limits and deadlines by the day they begin; the newest of the district that has begun is in force."""
    return cursors.answer(await queries.SETTINGS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ReviewSettingsOut, status_code=201, summary="新增评查设置")
async def create(
    request: Request, wanted: ReviewSettingsIn, who: access.MayWriteReviewSettings, session: SessionDep, now: Now
) -> Response:
    """Sets everything anew from today or a later day on; what was set before stays on record."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.SET.one(session, who, made.id), f"/v1/review-settings/{made.id}")


@router.get("/{settings_id}", response_model=ReviewSettingsOut, summary="评查设置")
async def one(request: Request, settings_id: fields.Id, who: access.MayReadReviewSettings, read: ReadDep) -> Response:
    """One set of settings."""
    return answers.one(request, await queries.SET.one(read, who, settings_id))
