"""Makers of plans, tasks and assignments, and of what the neighbours publish. All of it is made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import update

from services.kit import ids
from services.kit.db import Session
from services.tasks_api.assignments.rules import RUNNING, State
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.plans.tables import Plan
from services.tasks_api.progress_reports.tables import ProgressReport
from services.tasks_api.tasks import rules
from services.tasks_api.tasks.tables import Task, TaskDeadline, TaskParty
from tests.places import Unit

LONG_AGO = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
# Tables in place of the neighbours' views, with the columns of their contract, in a test's own database.
STAND_INS = {
    "working_days": "day date PRIMARY KEY, working boolean",
    "unit_group_members": "group_id uuid, key text, group_name text, district_id uuid, unit_id uuid,"
    " valid_from date, valid_to date",
    "attachments": "id uuid PRIMARY KEY, unit_id uuid, uploaded_by uuid, file_name text, media_type text,"
    " size bigint, sha256 text",
    "unit_training_hours": "district_id uuid, unit_id uuid, year integer, officers integer, met integer, valid_hundredths bigint",
    "open_rectifications": "id uuid, district_id uuid, unit_id uuid, case_no text, due_on date",
    "case_files": "id uuid, district_id uuid, unit_id uuid, case_no text, kind text, state text",
    "case_facts": "case_file_id uuid, district_id uuid, unit_id uuid, kind text, procedure text, state text, filed_on date,"
    " decided_on date, closed_on date, offline boolean, outcome text, withdrawn_on date, acts jsonb, amount_fen bigint,"
    " heaviest text, recorded boolean, legally_reviewed boolean",
    "case_defects": "case_file_id uuid, district_id uuid, rule text, overridden boolean",
    "review_results": "id uuid, district_id uuid, unit_id uuid, campaign_id uuid, year integer, mode text, case_file_id uuid,"
    " is_final boolean, grade text, total_hundredths integer, vetoed boolean, published_on date",
    "review_deductions": "district_id uuid, unit_id uuid, published_on date, case_file_id uuid, item_key text, item text",
    "review_followups": "kind text, district_id uuid, unit_id uuid, begun_on date, due_on date, done_on date, state text",
    "case_records": "id uuid, district_id uuid, unit_id uuid, kind text, occurred_on date, case_file_id uuid, facts jsonb",
    "unit_reviewed_files": "district_id uuid, unit_id uuid, year integer, mode text, files integer",
    "training_obligations": "obligation text, district_id uuid, unit_id uuid, year integer, value integer, threshold integer,"
    " at_risk integer, under_way boolean",
    "training_activity": "district_id uuid, unit_id uuid, year integer, kind text, done integer, begun integer",
    "review_campaigns": "id uuid, district_id uuid, year integer, online boolean, first_published_on date",
    "guidance_shares": "district_id uuid, unit_id uuid, year integer, guided integer, need integer, picked integer,"
    " cases integer DEFAULT 0",
    "plan_readings": "key text, id uuid, district_id uuid, valid_from date, valid_to date, reading text, value jsonb,"
    " recorded_at timestamptz",
    "document_templates": "district_id uuid, type text, in_force_from date, in_force_to date, is_public boolean,"
    " id uuid DEFAULT gen_random_uuid()",
    "benchmark_filings": "benchmark_id uuid, district_id uuid, unit_id uuid, year integer, published_on date, filed_on date,"
    " due_on date",
}
WORKING_DAYS = """
    INSERT INTO published.working_days
    SELECT day::date, extract(isodow FROM day) < 6 FROM generate_series(%s::date, %s::date, '1 day') AS day
"""


def stand_in(connection: psycopg.Connection) -> None:
    """Puts plain tables in place of the neighbours' published views."""
    for name, columns in STAND_INS.items():
        connection.execute(f"DROP VIEW IF EXISTS published.{name} CASCADE")
        connection.execute(f"CREATE TABLE published.{name} ({columns})")
        connection.execute(f"GRANT SELECT ON published.{name} TO zhifa_tasks")
    connection.execute("DROP VIEW IF EXISTS published.reviewed_modes")
    connection.execute(
        "CREATE VIEW published.reviewed_modes AS SELECT DISTINCT district_id, year, mode FROM published.unit_reviewed_files"
    )
    connection.execute("GRANT SELECT ON published.reviewed_modes TO zhifa_tasks")


def fill_calendar(connection: psycopg.Connection, first_year: int, last_year: int) -> None:
    """Whole years in which people work from Monday to Friday."""
    connection.execute(WORKING_DAYS, [date(first_year, 1, 1), date(last_year, 12, 31)])


def join_group(
    connection: psycopg.Connection, key: str, unit: Unit, since: date | None = None, until: date | None = None
) -> None:
    """Makes a unit a member of a group."""
    connection.execute(
        "INSERT INTO published.unit_group_members VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [ids.new_id(), key, key, unit.path[0], unit.id, since, until],
    )


