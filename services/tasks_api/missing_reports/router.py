"""Route of missing progress reports."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.kit import routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep
from services.tasks_api import access
from services.tasks_api.missing_reports import queries
from services.tasks_api.missing_reports.schemas import MissingReportFilter, MissingReportPage

router = routing.router("/v1/progress-reports/missing", "progress-reports")


@router.get("/records", response_model=MissingReportPage, summary="未填报进展的记录")
async def missing_records(
    wanted: Annotated[MissingReportFilter, Query()], who: access.MayReadAssignments, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Which reports did not come in time, the latest noted first: once for each level it was told to, kept for good.

    Behind the last day (`reporting` setting) the unit is told, then its leaders, then the bureau, until a report comes.
    """
    return cursors.answer(await queries.LISTING.page(read, who, wanted, cursors.after(wanted)), wanted)
