"""What units do with progress reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.kit import audit, errors, evidence, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.progress_reports import rules
from services.tasks_api.progress_reports.schemas import ProgressReportIn
from services.tasks_api.progress_reports.tables import ProgressReport

OBJECT = "progress_report"


async def add(session: Session, who: Principal, assignment_id: UUID, wanted: ProgressReportIn, now: datetime) -> UUID:
    """Adds a report and links its evidence. Raises NotFound, NotActive, NotReportable, BadInput (attachments)."""
    assignment = await assignments.one_for_report(session, who, assignment_id)
    errors.raise_if(rules.why_not_report(assignment))
    report = ProgressReport(
        id=ids.new_id(),
        assignment_id=assignment.id,
        district_id=assignment.district_id,
        unit_id=assignment.unit_id,
        reported_by=who.account_id,
        reported_by_name=who.name,
        created_at=now,
        **wanted.model_dump(),
    )
    session.add(report)
    await _link(session, who, report)
    await assignments.note_report(session, assignment.id, report.percent, now)
    _tell(session, who, report)
    return report.id


async def _link(session: Session, who: Principal, report: ProgressReport) -> None:
    right, files = access.ASSIGNMENTS_READ, report.attachment_ids
    await evidence.attach(session, who, files, OBJECT, report.id, right, report.district_id, report.unit_id)


def _tell(session: Session, who: Principal, report: ProgressReport) -> None:
    place = (report.district_id, report.unit_id)
    after = {"assignment_id": report.assignment_id, "period": report.period, "percent": report.percent}
    audit.record(session, who, f"{OBJECT}.added", OBJECT, report.id, *place, after=after)
    data = {"assignment_id": report.assignment_id, "percent": report.percent}
    outbox.publish(session, f"{OBJECT}.added", OBJECT, report.id, 1, access.ASSIGNMENTS_READ, *place, data=data)
