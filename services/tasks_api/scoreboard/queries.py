"""The scoreboard as one statement; its JSON is put together as text by the database, compiled once per shape."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
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
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kit import answers, db, errors, reads, visibility
from services.kit.answers import Json
from services.kit.db import Reader
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.rules import Lamp, State
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.obligations import queries as obligations
from services.tasks_api.obligations import rules as obligation_rules
from services.tasks_api.obligations.queries import Mark
from services.tasks_api.plan_contents.tables import PlanVersion
from services.tasks_api.plans.tables import Plan
from services.tasks_api.progress_reports.tables import ProgressReport
from services.tasks_api.scoreboard import external, rules
from services.tasks_api.scoreboard.external import COMMA
from services.tasks_api.scoreboard.rules import Source
from services.tasks_api.scoreboard.schemas import ScoreboardQuery
from services.tasks_api.tasks.rules import Kind
from services.tasks_api.tasks.tables import Task

PLAN_ID: Final = bindparam("plan_id", None, type_=Uuid())
YEAR: Final = bindparam("year", None, type_=Integer())
# The moment of the past that is asked for, and the moment by which obligations were recorded.
THEN: Final = bindparam("then", None, type_=DateTime(timezone=True))
RECORDED_AT: Final = bindparam("recorded_at", None, type_=DateTime(timezone=True))
NOTHING: Final = literal_column("''", Text())
GRAVITY: Final = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN, Lamp.GREY)
_SHAPES: Final[dict[Any, reads.Compiled]] = {}
MOST_KEPT: Final = 32


@dataclass(frozen=True, slots=True)
class Made:
    """A board, when it was made, and what had happened in the district by then."""

    body: str
    made_at: datetime
    mark: Mark


# Boards made by this process, the last ones asked for. A board is some hundred kilobytes; most people ask for the same few.
_MADE: Final[OrderedDict[Any, Made]] = OrderedDict()


async def board(read: Reader, who: Principal, wanted: ScoreboardQuery, today: assignments.Today, now: datetime) -> str:
    """The scoreboard as JSON text; NotFound when the plan is not of the caller's district."""
    if wanted.as_of is not None:
        return await _made(read, who, wanted, today, Source.THEN, wanted.as_of)
    key = (reads.shape_of(who), who.district_id, who.unit_id, wanted.plan_id, wanted.year)
    found = _MADE.get(key)
    if (
        found is None
        or not obligation_rules.is_fresh(found.made_at, now)
        or not await obligations.is_unchanged(read, who, found.mark)
    ):
        found = await _anew(read, who, wanted, today, now)
    _MADE[key] = found
    _MADE.move_to_end(key)
    while len(_MADE) > MOST_KEPT:
        _MADE.popitem(last=False)
    return found.body


async def _anew(read: Reader, who: Principal, wanted: ScoreboardQuery, today: assignments.Today, now: datetime) -> Made:
    """The board as things stand; what happens while it is made makes it old, not wrong."""
    mark = await obligations.changes_mark(read, who)
    kept = await obligations.recording(read, who, await _measured_year(read, wanted, today.day))
    if kept is not None and obligation_rules.is_fresh(kept[0], now) and await obligations.is_unchanged(read, who, kept[1]):
        return Made(await _made(read, who, wanted, today, Source.RECORDED, kept[0]), now, mark)
    return Made(await _made(read, who, wanted, today, Source.MEASURED, now), now, mark)


async def _made(
    read: Reader, who: Principal, wanted: ScoreboardQuery, today: assignments.Today, source: Source, moment: datetime
) -> str:
    """The board with what is measured now, or recorded by the moment."""
    year = await _measured_year(read, wanted, today.day)
    owed = await obligations.asked(read, who.district_id, year, wanted.as_of, moment)
    places = today.places | owed.places | reads.values_of(who) | {"plan_id": wanted.plan_id, "year": wanted.year}
    places |= {"then": wanted.as_of, "recorded_at": None if source is Source.MEASURED else moment}
    compiled = _compiled(who, source, lambda person: _statement(person, source))
    rows = await db.fetch(read, compiled.sql, compiled.arguments(places))
    if not rows:
        raise errors.NotFound
    return str(rows[0][0])


def _compiled(who: Principal, what: str, build: Callable[[Principal], Select[Any]]) -> reads.Compiled:
    shape = (reads.shape_of(who), what)
    if (found := _SHAPES.get(shape)) is None:
        found = _SHAPES[shape] = reads.checked(build, who)
    return found


