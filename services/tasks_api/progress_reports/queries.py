"""Reads of progress reports: JSON made by the database."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, bindparam, cast, exists, func, literal, select, true

from services.kit import answers, errors, pagination, reads
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api import working_days
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.plans.rules import State as PlanState
from services.tasks_api.plans.tables import Plan
from services.tasks_api.progress_reports import rules
from services.tasks_api.progress_reports.schemas import ProgressReportFilter
from services.tasks_api.progress_reports.tables import ProgressReport
from services.tasks_api.tasks.tables import Task

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


# ------------------------------------------------------------------------------- who did not report
START: Final = bindparam("period_start", None, type_=Date())
END: Final = bindparam("period_end", None, type_=Date())
TODAY: Final = bindparam("today", None, type_=Date())
LIMIT: Final = bindparam("due_working_days", None, type_=Integer())


def _told() -> ColumnElement[Any]:
    """When the last report of an assignment came in."""
    found = select(func.max(ProgressReport.created_at)).where(ProgressReport.assignment_id == Assignment.id)
    return found.correlate(Assignment).scalar_subquery()


def _missing() -> reads.Listing:
    since = working_days.working_days_after(END, TODAY)
    local_day = cast(func.timezone("Asia/Shanghai", _told()), Date)
    silent = func.coalesce(local_day < START, true())
    body = answers.json_object(
        {
            "assignment_id": Assignment.id,
            "plan_id": Assignment.plan_id,
            "task_id": Assignment.task_id,
            "task_number": Task.number,
            "task_title": Task.title,
            "district_id": Assignment.district_id,
            "unit_id": Assignment.unit_id,
            "unit_name": units.c.name,
            "state": Assignment.state,
            "period_start": START,
            "period_end": END,
            "working_days_since": since,
            "overdue": since > LIMIT,
            "last_reported_at": answers.moment(_told()),
        }
    )
    running = Assignment.state.in_([*map(str, rules.OPEN)]) & (Assignment.held_since <= END)
    return reads.Listing(
        body=body,
        visible_to=assignments.visible_to,
        orders={"unit": pagination.Order((units.c.code, Task.number, Assignment.id), descending=False)},
        filters={"unit_id": reads.equals(Assignment.unit_id), "plan_id": reads.equals(Assignment.plan_id)},
        source=lambda statement: (
            statement.select_from(Assignment)
            .join(Task, Task.id == Assignment.task_id)
            .join(Plan, (Plan.id == Assignment.plan_id) & (Plan.state == PlanState.ACTIVE))
            .join(units, units.c.id == Assignment.unit_id)
            .where(running, silent)
        ),
    )


MISSING: Final = _missing()
