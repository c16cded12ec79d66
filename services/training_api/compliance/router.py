"""Routes of compliance."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import StreamingResponse

from services.kit import fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, RuntimeDep
from services.training_api import access
from services.training_api.compliance import actions, queries, rules
from services.training_api.compliance.schemas import (
    DetailQuery,
    DistrictComplianceOut,
    OfficerComplianceDetailOut,
    OfficerComplianceFilter,
    OfficerCompliancePage,
    SumsVerificationOut,
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
    moment = queries.moment_asked(wanted.as_of, now)
    page = await queries.officers(read, who, wanted, moment, cursors.after(wanted))
    return cursors.answer(page, wanted, as_of=queries.utc(moment.at or now))


@router.get("/officers/{officer_id}", response_model=OfficerComplianceDetailOut, summary="个人学时达标明细")
async def officer(
    officer_id: fields.Id, wanted: Annotated[DetailQuery, Query()], who: access.MayReadCompliance, read: ReadDep, now: Now
) -> Response:
    """One officer's year: the figures, the entries behind them, and the sum in words."""
    moment = queries.moment_asked(wanted.as_of, now)
    body, figures = await queries.detail(read, who, officer_id, wanted.year, moment)
    words = {"zh": rules.in_chinese(figures), "en": rules.in_english(figures)}
    # The object the database made is left as it is, and what it does not know is set behind its last field.
    more = json.dumps({"as_of": queries.utc(moment.at or now), "explanation": words}, ensure_ascii=False)
    return Response(f"{body[:-1]}, {more[1:]}", media_type="application/json")


@router.get("/units", response_model=UnitCompliancePage, summary="单位学时达标情况")
async def units(
    wanted: Annotated[UnitComplianceFilter, Query()],
    who: access.MayReadUnitCompliance,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """Units with officers in service in the year: how many have the hours, and how many will stay short at this pace."""
    moment = queries.moment_asked(wanted.as_of, now)
    page = await queries.units(read, who, wanted, moment, cursors.after(wanted))
    return cursors.answer(page, wanted, as_of=queries.utc(moment.at or now))


@router.get("/district", response_model=DistrictComplianceOut, summary="全区学时达标情况")
async def district(
    wanted: Annotated[DetailQuery, Query()], who: access.MayReadDistrictCompliance, read: ReadDep, now: Now
) -> Response:
    """The whole district in one row: how many have the hours, how many will stay short, and the sums behind it."""
    moment = queries.moment_asked(wanted.as_of, now)
    shown = json.loads(await queries.district(read, who, wanted.year, moment)) | {"as_of": queries.utc(moment.at or now)}
    return Response(json.dumps(shown, ensure_ascii=False), media_type="application/json")


@router.get("/verification", response_model=SumsVerificationOut, summary="核对学时累计")
async def verification(who: access.MayReadDistrictCompliance, read: ReadDep, process: RuntimeDep) -> Response:
    """Compares the running sums that figures are read from with the entries of the ledger, officer by officer and year by
    year. They never differ, unless somebody bent one of them behind the application's back. Of many officers the rest is
    compared while the answer is under way.
    """
    known = await actions.check_part(read, who.district_id, None)
    if known.goes_on_behind is None:
        return Response(actions.told(known), media_type="application/json")
    return StreamingResponse(actions.check_rest(process.database, who.district_id, known), media_type="application/json")
