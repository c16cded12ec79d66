"""Routes of the dated settings of the legal check."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.legal_settings import actions, queries
from services.cases_api.legal_settings.schemas import (
    LegalSettingChange,
    LegalSettingFilter,
    LegalSettingIn,
    LegalSettingOut,
    LegalSettingPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/legal-settings", "legal-settings")


@router.get("", response_model=LegalSettingPage, summary="合法性检查参数列表")
async def page(
    wanted: Annotated[LegalSettingFilter, Query()], who: access.MayReadLegalSettings, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Limits, thresholds and rates with the days they hold; the most special one in force on the day that matters is used."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=LegalSettingOut, status_code=201, summary="新增合法性检查参数")
async def create(
    request: Request, wanted: LegalSettingIn, who: access.MayWriteLegalSettings, session: SessionDep, now: Now
) -> Response:
    """Lays down a setting for the district; case files are checked anew by it."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/legal-settings/{made.id}")


@router.get("/{setting_id}", response_model=LegalSettingOut, summary="合法性检查参数")
async def one(request: Request, setting_id: fields.Id, who: access.MayReadLegalSettings, read: ReadDep) -> Response:
    """One setting."""
    return answers.one(request, await queries.one(read, who, setting_id))


@router.put("/{setting_id}", response_model=LegalSettingOut, summary="修改合法性检查参数")
async def replace(
    request: Request,
    setting_id: fields.Id,
    wanted: LegalSettingChange,
    who: access.MayWriteLegalSettings,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Corrects a setting, or ends it by its last day; case files are checked anew by it."""
    await actions.replace(session, who, setting_id, version, wanted)
    return answers.one(request, await queries.one(session, who, setting_id))
