"""Routes of the legal check."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Response
from pydantic import TypeAdapter

from services.cases_api import access
from services.cases_api.legal_checks import actions
from services.cases_api.legal_checks.queries import bodies, lists
from services.cases_api.legal_checks.schemas import (
    DeadlineFilter,
    DeadlinePage,
    DefectFilter,
    DefectPage,
    DefectsOut,
    OverrideIn,
    RuleId,
    RulesOut,
)
from services.kit import clock, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Now, ReadDep, Runtime, RuntimeDep, SessionDep

router = routing.router("/v1", "legal-checks")
Rule = Annotated[RuleId, Path()]


def _answer(found: DefectsOut) -> Response:
    return Response(found.model_dump_json(exclude_none=True), media_type="application/json")


async def _unchecked(process: Runtime, who: Principal, now: Any) -> int:
    """Brings the caller's district up to date; how many files still wait."""
    return 0 if who.district_id is None else await actions.refresh(process.database, who.district_id, now)


@router.get("/case-files/{case_file_id}/defects", response_model=DefectsOut, summary="案卷合法性检查")
async def case_defects(case_file_id: fields.Id, who: access.MayReadCaseFiles, read: ReadDep, now: Now) -> Response:
    """The file checked as it is read, by rules P01 to P26: what was found, with the days and the sum; what lacks facts."""
    return _answer(await actions.defects_of(read, who, case_file_id, now))


@router.post("/case-files/{case_file_id}/defects/{rule}/override", response_model=DefectsOut, summary="说明理由保留问题")
async def override_defect(
    case_file_id: fields.Id,
    rule: Rule,
    wanted: OverrideIn,
    who: access.MayOverrideDefects,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Leaves a defect as it is, with a reason that stays visible; it holds for this finding and for no later one."""
    return _answer(await actions.override(session, who, case_file_id, rule, version, wanted.reason, now))


@router.delete("/case-files/{case_file_id}/defects/{rule}/override", response_model=DefectsOut, summary="撤回保留")
async def withdraw_override(
    case_file_id: fields.Id,
    rule: Rule,
    who: access.MayOverrideDefects,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes an override back; `X-Change-Reason` is needed, and both stay in the records."""
    return _answer(await actions.withdraw(session, who, case_file_id, rule, version, now))


@router.get("/defects", response_model=DefectPage, summary="问题列表")
async def defects_page(
    wanted: Annotated[DefectFilter, Query()],
    who: access.MayReadDefects,
    read: ReadDep,
    cursors: CursorsDep,
    process: RuntimeDep,
    now: Now,
) -> Response:
    """Defects over all files the caller may see, the newest first; files touched since their last check are checked first."""
    unchecked = await _unchecked(process, who, now)
    page = await lists.DEFECTS.page(read, who, wanted, cursors.after(wanted))
    return cursors.answer(page, wanted, unchecked=unchecked)


@router.get("/deadlines", response_model=DeadlinePage, summary="到期事项列表")
async def deadlines_page(
    wanted: Annotated[DeadlineFilter, Query()],
    who: access.MayReadDefects,
    read: ReadDep,
    cursors: CursorsDep,
    process: RuntimeDep,
    now: Now,
) -> Response:
    """What falls due in running cases, the nearest first, by unit or officer; overdue ones stand at the beginning."""
    unchecked = await _unchecked(process, who, now)
    page = await lists.DEADLINES.page(read, who, wanted, cursors.after(wanted), today=clock.local_day(now))
    return cursors.answer(page, wanted, unchecked=unchecked)


@router.get("/legal-checks/rules", response_model=RulesOut, summary="合法性检查规则")
async def rules(who: access.MayReadLegalSettings) -> Response:
    """The rules P01 to P26: what each asks, its level, since when it is law, and the articles it rested on."""
    body = TypeAdapter(RulesOut).validate_python({"items": bodies.register(), "next_cursor": None})
    return Response(body.model_dump_json(exclude={"count"}), media_type="application/json")
