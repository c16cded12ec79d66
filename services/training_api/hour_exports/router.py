"""Routes of exports."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from services.kit import exports, routing, workbooks
from services.kit.runtime import Now, RuntimeDep
from services.training_api import access
from services.training_api.hour_exports import actions, rules
from services.training_api.hour_exports.schemas import ComplianceExportQuery, HourExportQuery

hours = routing.router("/v1/hour-entries", "hour_entries")
compliance = routing.router("/v1/compliance", "compliance")


@hours.get("/export", response_class=Response, responses=exports.FILES, summary="导出学时台账")
async def export(
    request: Request, wanted: Annotated[HourExportQuery, Query()], who: access.MayExportHours, runtime: RuntimeDep
) -> StreamingResponse:
    """The entries the caller may read, oldest first, as a file. Each export is noted in the audit trail with its filters."""
    fetch = actions.hours(who, wanted)
    await exports.audited(request, runtime, who, "hour_entry", wanted.model_dump(mode="json", exclude_none=True))
    lines = exports.lines(runtime, rules.HOUR_HEADINGS, fetch)
    return exports.download(workbooks.written(lines, wanted.format, "学时台账"), wanted.format, "学时台账")


@compliance.get("/officers/export", response_class=Response, responses=exports.FILES, summary="导出人员学时达标情况")
async def export_officers(
    request: Request,
    wanted: Annotated[ComplianceExportQuery, Query()],
    who: access.MayExportCompliance,
    runtime: RuntimeDep,
    now: Now,
) -> StreamingResponse:
    """How officers stand in a year, with their names, as a file; `as_of` as for the list. Noted in the audit trail."""
    fetch = actions.figures(who, wanted, now)
    await exports.audited(request, runtime, who, "compliance", wanted.model_dump(mode="json", exclude_none=True))
    lines = exports.lines(runtime, rules.COMPLIANCE_HEADINGS, fetch)
    return exports.download(workbooks.written(lines, wanted.format, "学时达标"), wanted.format, f"{wanted.year}年学时达标情况")