async def make_plan(session: Session, district: Unit, **changes: Any) -> Plan:
    """A draft plan for three years."""
    given: dict[str, Any] = {
        "id": ids.new_id(),
        "district_id": district.id,
        "title": "示例区三年行动计划（演示）",
        "region_code": district.code,
        "period_start": date(2024, 1, 1),
        "period_end": date(2026, 12, 31),
        "state": "draft",
        "warnings": [],
        "created_at": LONG_AGO,
    }
    state = changes.get("state", "draft")
    plan = Plan(**given | {"activated_at": None if state == "draft" else LONG_AGO} | changes)
    session.add(plan)
    await session.flush()
    return plan


async def make_task(
    session: Session,
    plan: Plan,
    number: int = 1,
    *,
    leads: Sequence[Unit | str | None] = (),
    responsibles: Sequence[Unit | str | None] = (),
    deadlines: Sequence[dict[str, Any]] = (),
    **changes: Any,
) -> Task:
    """A task with its parties (a unit, the key of a group, or None for a name nobody knows) and deadlines."""
    given: dict[str, Any] = {
        "id": ids.new_id(),
        "plan_id": plan.id,
        "district_id": plan.district_id,
        "kind": "task",
        "number": number,
        "title": f"示例任务{number}",
        "quantities": [],
        "time_words": [],
        "created_at": LONG_AGO,
    }
    whole = given | changes
    parent = await session.get(Task, whole["parent_id"]) if whole.get("parent_id") else None
    whole.setdefault("place", rules.place_of(whole["kind"], whole["number"], parent.place if parent else ()))
    task = Task(**whole)
    session.add(task)
    await session.flush()
    for role, parties in (("lead", leads), ("responsible", responsibles)):
        session.add_all(_party(task.id, role, position, party) for position, party in enumerate(parties))
    session.add_all(
        TaskDeadline(**{"task_id": task.id, "position": position, "assumed": False} | deadline)
        for position, deadline in enumerate(deadlines)
    )
    await session.flush()
    return task


def _party(task_id: UUID, role: str, position: int, party: Unit | str | None) -> TaskParty:
    unit_id, group_key = (party.id, None) if isinstance(party, Unit) else (None, party)
    as_written = group_key or (party.code if isinstance(party, Unit) else f"无名单位{position}")
    return TaskParty(task_id=task_id, role=role, position=position, as_written=as_written, unit_id=unit_id, group_key=group_key)


async def make_assignment(session: Session, task: Task, unit: Unit, **changes: Any) -> Assignment:
    """An assignment in any state, with the move that issued it and, where it differs, one into its state."""
    state = State(changes.get("state", State.ISSUED))
    given: dict[str, Any] = {
        "id": ids.new_id(),
        "district_id": task.district_id,
        "plan_id": task.plan_id,
        "task_id": task.id,
        "unit_id": unit.id,
        "role": "responsible",
        "state": state,
        "state_before": State.IN_PROGRESS if state is State.SUSPENDED else None,
        "stopped_on": None if state in RUNNING else date(2024, 3, 1),
        "original_due_on": changes.get("due_on"),
        "suspended_days": 0,
        "held_since": LONG_AGO.date(),
        "created_at": LONG_AGO,
    }
    assignment = Assignment(**given | changes)
    session.add(assignment)
    await session.flush()
    session.add(_move(assignment, assignment.created_at))
    await session.flush()
    return assignment


def _move(assignment: Assignment, recorded_at: datetime) -> AssignmentMove:
    return AssignmentMove(
        assignment_id=assignment.id,
        version=assignment.version,
        verb="issue",
        state_after=assignment.state,
        unit_id=assignment.unit_id,
        due_on=assignment.due_on,
        stopped_on=assignment.stopped_on,
        actor_id=ids.new_id(),
        actor_name="演示人员",
        recorded_at=recorded_at,
    )


async def make_report(session: Session, assignment: Assignment, **changes: Any) -> ProgressReport:
    """A progress report on an assignment."""
    given: dict[str, Any] = {
        "id": ids.new_id(),
        "assignment_id": assignment.id,
        "district_id": assignment.district_id,
        "unit_id": assignment.unit_id,
        "period": "2024年",
        "text": "演示进展。",
        "percent": 50,
        "measures": [],
        "attachment_ids": [],
        "reported_by": ids.new_id(),
        "reported_by_name": "演示人员",
        "created_at": LONG_AGO + timedelta(days=30),
    }
    report = ProgressReport(**given | changes)
    session.add(report)
    await session.flush()
    # A statement of its own, as the service does it: the assignment's version stays.
    await session.execute(update(Assignment).where(Assignment.id == assignment.id).values(percent=report.percent))
    return report
