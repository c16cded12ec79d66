"""The board as one statement: a row for each task, its JSON put together as text by the database, and the head of the board."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    Select,
    Subquery,
    Text,
    Uuid,
    all_,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.sql.selectable import LateralFromClause

from services.kit import answers, reads, visibility
from services.kit.answers import Json
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.rules import Lamp, State
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.obligations import queries as obligations
from services.tasks_api.plan_contents.tables import PlanVersion
from services.tasks_api.plans.tables import Plan
from services.tasks_api.progress_reports.tables import ProgressReport
from services.tasks_api.scoreboard import external, rules
from services.tasks_api.scoreboard.external import COMMA
from services.tasks_api.scoreboard.rules import Source
from services.tasks_api.tasks.rules import Kind
from services.tasks_api.tasks.tables import Task

PLAN_ID: Final = bindparam("plan_id", None, type_=Uuid())
YEAR: Final = bindparam("year", None, type_=Integer())
# Stamps of units' texts that the caller holds.
KNOWN: Final = bindparam("known", None, type_=ARRAY(Text))
# The moment of the past that is asked for, and the moment by which obligations were recorded.
THEN: Final = bindparam("then", None, type_=DateTime(timezone=True))
RECORDED_AT: Final = bindparam("recorded_at", None, type_=DateTime(timezone=True))
LATE: Final = "late"
GRAVEST_FIRST: Final = (Lamp.RED.value, Lamp.YELLOW.value, Lamp.GREEN.value, Lamp.GREY.value)
COUNTED: Final = (*State, LATE)
GRAVITY: Final = literal_column(f"(ARRAY[{', '.join(map(repr, GRAVEST_FIRST))}])", ARRAY(Text()))


def statement(who: Principal, source: Source) -> Select[Any]:
    """For each task asked for its place, its JSON without units, its units, and how many assignments stand in each state (by
    name; late ones as `late`); with each the head of the board. A plan without tasks has one row without any. Only of a plan of
    the caller's district.

    Units are put together task by task, so that their text goes straight to the caller. What they are made of is told by a
    `stamp`; units whose stamp is known to the caller are not put together again.
    """
    measured = external.now() if source is Source.MEASURED else external.by(RECORDED_AT)
    named = _named(who)
    stamps = _stamps(who, named) if source is not Source.THEN else None
    lists = _unit_lists(_then(who) if stamps is None else _now(who, stamps), named, measured)
    owed, versions = external.by_task(who, measured), _titles_then()
    told = answers.json_text(
        {
            "task_id": Task.id,
            "kind": Task.kind,
            "number": Task.number,
            "title": Json(_quoted(func.coalesce(versions.c.title, Task.title))),
            "obligations": Json(_array(owed.c.told)),
        },
        {"parent_id": Task.parent_id},
    )
    found = (
        select(_head().label("head"), Task.place, case((Task.id.is_not(None), told)).label("told"))
        .add_columns(_bytes(lists.c.units).label("units"), *(lists.c[name] for name in COUNTED))
        .add_columns((null() if stamps is None else stamps.c.stamp).label("stamp"))
        .select_from(Plan)
        .outerjoin(Task, (Task.plan_id == Plan.id) & _is_asked())
        .outerjoin(owed, (owed.c.kind == Task.kind) & (owed.c.number == Task.number))
        .outerjoin(versions, versions.c.id == Task.id)
        .where(Plan.id == PLAN_ID, Plan.district_id == visibility.my_district(who))
    )
    if stamps is not None:
        found = found.outerjoin(stamps, stamps.c.task_id == Task.id)
    return found.outerjoin(lists, true())


def _stamps(who: Principal, named: CTE) -> CTE:
    """By task a stamp of all that its units' text is made of: the facts of its assignments, the names of units, and the day with
    the first one that is not yellow. Where other measures stand beside the units there is none.
    """
    row = Assignment
    facts = tuple_(row.id, row.unit_id, row.role, row.year, row.due_on, row.stopped_on, row.state, row.percent)
    names = select(_sum_of(tuple_(named.c.id, named.c.code, named.c.short_name))).scalar_subquery()
    parts = [cast(row.task_id, Text), cast(func.count(), Text), cast(_sum_of(facts), Text), cast(names, Text)]
    parts += [cast(assignments.TODAY, Text), cast(assignments.soon_before(), Text)]
    stamp = func.concat_ws(literal_column("':'", Text()), *parts, type_=Text())
    beside = select(Task.id).where(Task.plan_id == PLAN_ID, _is_task(rules.TRAINING_TASK) | _is_task(rules.REVIEW_TASK))
    found = select(row.task_id, stamp.label("stamp")).where(row.plan_id == PLAN_ID, assignments.visible_to(who), _of_year())
    return found.where(row.task_id.not_in(beside)).group_by(row.task_id).cte("stamps").prefix_with("MATERIALIZED")


def _sum_of(row: Any) -> ColumnElement[Any]:
    """Hashes of rows in whatever order."""
    return func.sum(func.hash_record_extended(row, literal_column("0")))


def _bytes(text: ColumnElement[str]) -> ColumnElement[bytes]:
    """As UTF-8, so that nothing is decoded and encoded again on the way."""
    return func.convert_to(text, reads.word("UTF8"), type_=LargeBinary())


def _head() -> ColumnElement[str]:
    known: dict[str, ColumnElement[Any]] = {
        "year": YEAR,
        "as_of": answers.moment(THEN),
        "obligations_recorded_at": answers.moment(RECORDED_AT),
    }
    told: dict[str, Any] = {
        "plan_id": Plan.id,
        "title": Json(_quoted(Plan.title)),
        "state": Plan.state,
        "measured_year": obligations.YEAR,
    }
    return answers.json_text(told, known)


def _quoted(text: ColumnElement[str] | Any) -> ColumnElement[str]:
    """Free text as a JSON string."""
    return cast(func.to_json(text), Text)


def _array(listed: ColumnElement[Any]) -> ColumnElement[str]:
    """A JSON array of what was joined by commas, which is null for nothing."""
    return func.concat(literal_column("'['", Text()), listed, literal_column("']'", Text()), type_=Text())


def _of_year() -> ColumnElement[bool]:
    return or_(YEAR.is_(None), Assignment.year.is_(None), Assignment.year == YEAR)


def _now(who: Principal, stamps: CTE) -> Subquery:
    """The assignments of the task at hand that the caller sees, as they stand; none where their stamp is known."""
    columns = (Assignment.unit_id, Assignment.state, Assignment.due_on, Assignment.stopped_on, Assignment.percent)
    facts = select(Assignment.id, Assignment.role, Assignment.year, *columns)
    is_new = func.coalesce(stamps.c.stamp != all_(KNOWN), true())
    facts = facts.where(Assignment.task_id == Task.id, is_new, assignments.visible_to(who), _of_year())
    return facts.correlate(Task, stamps).subquery("facts")


def _then(who: Principal) -> Subquery:
    """The assignments of the task at hand that the caller saw at the moment, as their last move then left them."""
    last = (
        select(AssignmentMove)
        .where(AssignmentMove.assignment_id == Assignment.id, AssignmentMove.recorded_at <= THEN)
        .order_by(AssignmentMove.version.desc())
        .limit(1)
        .lateral("last")
    )
    rights = visibility.within(who, district=Assignment.district_id, unit=last.c.unit_id)
    columns = (last.c.unit_id, last.c.state_after.label("state"), last.c.due_on, last.c.stopped_on, _percent().label("percent"))
    facts = select(Assignment.id, Assignment.role, Assignment.year, *columns)
    facts = facts.join(last, true()).where(Assignment.task_id == Task.id, rights, _of_year())
    return facts.correlate(Task).subquery("facts")


def _percent() -> ColumnElement[int]:
    """The percentage last reported by the moment."""
    return (
        select(ProgressReport.percent)
        .where(ProgressReport.assignment_id == Assignment.id, ProgressReport.created_at <= THEN)
        .order_by(ProgressReport.created_at.desc(), ProgressReport.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _cells(facts: Subquery) -> Subquery:
    """The assignments in the order of the board. What orders them comes first in the row: texts before it would be walked over
    in every comparison."""
    found = facts.c
    late = func.coalesce(assignments.is_late(found), literal_column("false")).label(LATE)
    order = (found.unit_id, found.year.nulls_first(), found.due_on, found.role.collate("C"), found.id)
    cells = select(found.unit_id, found.year, found.due_on, found.id, found.percent, late, found.role, found.state)
    return cells.add_columns(assignments.lamp(found).label("lamp")).order_by(*order).subquery("cells")


def _unit_rows(facts: Subquery) -> Subquery:
    """The cells of a unit, one behind the other (the rows of a group keep the order they come in), and how many of them stand in
    each state, and how many are or were late."""
    cells = _cells(facts).c
    told = answers.json_text(
        {name: cells[name] for name in ("id", "role", "state", "lamp")},
        {name: cells[name] for name in ("year", "due_on", "percent")},
    )
    gravest = func.min(func.array_position(GRAVITY, cells.lamp, type_=Integer()))
    which = {state.value: (cells.state == reads.word(state),) for state in State} | {
        LATE: (cells.late, cells.state != reads.word(State.VOID))
    }
    counts = [cast(func.count().filter(*chosen), Integer).label(name) for name, chosen in which.items()]
    found = select(cells.unit_id, gravest.label("gravity"), func.string_agg(told, COMMA).label("cells"), *counts)
    return found.group_by(cells.unit_id).subquery("unit_rows")


def _is_task(number: int) -> ColumnElement[bool]:
    return and_(Task.kind == Kind.TASK, Task.number == number)


def _named(who: Principal) -> CTE:
    """The units of the district with their names as JSON strings, written once for all tasks."""
    found = select(units.c.id, units.c.code, _quoted(units.c.short_name).label("short_name"))
    found = found.where(units.c.district_id == visibility.my_district(who))
    return found.cte("named").prefix_with("MATERIALIZED")


def _unit_lists(facts: Subquery, named: CTE, measured: CTE) -> LateralFromClause:
    """The units of the task at hand in the order of their codes, each with its assignments and what was measured of it; and how
    many assignments stand in each state."""
    rows = _unit_rows(facts).c
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
            "short_name": Json(named.c.short_name),
            "lamp": GRAVITY[rows.gravity],
            "assignments": Json(_array(rows.cells)),
        },
        beside,
    )
    listed = func.string_agg(told, aggregate_order_by(COMMA, named.c.code.collate("C")))
    counts = (func.coalesce(func.sum(rows[name]), 0, type_=Integer()).label(name) for name in COUNTED)
    found = select(listed.label("units"), *counts).join(named, named.c.id == rows.unit_id)
    return found.correlate(Task).lateral("unit_lists")


def _is_asked() -> ColumnElement[bool]:
    """Whether the plan asks for the task, now or at the moment."""
    then = and_(Task.created_at <= THEN, or_(Task.ended_at.is_(None), Task.ended_at > THEN))
    return case((THEN.is_(None), Task.ended_at.is_(None)), else_=then)


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
