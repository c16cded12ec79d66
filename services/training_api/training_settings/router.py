"""Routes of the dated settings."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.training_settings import actions, queries
from services.training_api.training_settings.schemas import (
    InForceQuery,
    SettingsFilter,
    SettingsIn,
    SettingsOut,
    SettingsPage,
)

router = routing.router("/v1/training-settings", "training_settings")


@router.get("", response_model=SettingsPage, summary="培训设置各版本")
async def page(
    wanted: Annotated[SettingsFilter, Query()], who: access.MayReadSettings, read: ReadDep, cursors: CursorsDep
) -> Response:
    """All versions of the district's settings, and the one delivered; nothing is ever changed or removed."""
    return cursors.answer(await queries.SETTINGS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/in-force", response_model=SettingsOut, summary="现行培训设置")
async def in_force(
    request: Request, wanted: Annotated[InForceQuery, Query()], who: access.MayReadSettings, read: ReadDep, now: Now
) -> Response:
    """The version that holds on a day, today when none is named."""
    return answers.one(request, await queries.shown(read, who, wanted.on or clock.local_day(now), now))


@router.post("", response_model=SettingsOut, status_code=201, summary="制定培训设置")
async def lay_down(request: Request, wanted: SettingsIn, who: access.MayWriteSettings, session: SessionDep, now: Now) -> Response:
    """Adds a version from a day on, with a reason. Hours already posted keep the version they were worked out by;
    what a year owes follows the version of its first day, and `as_of` still gives the figures recorded before.
    """
    made = await actions.lay_down(session, who, wanted, now)
    return answers.created(request, await queries.SETTING.one(session, who, made.id), f"/v1/training-settings/{made.id}")


@router.get("/{settings_id}", response_model=SettingsOut, summary="培训设置版本")
async def one(request: Request, settings_id: fields.Id, who: access.MayReadSettings, read: ReadDep) -> Response:
    """One version."""
    return answers.one(request, await queries.SETTING.one(read, who, settings_id))
