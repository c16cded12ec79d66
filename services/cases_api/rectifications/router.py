"""Routes of rectifications."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.rectifications import actions, queries
from services.cases_api.rectifications.schemas import (
    CheckIn,
    RectificationFilter,
    RectificationIn,
    RectificationOut,
    RectificationPage,
    ReportIn,
)
from services.kit import answers, clock, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/rectifications", "rectifications")


@router.get("", response_model=RectificationPage, summary="整改列表")
async def page(
    wanted: Annotated[RectificationFilter, Query()],
    who: access.MayReadRectifications,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """Rectifications by the day they are due: a unit's own, the district's for the bureau; `is_overdue=true` for what is late."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted), clock.local_day(now)), wanted)


@router.post("", response_model=RectificationOut, status_code=201, summary="责令整改")
async def order(
    request: Request, wanted: RectificationIn, who: access.MayOrderRectifications, session: SessionDep, now: Now
) -> Response:
    """Orders what a result shows to be put right, within the limit set. What came up in an earlier year has priority."""
    made = await actions.order(session, who, wanted, now)
    found = await queries.one(session, who, made.id, clock.local_day(now))
    return answers.created(request, found, f"/v1/rectifications/{made.id}")


@router.get("/{rectification_id}", response_model=RectificationOut, summary="整改")
async def one(
    request: Request, rectification_id: fields.Id, who: access.MayReadRectifications, read: ReadDep, now: Now
) -> Response:
    """One rectification."""
    return answers.one(request, await queries.one(read, who, rectification_id, clock.local_day(now)))


@router.post("/{rectification_id}/report", response_model=RectificationOut, summary="报送整改情况")
async def report(
    request: Request,
    rectification_id: fields.Id,
    wanted: ReportIn,
    who: access.MayReportRectifications,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The unit reports what was done, with evidence."""
    await actions.report(session, who, rectification_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, rectification_id, clock.local_day(now)))


@router.post("/{rectification_id}/close", response_model=RectificationOut, summary="整改销号")
async def close(
    request: Request,
    rectification_id: fields.Id,
    wanted: CheckIn,
    who: access.MayOrderRectifications,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Somebody other than the reporter has checked it and strikes it off."""
    await actions.close(session, who, rectification_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, rectification_id, clock.local_day(now)))


@router.post("/{rectification_id}/return", response_model=RectificationOut, summary="退回整改")
async def send_back(
    request: Request,
    rectification_id: fields.Id,
    wanted: CheckIn,
    who: access.MayOrderRectifications,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Somebody other than the reporter has checked it, and it is not put right."""
    await actions.send_back(session, who, rectification_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, rectification_id, clock.local_day(now)))
