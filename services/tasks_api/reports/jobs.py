"""Gathering the figures of a report in the background, table by table."""

from __future__ import annotations

from uuid import UUID

from services.kit import audit, operations
from services.kit.jobs import Task
from services.kit.operations import Operation
from services.tasks_api.obligations import actions as obligations
from services.tasks_api.obligations import queries as recordings
from services.tasks_api.reports import actions, external, queries
from services.tasks_api.reports.rules import Kind, Period, Told


async def run(operation: Operation) -> str | None:
    """Reads each table in one statement, keeps them all in one transaction; the address of the report."""
    who, report_id = operations.caller(operation.input["who"]), UUID(operation.input["report_id"])
    runtime, now = operation.runtime, operation.runtime.clock()
    tables = list[Told]()
    async with runtime.database.reading() as read:
        report = await queries.one_row(read, who, report_id)
    period = Period(report.period_start, report.period_end)
    async with runtime.database.transaction() as session:
        session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", who=who)
        # Of the year the report tells of; other years are kept by the step that does it every few minutes.
        if not await recordings.is_recorded(session, who, period.end.year, now):
            await obligations.record(session, who, [period.end.year], now)
    async with runtime.database.transaction() as session:
        await external.on_one_core(session)
        sources = external.sources_of(Kind(report.kind))
        for place, source in enumerate(sources):
            tables.append(await external.table(session, source, report.district_id, period, now))
            # A note costs as much as a small table: every fourth is told.
            if place % 4 == 3:
                await operation.note((place + 1) / (len(sources) + 1))
    async with runtime.database.transaction() as session:
        session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", who=who)
        await actions.keep(session, who, report_id, tables, now)
    return f"/v1/reports/{report_id}"


TASK = Task(actions.KIND, run)
