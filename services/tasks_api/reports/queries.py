"""Reads of reports."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.reports import rules
from services.tasks_api.reports.rules import Verb
from services.tasks_api.reports.tables import Report

BRIEF: Final = (
    "id", "district_id", "unit_id", "kind", "title", "period_start", "period_end", "state", "data_sha256", "document_no",
    "approved_by_name", "sent_on", "sent_to", "void_reason", "created_by_name", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of reports: the bureau sees all, the government what is approved and sent."""
    within = visibility.within(who, district=Report.district_id)
    if who.roles & access.WRITES_REPORTS:
        return within
    return within & Report.state.in_([rules.State.APPROVED.value, rules.State.SENT.value])


def _common(who: Principal) -> dict[str, Any]:
    moments = {name: answers.moment(getattr(Report, name)) for name in ("as_of", "approved_at", "created_at")}
    reach = visibility.under(who, access.REPORTS_WRITE, district=Report.district_id)
    allowed: dict[str, ColumnElement[bool]] = {verb: Report.state.in_([*map(str, rules.MOVES[verb])]) & reach for verb in Verb}
    return {name: getattr(Report, name) for name in BRIEF} | moments | {"allowed_actions": answers.allowed_actions(allowed)}


def brief(who: Principal) -> ColumnElement[Any]:
    """A report of the list as this caller sees it."""
    return answers.json_object(_common(who))


def body(who: Principal) -> ColumnElement[Any]:
    """A report with words and figures."""
    return answers.json_object(_common(who) | {"sections": Report.sections, "data": Report.data})


REPORTS: Final = reads.Listing(
    body=brief,
    visible_to=visible_to,
    orders={
        "-period_end": pagination.Order((Report.period_end, Report.id)),
        "period_end": pagination.Order((Report.period_end, Report.id), descending=False),
    },
    filters={
        "kind": reads.equals(Report.kind),
        "state": reads.equals(Report.state),
        "period_end__gte": reads.at_least(Report.period_end),
        "period_end__lte": reads.at_most(Report.period_end),
    },
)
REPORT: Final = reads.Single(body=body, version=Report.version, key=Report.id, visible_to=visible_to)


async def one_row(read: Reader, who: Principal, report_id: UUID) -> Any:
    """The report as a row; NotFound."""
    found = (await read.execute(select(*Report.__table__.c).where(Report.id == report_id, visible_to(who)))).one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def one_for_update(session: Session, who: Principal, report_id: UUID, version: int | None) -> Report:
    """The row, locked; NotFound, Stale."""
    statement = select(Report).where(Report.id == report_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    if version is not None:
        preconditions.expect(found.version, version)
    return found
