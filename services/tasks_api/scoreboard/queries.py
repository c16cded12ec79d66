"""The scoreboard as one statement; JSON made by the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Subquery,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kit import answers, errors, visibility
from services.kit.db import Reader
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.rules import Lamp, State
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.obligations import queries as obligations
from services.tasks_api.plans.tables import Plan
from services.tasks_api.progress_reports.tables import ProgressReport
from services.tasks_api.scoreboard import external, rules
from services.tasks_api.scoreboard.schemas import ScoreboardQuery
from services.tasks_api.tasks.rules import Kind
from services.tasks_api.tasks.tables import Task

PLAN_ID: Final = bindparam("plan_id", None, type_=Uuid())
YEAR: Final = bindparam("year", None, type_=Integer())
AS_OF: Final = bindparam("as_of", None, type_=DateTime(timezone=True))
# Without a moment everything recorded counts, whatever the clocks of two processes say.
MOMENT: Final = func.coalesce(AS_OF, literal_column("timestamptz 'infinity'", DateTime(timezone=True)))
GRAVITY: Final = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN, Lamp.GREY)
MEASURED_YEAR: Final = func.coalesce(
    YEAR, cast(func.extract("year", func.least(assignments.TODAY, Plan.period_end)), Integer), type_=Integer()
)


async def board(read: Reader, who: Principal, wanted: ScoreboardQuery, today: assignments.Today, now: datetime) -> str:
    """The scoreboard as JSON text; NotFound when the plan is not of the caller's district."""
    places = {"plan_id": wanted.plan_id, "year": wanted.year, "as_of": wanted.as_of} | today.places
    moment = wanted.as_of or now
    owed = await obligations.asked(read, who.district_id, await _measured_year(read, wanted, today.day), wanted.as_of, moment)
    places |= owed.places
    found = (await read.execute(_statement(who, measured=wanted.as_of is None), places)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return str(found)


async def _measured_year(read: Reader, wanted: ScoreboardQuery, today: date) -> int:
    """The year asked for, or this one while the plan lasts and its last one afterwards."""
    if wanted.year is not None:
        return wanted.year
    ends = (await read.execute(select(Plan.period_end).where(Plan.id == wanted.plan_id))).scalar_one_or_none()
    return min(today, ends or today).year


def _statement(who: Principal, *, measured: bool) -> Select[Any]:
    """The whole board, of a plan of the caller's district; null columns are left out."""
    cells = _cells(who)
    tasks = _tasks(who, cells, _unit_lists(cells, measured=measured), then=not measured)
    body = answers.json_object(
        {
            "plan_id": Plan.id,
            "title": Plan.title,
            "state": Plan.state,
            "year": YEAR,
            "as_of": answers.moment(AS_OF),
            "measured_year": MEASURED_YEAR,
            "counts": select(_counts(cells)).scalar_subquery(),
            "tasks": func.coalesce(tasks, func.json_build_array()),
        }
    )
    return select(cast(body, Text)).where(Plan.id == PLAN_ID, Plan.district_id == visibility.my_district(who))


def _cells(who: Principal) -> CTE:
    """The assignments the caller saw at the moment, as their last move then left them."""
    last = (
        select(AssignmentMove)
        .where(AssignmentMove.assignment_id == Assignment.id, AssignmentMove.recorded_at <= MOMENT)
        .order_by(AssignmentMove.version.desc())
        .limit(1)
        .lateral("last")
    )
    rights = visibility.within(who, district=Assignment.district_id, unit=last.c.unit_id)
    facts = (
        select(
            Assignment.id,
            Assignment.task_id,
            Assignment.role,
            Assignment.year,
            last.c.unit_id,
            last.c.state_after.label("state"),
            last.c.due_on,
            last.c.stopped_on,
            _percent().label("percent"),
        )
        .join(last, true())
        .where(Assignment.plan_id == PLAN_ID, rights, or_(YEAR.is_(None), Assignment.year.is_(None), Assignment.year == YEAR))
        .subquery("facts")
    )
    lamp, late = assignments.lamp(facts.c).label("lamp"), assignments.is_late(facts.c).label("late")
    return select(facts, lamp, late).cte("cells")


def _percent() -> ColumnElement[int]:
    """The percentage last reported by the moment."""
    return (
        select(ProgressReport.percent)
        .where(ProgressReport.assignment_id == Assignment.id, ProgressReport.created_at <= MOMENT)
        .order_by(ProgressReport.created_at.desc(), ProgressReport.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _counts(cells: CTE) -> ColumnElement[Any]:
    """How many cells stand in each state, and how many of all but the void ones are or were late."""
    by_state: list[Any] = []
    for state in State:
        by_state += [literal(state.value), func.count().filter(cells.c.state == state)]
    late = func.count().filter(cells.c.late, cells.c.state != State.VOID)
    return func.json_build_object(*by_state, literal("late"), late)


def _unit_lists(cells: CTE, *, measured: bool) -> Subquery:
    """By task: its units in the order of their codes, each with its assignments and what the neighbours measured."""
    rows = _unit_rows(cells)
    fields: dict[str, Any] = {
        "unit_id": rows.c.unit_id,
        "short_name": units.c.short_name,
        "lamp": case(*((rows.c.gravity == place, literal(lamp.value)) for place, lamp in enumerate(GRAVITY))),
        "assignments": rows.c.assignments,
    }
    if measured:
        fields |= _measures(rows)
    listed = func.json_agg(aggregate_order_by(answers.json_object(fields), units.c.code))
    found = select(rows.c.task_id, listed.label("units")).join(units, units.c.id == rows.c.unit_id)
    return found.join(Task, Task.id == rows.c.task_id).group_by(rows.c.task_id).subquery("unit_lists")


def _unit_rows(cells: CTE) -> Subquery:
    told = answers.json_object(
        {
            "id": cells.c.id,
            "role": cells.c.role,
            "year": cells.c.year,
            "due_on": cells.c.due_on,
            "state": cells.c.state,
            "lamp": cells.c.lamp,
            "percent": cells.c.percent,
        }
    )
    in_order = aggregate_order_by(told, cells.c.year.nulls_first(), cells.c.due_on, cells.c.role, cells.c.id)
    gravity = case(*((cells.c.lamp == lamp, place) for place, lamp in enumerate(GRAVITY)))
    return (
        select(cells.c.task_id, cells.c.unit_id, func.min(gravity).label("gravity"), func.json_agg(in_order).label("assignments"))
        .group_by(cells.c.task_id, cells.c.unit_id)
        .subquery("unit_rows")
    )


def _measures(rows: Subquery) -> dict[str, Any]:
    """What the neighbours know of a unit, under the task it measures; looked up once per statement."""
    year = select(MEASURED_YEAR).where(Plan.id == PLAN_ID).correlate(None).scalar_subquery()
    district = select(Plan.district_id).where(Plan.id == PLAN_ID).correlate(None).scalar_subquery()
    looked_up = {
        "training_hours": (rules.TRAINING_TASK, external.hours_by_unit(district, year)),
        "reviewed_files": (rules.REVIEW_TASK, external.files_by_unit(district, year)),
    }
    key = cast(rows.c.unit_id, Text)
    return {
        name: case(((Task.kind == Kind.TASK) & (Task.number == number), by_unit.op("->")(key)))
        for name, (number, by_unit) in looked_up.items()
    }


def _tasks(who: Principal, cells: CTE, unit_lists: Subquery, *, then: bool) -> ColumnElement[Any]:
    """The plan's tasks in printed order: tasks with their subtasks, then the work requirements."""
    owed = obligations.by_task(who, then=then)
    counted = (
        select(Task.id, _counts(cells).label("counts"))
        .outerjoin(cells, cells.c.task_id == Task.id)
        .where(Task.plan_id == PLAN_ID)
        .group_by(Task.id)
        .subquery("counted")
    )
    told = answers.json_object(
        {
            "task_id": Task.id,
            "parent_id": Task.parent_id,
            "kind": Task.kind,
            "number": Task.number,
            "title": Task.title,
            "counts": counted.c.counts,
            "obligations": func.coalesce(owed.c.told, func.json_build_array()),
            "units": func.coalesce(unit_lists.c.units, func.json_build_array()),
        }
    )
    return (
        select(func.json_agg(aggregate_order_by(told, Task.place)))
        .select_from(Task)
        .join(counted, counted.c.id == Task.id)
        .outerjoin(unit_lists, unit_lists.c.task_id == Task.id)
        .outerjoin(owed, (owed.c.kind == Task.kind) & (owed.c.number == Task.number))
        .where(Task.plan_id == PLAN_ID)
        .scalar_subquery()
    )