async def _measured_year(read: Reader, wanted: ScoreboardQuery, today: date) -> int:
    """The year asked for, or this one while the plan lasts and its last one afterwards."""
    if wanted.year is not None:
        return wanted.year
    ends = (await read.execute(select(Plan.period_end).where(Plan.id == wanted.plan_id))).scalar_one_or_none()
    return min(today, ends or today).year


def _statement(who: Principal, source: Source) -> Select[Any]:
    """The whole board, of a plan of the caller's district; null columns are left out."""
    cells = _then(who) if source is Source.THEN else _now(who)
    measured = external.now() if source is Source.MEASURED else external.by(RECORDED_AT)
    counted = _counted(cells)
    body = answers.json_text(
        {
            "plan_id": Plan.id,
            "title": Json(_quoted(Plan.title)),
            "state": Plan.state,
            "year": YEAR,
            "as_of": answers.moment(THEN),
            "measured_year": obligations.YEAR,
            "obligations_recorded_at": answers.moment(RECORDED_AT),
            "counts": Json(select(_counts(counted)).scalar_subquery()),
            "tasks": Json(_array(_tasks(who, cells, counted, measured))),
        }
    )
    return select(body).where(Plan.id == PLAN_ID, Plan.district_id == visibility.my_district(who))


def _quoted(column: ColumnElement[str] | Any) -> ColumnElement[str]:
    """Free text as a JSON string."""
    return cast(func.to_json(column), Text)


def _array(listed: ColumnElement[Any]) -> ColumnElement[str]:
    """A JSON array of what was joined by commas, which is null for nothing."""
    return literal_column("'['", Text()).concat(func.coalesce(listed, NOTHING)).concat(literal_column("']'", Text()))


def _of_year() -> ColumnElement[bool]:
    return or_(YEAR.is_(None), Assignment.year.is_(None), Assignment.year == YEAR)


def _of_asked_task() -> ColumnElement[bool]:
    return Assignment.task_id.in_(select(Task.id).where(_is_asked()))


def _now(who: Principal) -> CTE:
    """The assignments the caller sees, as they stand."""
    columns = (Assignment.unit_id, Assignment.state, Assignment.due_on, Assignment.stopped_on, Assignment.percent)
    facts = select(Assignment.id, Assignment.task_id, Assignment.role, Assignment.year, *columns)
    facts = facts.where(Assignment.plan_id == PLAN_ID, assignments.visible_to(who), _of_year(), _of_asked_task())
    return _cells(facts.subquery("facts"))


def _then(who: Principal) -> CTE:
    """The assignments the caller saw at the moment, as their last move then left them."""
    last = (
        select(AssignmentMove)
        .where(AssignmentMove.assignment_id == Assignment.id, AssignmentMove.recorded_at <= THEN)
        .order_by(AssignmentMove.version.desc())
        .limit(1)
        .lateral("last")
    )
    rights = visibility.within(who, district=Assignment.district_id, unit=last.c.unit_id)
    columns = (last.c.unit_id, last.c.state_after.label("state"), last.c.due_on, last.c.stopped_on, _percent().label("percent"))
    facts = select(Assignment.id, Assignment.task_id, Assignment.role, Assignment.year, *columns)
    facts = facts.join(last, true()).where(Assignment.plan_id == PLAN_ID, rights, _of_year(), _of_asked_task())
    return _cells(facts.subquery("facts"))


