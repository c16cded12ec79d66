"""Routes of progress reports."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.pagination import CursorsDep, Page
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.progress_reports import actions, queries, rules
from services.tasks_api.progress_reports.schemas import (
    MissingFilter,
    MissingPage,
    ProgressReportFilter,
    ProgressReportIn,
    ProgressReportOut,
    ProgressReportPage,
)
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import Reporting

router = routing.router("/v1/assignments/{assignment_id}/progress-reports", "progress-reports")
desk = routing.router("/v1/progress-reports", "progress-reports")


@router.get("", response_model=ProgressReportPage, summary="进展填报列表")
async def page(
    assignment_id: fields.Id,
    wanted: Annotated[ProgressReportFilter, Query()],
    who: access.MayReadAssignments,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Reports on an assignment the caller may see, the newest first."""
    return cursors.answer(await queries.page(read, who, assignment_id, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ProgressReportOut, status_code=201, summary="填报进展")
async def add(
    request: Request,
    assignment_id: fields.Id,
    wanted: ProgressReportIn,
    who: access.MayReportProgress,
    session: SessionDep,
    now: Now,
) -> Response:
    """Adds a report to a signed assignment or one in progress. Reports are never changed; a correction is a further one."""
    report_id = await actions.add(session, who, assignment_id, wanted, now)
    location = f"/v1/assignments/{assignment_id}/progress-reports/{report_id}"
    return answers.created(request, await queries.one(session, who, assignment_id, report_id), location)


@router.get("/{report_id}", response_model=ProgressReportOut, summary="进展填报")
async def one(
    request: Request, assignment_id: fields.Id, report_id: fields.Id, who: access.MayReadAssignments, read: ReadDep
) -> Response:
    """One report."""
    return answers.one(request, await queries.one(read, who, assignment_id, report_id))


@desk.get("/missing", response_model=MissingPage, summary="未按期填报进展的任务")
async def missing(
    wanted: Annotated[MissingFilter, Query()], who: access.MayReadAssignments, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Who did not report: work under way on which nothing was told since the last period began that has ended.

    How often progress is asked for is a dated setting (`reporting`); where it is `none` the list is empty.
    """
    day = wanted.on or clock.local_day(now)
    asked = await settings.value_of(read, Reporting, who.district_id, day)
    span = rules.last_ended(asked.period, day)
    if span is None:
        return cursors.answer(Page([], None, 0 if wanted.count else None), wanted)
    places = {"period_start": span.start, "period_end": span.end, "today": day, "due_working_days": asked.due_working_days}
    return cursors.answer(await queries.MISSING.page(read, who, wanted, cursors.after(wanted), **places), wanted)
