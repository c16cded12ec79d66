"""Routes of guidance settings."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.guidance_settings import actions, queries
from services.cases_api.guidance_settings.schemas import (
    GuidanceSettingsFilter,
    GuidanceSettingsIn,
    GuidanceSettingsOut,
    GuidanceSettingsPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/guidance-settings", "guidance-settings")


@router.get("", response_model=GuidanceSettingsPage, summary="跟案指导设置列表")
async def page(
    wanted: Annotated[GuidanceSettingsFilter, Query()], who: access.MayReadGuidanceSettings, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Share, basis and what counts, by the day they begin; a year is measured by the newest that begin by its end."""
    return cursors.answer(await queries.SETTINGS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=GuidanceSettingsOut, status_code=201, summary="新增跟案指导设置")
async def create(
    request: Request, wanted: GuidanceSettingsIn, who: access.MayWriteGuidanceSettings, session: SessionDep, now: Now
) -> Response:
    """Sets everything anew from a day of this year or a later one; what was set before stays on record."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.SET.one(session, who, made.id), f"/v1/guidance-settings/{made.id}")


@router.get("/{settings_id}", response_model=GuidanceSettingsOut, summary="跟案指导设置")
async def one(request: Request, settings_id: fields.Id, who: access.MayReadGuidanceSettings, read: ReadDep) -> Response:
    """One set of settings."""
    return answers.one(request, await queries.SET.one(read, who, settings_id))
