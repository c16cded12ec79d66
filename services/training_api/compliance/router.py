"""Routes of compliance."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query, Response

from services.kit import errors, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep
from services.training_api import access
from services.training_api.compliance import queries, rules
from services.training_api.compliance.schemas import (
    DetailQuery,
    OfficerComplianceDetailOut,
    OfficerComplianceFilter,
    OfficerCompliancePage,
    UnitComplianceFilter,
    UnitCompliancePage,
)

router = routing.router("/v1/compliance", "compliance")


@router.get("/officers", response_model=OfficerCompliancePage, summary="人员学时达标情况")
async def officers(
    wanted: Annotated[OfficerComplianceFilter, Query()],
    who: access.MayReadCompliance,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """Officers in service in the year: what each owes, has and misses. Auxiliary staff owe nothing and are not listed.

    An officer counts for the unit served last in the year; `as_of` gives the figures as they were recorded then.
    """
    at = _moment_asked(wanted.as_of, now)
    page = await queries.officers(read, who, wanted, at, cursors.after(wanted))
    return cursors.answer(page, wanted, as_of=_utc(at))


@router.get("/officers/{officer_id}", response_model=OfficerComplianceDetailOut, summary="个人学时达标明细")
async def officer(
    officer_id: fields.Id, wanted: Annotated[DetailQuery, Query()], who: access.MayReadCompliance, read: ReadDep, now: Now
) -> Response:
    """One officer's year: the figures, the entries behind them, and the sum in words."""
    at = _moment_asked(wanted.as_of, now)
    body, figures = await queries.detail(read, who, officer_id, wanted.year, at)
    words = {"zh": rules.in_chinese(figures), "en": rules.in_english(figures)}
    shown = json.loads(body) | {"as_of": _utc(at), "explanation": words}
    return Response(json.dumps(shown, ensure_ascii=False), media_type="application/json")


@router.get("/units", response_model=UnitCompliancePage, summary="单位学时达标情况")
async def units(
    wanted: Annotated[UnitComplianceFilter, Query()],
    who: access.MayReadUnitCompliance,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """Units with officers in service in the year: how many have the hours, and how many will stay short at this pace."""
    at = _moment_asked(wanted.as_of, now)
    return cursors.answer(await queries.units(read, who, wanted, at, cursors.after(wanted)), wanted, as_of=_utc(at))


def _moment_asked(as_of: datetime | None, now: datetime) -> datetime:
    if as_of is not None and as_of > now:
        raise errors.BadInput(errors.Fault("/query/as_of", "in_future"))
    return as_of or now


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