def _percent() -> ColumnElement[int]:
    """The percentage last reported by the moment."""
    return (
        select(ProgressReport.percent)
        .where(ProgressReport.assignment_id == Assignment.id, ProgressReport.created_at <= THEN)
        .order_by(ProgressReport.created_at.desc(), ProgressReport.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _cells(facts: Subquery) -> CTE:
    late = func.coalesce(assignments.is_late(facts.c), literal_column("false"))
    return select(facts, assignments.lamp(facts.c).label("lamp"), late.label("late")).cte("cells")


def _counted(cells: CTE) -> CTE:
    """How many cells of a task stand in each state, and how many of them are or were late."""
    late = func.count().filter(cells.c.late, cells.c.state != State.VOID)
    found = select(cells.c.task_id, cells.c.state, func.count().label("cells"), late.label("late"))
    return found.group_by(cells.c.task_id, cells.c.state).cte("counted")


def _counts(counted: CTE) -> ColumnElement[str]:
    """The sums of these rows as a JSON object."""

    def total(column: ColumnElement[int], *where: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(column).filter(and_(true(), *where)), 0, type_=Integer())

    by_state = {state.value: total(counted.c.cells, counted.c.state == state) for state in State}
    return answers.json_text(by_state | {"late": total(counted.c.late)})


def _unit_rows(cells: CTE) -> Subquery:
    """The cells of a unit under a task, one behind the other; the rows of a group keep the order they come in."""
    order = (cells.c.year.nulls_first(), cells.c.due_on, cells.c.role.collate("C"), cells.c.id)
    sorted_cells = select(cells).order_by(cells.c.task_id, cells.c.unit_id, *order).subquery("sorted_cells").c
    names = ("id", "role", "year", "due_on", "state", "lamp", "percent")
    told = answers.json_text({name: sorted_cells[name] for name in names})
    gravity = case(*((sorted_cells.lamp == lamp, place) for place, lamp in enumerate(GRAVITY)))
    found = select(sorted_cells.task_id, sorted_cells.unit_id, func.min(gravity).label("gravity"))
    found = found.add_columns(func.string_agg(told, COMMA).label("cells"))
    return found.group_by(sorted_cells.task_id, sorted_cells.unit_id).subquery("unit_rows")


def _is_task(number: int) -> ColumnElement[bool]:
    return and_(Task.kind == Kind.TASK, Task.number == number)


def _unit_lists(cells: CTE, measured: CTE) -> Subquery:
    """By task: its units in the order of their codes, each with its assignments and what was measured of it."""
    rows = _unit_rows(cells).c
    key = cast(rows.unit_id, Text)
    beside = {
        name: Json(case((_is_task(number), make(measured, obligations.YEAR).op("->>")(key))))
        for name, (number, make) in {
            "training_hours": (rules.TRAINING_TASK, external.hours_by_unit),
            "reviewed_files": (rules.REVIEW_TASK, external.files_by_unit),
        }.items()
    }
    told = answers.json_text(
        {
            "unit_id": rows.unit_id,
            "short_name": Json(_quoted(units.c.short_name)),
            "lamp": case(*((rows.gravity == place, literal_column(f"'{lamp}'", Text())) for place, lamp in enumerate(GRAVITY))),
            "assignments": Json(_array(rows.cells)),
            **beside,
        }
    )
    listed = func.string_agg(told, aggregate_order_by(COMMA, units.c.code.collate("C")))
    found = select(rows.task_id, listed.label("units")).join(units, units.c.id == rows.unit_id)
    return found.join(Task, Task.id == rows.task_id).group_by(rows.task_id).subquery("unit_lists")


def _is_asked() -> ColumnElement[bool]:
    """Tasks the plan asks for, now or at the moment."""
    then = and_(Task.created_at <= THEN, or_(Task.ended_at.is_(None), Task.ended_at > THEN))
    return and_(Task.plan_id == PLAN_ID, case((THEN.is_(None), Task.ended_at.is_(None)), else_=then))


def _titles_then() -> Subquery:
    """The titles of the version that held at the moment; nothing for now."""
    held = (
        select(PlanVersion.content)
        .where(PlanVersion.plan_id == PLAN_ID, PlanVersion.recorded_at <= THEN)
        .order_by(PlanVersion.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    told = func.jsonb_to_recordset(held).table_valued(column("id", Uuid), column("title", Text), name="told")
    return select(told.render_derived(with_types=True)).subquery("versions")


def _tasks(who: Principal, cells: CTE, counted: CTE, measured: CTE) -> ColumnElement[Any]:
    """The plan's tasks in printed order: tasks with their subtasks, then the work requirements."""
    owed, unit_lists = external.by_task(who, measured), _unit_lists(cells, measured)
    versions = _titles_then()
    sums = select(_counts(counted)).where(counted.c.task_id == Task.id).correlate(Task).scalar_subquery()
    told = answers.json_text(
        {
            "task_id": Task.id,
            "parent_id": Task.parent_id,
            "kind": Task.kind,
            "number": Task.number,
            "title": Json(_quoted(func.coalesce(versions.c.title, Task.title))),
            "counts": Json(sums),
            "obligations": Json(_array(owed.c.told)),
            "units": Json(_array(unit_lists.c.units)),
        }
    )
    return (
        select(func.string_agg(told, aggregate_order_by(COMMA, Task.place)))
        .select_from(Task)
        .outerjoin(unit_lists, unit_lists.c.task_id == Task.id)
        .outerjoin(owed, (owed.c.kind == Task.kind) & (owed.c.number == Task.number))
        .outerjoin(versions, versions.c.id == Task.id)
        .where(_is_asked())
        .scalar_subquery()
    )
