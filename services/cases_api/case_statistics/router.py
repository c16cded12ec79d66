"""Routes of the annual statistics."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from services.cases_api import access
from services.cases_api.case_statistics import queries, rules
from services.cases_api.case_statistics.schemas import CaseStatisticsExportQuery, CaseStatisticsOut, CaseStatisticsQuery
from services.kit import exports, routing, workbooks
from services.kit.runtime import Now, ReadDep, RuntimeDep

router = routing.router("/v1/case-statistics", "case-statistics")


@router.get("", response_model=CaseStatisticsOut, summary="行政执法统计年报")
async def case_statistics(
    wanted: Annotated[CaseStatisticsQuery, Query()], who: access.MayReadCaseStatistics, read: ReadDep, now: Now
) -> Response:
    """Tables T1 to T5 of a year for each unit the caller may see, and their sum; with `as_of` as they were recorded then.

    A decision counts in the year it was made, once under its heaviest kind, also when it was revoked later.
    """
    found = await queries.statistics(read, who, wanted, queries.asked(wanted, now))
    body = CaseStatisticsOut.model_validate(found)
    return Response(body.model_dump_json(exclude_none=True), media_type="application/json")


@router.get("/export", response_class=Response, responses=exports.FILES, summary="导出行政执法统计年报")
async def export_case_statistics(
    request: Request,
    wanted: Annotated[CaseStatisticsExportQuery, Query()],
    who: access.MayReadCaseStatistics,
    read: ReadDep,
    runtime: RuntimeDep,
    now: Now,
) -> StreamingResponse:
    """The five tables below each other as a file, money in yuan. Each export is noted in the audit trail with its filters."""
    found = await queries.statistics(read, who, wanted, queries.asked(wanted, now))
    await exports.audited(request, runtime, who, "case_statistics", wanted.model_dump(mode="json", exclude_none=True))
    lines = workbooks.written(_lines(wanted.year, found), wanted.format, "统计年报")
    return exports.download(lines, wanted.format, f"{wanted.year}年度行政执法统计年报")


async def _lines(year: int, found: Mapping[str, Any]) -> AsyncIterator[bytes]:
    for row in rules.sheet(year, found["units"], found["totals"]):
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"
