"""Routes of years of the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Request, Response

from services.kit import answers, audit, clock, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.hour_years import actions, queries
from services.training_api.hour_years.rules import Verb
from services.training_api.hour_years.schemas import CloseIn, HourYearOut, HourYearPage

router = routing.router("/v1/hour-years", "hour_years")


@router.get("", response_model=HourYearPage, summary="学时年度列表")
async def page(who: access.MayReadHourYears, read: ReadDep, now: Now) -> Response:
    """Years from the first with hours to this one, the latest first, on one page."""
    items = ",".join(await queries.listed(read, who, clock.local_day(now).year))
    return Response(f'{{"items":[{items}],"next_cursor":null}}', media_type="application/json")


@router.get("/{year}", response_model=HourYearOut, summary="学时年度")
async def one(request: Request, year: fields.QueryYear, who: access.MayReadHourYears, read: ReadDep, now: Now) -> Response:
    """How a year of the district stands, and how many entries of it still wait for a decision."""
    return answers.one(request, await queries.one(read, who, year, clock.local_day(now).year))


@router.post("/{year}/close", response_model=HourYearOut, summary="年度关账")
async def close(
    request: Request,
    year: fields.QueryYear,
    who: access.MayMoveHourYears,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[CloseIn | None, Body()] = None,
) -> Response:
    """Closes a year that is over. From then on hours enter it with `X-Change-Reason` and the bureau's consent alone:
    what others enter stays pending until the bureau confirms it. 409 `hour_year.not_over`, `hour_year.illegal_move`.
    """
    reason = (wanted.reason if wanted else None) or audit.circumstances(session).reason
    await actions.move(session, who, year, version, Verb.CLOSE, reason, now)
    return answers.one(request, await queries.one(session, who, year, clock.local_day(now).year))


@router.post("/{year}/reopen", response_model=HourYearOut, summary="重新开放年度")
async def reopen(
    request: Request, year: fields.QueryYear, who: access.MayMoveHourYears, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Opens a closed year again; `X-Change-Reason` says why. 409 `hour_year.illegal_move`."""
    await actions.move(session, who, year, version, Verb.REOPEN, audit.demanded_reason(session), now)
    return answers.one(request, await queries.one(session, who, year, clock.local_day(now).year))
