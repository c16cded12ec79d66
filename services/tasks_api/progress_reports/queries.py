"""Reads of progress reports: JSON made by the database."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, literal, select

from services.kit import answers, errors, pagination
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.progress_reports.schemas import ProgressReportFilter
from services.tasks_api.progress_reports.tables import ProgressReport

BODY: Final = answers.json_object(
    {
        "id": ProgressReport.id,
        "assignment_id": ProgressReport.assignment_id,
        "district_id": ProgressReport.district_id,
        "unit_id": ProgressReport.unit_id,
        "period": ProgressReport.period,
        "text": ProgressReport.text,
        "percent": ProgressReport.percent,
        "measures": ProgressReport.measures,
        "attachment_ids": ProgressReport.attachment_ids,
        "reported_by": ProgressReport.reported_by,
        "reported_by_name": ProgressReport.reported_by_name,
        "created_at": answers.moment(ProgressReport.created_at),
    }
)
ORDER: Final = (ProgressReport.created_at, ProgressReport.id)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """Reports are seen by whoever sees the assignment now; after a hand-over that is the new unit."""
    return exists().where(Assignment.id == ProgressReport.assignment_id, assignments.visible_to(who))


async def page(
    read: Reader, who: Principal, assignment_id: UUID, wanted: ProgressReportFilter, start: pagination.Start | None
) -> pagination.Page:
    """Reports on one assignment; NotFound when the caller may not see it."""
    found = select(BODY).where(ProgressReport.assignment_id == assignment_id, visible_to(who))
    order = pagination.Order(ORDER, descending=wanted.sort.startswith("-"))
    page = await pagination.read(read, found, order, wanted, start)
    # Only an empty list leaves open whether there is such an assignment at all.
    if not page.items and not await assignments.is_visible(read, who, assignment_id):
        raise errors.NotFound
    return page


async def one(connection: Reader | Session, who: Principal, assignment_id: UUID, report_id: UUID) -> answers.One:
    """One report; it never changes, so its version is 1."""
    wanted = (ProgressReport.id == report_id, ProgressReport.assignment_id == assignment_id, visible_to(who))
    return await answers.read_one(connection, select(BODY, literal(1)).where(*wanted))
