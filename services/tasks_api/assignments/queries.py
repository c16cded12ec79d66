"""Reads of assignments: one statement each, JSON made by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.rights import Right
from services.tasks_api import access, working_days
from services.tasks_api.assignments import rules
from services.tasks_api.assignments.rules import Lamp, State, Verb
from services.tasks_api.assignments.schemas import AssignmentFilter, MoveFilter
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.escalation_rules import queries as escalation_rules
from services.tasks_api.plans import rules as plans
from services.tasks_api.plans.tables import Plan

# The day (Asia/Shanghai) lamps and late days are told for, and the district whose ladder says when yellow begins.
TODAY: Final = bindparam("today", None, type_=Date())
DISTRICT: Final = bindparam("today_district", None, type_=Uuid())
YELLOW_DAYS: Final = escalation_rules.yellow_days(TODAY, DISTRICT)
NEVER: Final = literal_column("DATE '9999-12-31'", Date)
MOVE_BODY: Final = answers.json_object(
    {
        "version": AssignmentMove.version,
        "verb": AssignmentMove.verb,
        "state_before": AssignmentMove.state_before,
        "state_after": AssignmentMove.state_after,
        "unit_id": AssignmentMove.unit_id,
        "due_on": AssignmentMove.due_on,
        "reason": AssignmentMove.reason,
        "actor_id": AssignmentMove.actor_id,
        "actor_name": AssignmentMove.actor_name,
        "recorded_at": answers.moment(AssignmentMove.recorded_at),
    }
)


@dataclass(frozen=True, slots=True)
class Today:
    """Values of the two places."""

    day: date
    district_id: UUID | None

    @property
    def places(self) -> dict[str, Any]:
        """By the names the statements know."""
        return {"today": self.day, "today_district": self.district_id}


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of assignments."""
    return visibility.within(who, district=Assignment.district_id, unit=Assignment.unit_id)


def is_late(source: Any) -> ColumnElement[bool]:
    """`rules.is_late` as SQL over columns due_on and stopped_on; null without a due date."""
    late: ColumnElement[bool] = source.due_on < func.coalesce(source.stopped_on, TODAY)
    return late


def soon_before() -> ColumnElement[date]:
    """The first day too far ahead for a yellow lamp; computed once per statement."""
    return working_days.soon_before(TODAY, YELLOW_DAYS)


def lamp(source: Any) -> ColumnElement[str]:
    """`rules.lamp` as SQL over columns state, due_on and stopped_on."""
    soon = source.stopped_on.is_(None) & (source.due_on < soon_before())
    return case(
        (source.state.in_([reads.word(State.SUSPENDED), reads.word(State.VOID)]), reads.word(Lamp.GREY)),
        (is_late(source), reads.word(Lamp.RED)),
        (soon, reads.word(Lamp.YELLOW)),
        else_=reads.word(Lamp.GREEN),
    )


def body(who: Principal) -> ColumnElement[Any]:
    """An assignment as JSON for this caller, who must see it: allowed actions and lamp are told for caller and day."""
    late_days = working_days.working_days_after(Assignment.due_on, func.coalesce(Assignment.stopped_on, TODAY))
    return answers.json_object(
        {
            "id": Assignment.id,
            "district_id": Assignment.district_id,
            "plan_id": Assignment.plan_id,
            "task_id": Assignment.task_id,
            "unit_id": Assignment.unit_id,
            "role": Assignment.role,
            "year": Assignment.year,
            "due_on": Assignment.due_on,
            "original_due_on": Assignment.original_due_on,
            "extended_to": func.nullif(Assignment.due_on, Assignment.original_due_on),
            "held_since": Assignment.held_since,
            "parent_id": Assignment.parent_id,
            "issuer_unit_id": Assignment.issuer_unit_id,
            "suspended_days": Assignment.suspended_days,
            "state": Assignment.state,
            "state_before": Assignment.state_before,
            "lamp": lamp(Assignment),
            "late_days": case((is_late(Assignment), late_days), else_=literal(0)),
            "submitted_on": case((Assignment.state.in_([State.SUBMITTED, State.APPROVED]), Assignment.stopped_on)),
            "allowed_actions": allowed_actions(who),
            "version": Assignment.version,
            "created_at": answers.moment(Assignment.created_at),
        }
    )


def allowed_actions(who: Principal) -> ColumnElement[Any]:
    """The verbs that state, plan and rights allow the caller on an assignment the caller sees."""
    in_force = Assignment.plan_id == any_(_plans_in_force())
    return answers.allowed_actions(
        {
            verb.value: and_(Assignment.state.in_(rules.sources(verb)), in_force, reach, *_more(verb))
            for verb in Verb
            if (reach := _reach(who, verb, access.MOVES[verb])) is not None
        }
    )


def _plans_in_force() -> ColumnElement[Any]:
    """Ids of the plans in force, as an array computed once per statement."""
    return func.array(select(Plan.id).where(Plan.state == plans.State.ACTIVE).scalar_subquery(), type_=ARRAY(Plan.id.type))


def _reach(who: Principal, verb: Verb, right: Right) -> ColumnElement[bool] | None:
    """Which of the rows the caller sees this right reaches; None when none of them."""
    admitted = who.admitted(right.grants)
    if admitted is None:
        return None
    if verb in rules.ISSUERS:
        return visibility.within(admitted, district=Assignment.district_id, unit=Assignment.issuer_unit_id)
    return true() if admitted.scopes >= who.scopes else visible_to(admitted)


def _more(verb: Verb) -> list[ColumnElement[bool]]:
    if verb is not Verb.SUBMIT:
        return []
    part = aliased(Assignment)
    # Looked up through the index of parents, row by row: as an EXISTS the planner would hash every open assignment there is.
    open_part = select(part.id).where(part.parent_id == Assignment.id, part.state.in_(rules.UNFINISHED)).limit(1)
    return [Assignment.reported_at.is_not(None), open_part.scalar_subquery().is_(None)]


def _has_lamp(value: ColumnElement[str]) -> ColumnElement[bool]:
    """The lamp itself, and the range of due dates it can stand for, which the index knows."""
    latest = case((value == Lamp.RED, TODAY), (value == Lamp.YELLOW, soon_before()), else_=NEVER)
    earliest = case((value == Lamp.YELLOW, TODAY), else_=literal_column("DATE '-infinity'", Date))
    return and_(lamp(Assignment) == value, Assignment.due_sort <= latest, Assignment.due_sort >= earliest)


ASSIGNMENTS: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={
        "due_on": pagination.Order((Assignment.due_sort, Assignment.id), descending=False),
        "-due_on": pagination.Order((Assignment.due_sort, Assignment.id)),
        "created_at": pagination.Order((Assignment.created_at, Assignment.id), descending=False),
        "-created_at": pagination.Order((Assignment.created_at, Assignment.id)),
    },
    filters={
        "plan_id": reads.equals(Assignment.plan_id),
        "task_id": reads.equals(Assignment.task_id),
        "unit_id": reads.equals(Assignment.unit_id),
        "parent_id": reads.equals(Assignment.parent_id),
        "role": reads.equals(Assignment.role),
        "state": reads.equals(Assignment.state),
        "state__in": reads.Filter(Text(), lambda listed: Assignment.state == any_(func.string_to_array(listed, ","))),
        "year": reads.equals(Assignment.year),
        "lamp": reads.Filter(Text(), _has_lamp),
        "due_on__lte": reads.Filter(Date(), lambda day: and_(Assignment.due_sort <= day, Assignment.due_on.is_not(None))),
        "due_on__gte": reads.Filter(Date(), lambda day: and_(Assignment.due_sort >= day, Assignment.due_on.is_not(None))),
    },
)
ASSIGNMENT: Final = reads.Single(body=body, version=Assignment.version, key=Assignment.id, visible_to=visible_to)


async def page(
    read: Reader, who: Principal, wanted: AssignmentFilter, start: pagination.Start | None, today: Today
) -> pagination.Page:
    """A page of assignments, by due date unless asked otherwise; those without one come last."""
    return await ASSIGNMENTS.page(read, who, wanted, start, **today.places)


async def one(connection: Reader | Session, who: Principal, assignment_id: UUID, today: Today) -> answers.One:
    """One assignment; NotFound also when the caller may not see it."""
    return await ASSIGNMENT.one(connection, who, assignment_id, **today.places)


async def is_visible(read: Reader, who: Principal, assignment_id: UUID) -> bool:
    """Whether the caller may see this assignment."""
    return bool((await read.execute(select(exists().where(Assignment.id == assignment_id, visible_to(who))))).scalar_one())


async def one_for_update(session: Session, who: Principal, assignment_id: UUID, version: int) -> Assignment:
    """The row, locked, of a plan in force; NotFound, Stale, plans.NotActive."""
    assignment = await _locked(session, who, assignment_id)
    preconditions.expect(assignment.version, version)
    errors.raise_if(await _why_not_work(session, assignment.plan_id))
    return assignment


async def one_for_report(session: Session, who: Principal, assignment_id: UUID) -> Assignment:
    """The row, locked, of a plan in force, whatever its version; NotFound, plans.NotActive."""
    assignment = await _locked(session, who, assignment_id)
    errors.raise_if(await _why_not_work(session, assignment.plan_id))
    return assignment


async def _locked(session: Session, who: Principal, assignment_id: UUID) -> Assignment:
    statement = select(Assignment).where(Assignment.id == assignment_id, visible_to(who)).with_for_update()
    assignment = (await session.execute(statement)).scalar_one_or_none()
    if assignment is None:
        raise errors.NotFound
    return assignment


async def _why_not_work(session: Session, plan_id: UUID) -> errors.DomainError | None:
    """Asked under a share lock, so that a plan cannot be closed between the question and the move."""
    plan = (await session.execute(select(Plan).where(Plan.id == plan_id).with_for_update(read=True))).scalar_one()
    return plans.why_not_work(plan)


async def plan_end(session: Session, plan_id: UUID) -> date:
    """The last day of a plan."""
    return (await session.execute(select(Plan.period_end).where(Plan.id == plan_id))).scalar_one()


async def open_parts(session: Session, assignment_id: UUID) -> int:
    """How many parts given on are neither approved nor void."""
    found = select(func.count()).where(Assignment.parent_id == assignment_id, Assignment.state.in_(rules.UNFINISHED))
    return int((await session.execute(found)).scalar_one())


async def parts_for_update(session: Session, assignment_id: UUID) -> list[Assignment]:
    """The parts of an assignment, locked, in the order in which they were given on."""
    found = select(Assignment).where(Assignment.parent_id == assignment_id).order_by(Assignment.id).with_for_update()
    return list((await session.execute(found)).scalars())


async def note_report(session: Session, assignment_id: UUID, percent: int, now: datetime) -> None:
    """Remembers that a progress report came, and its percentage; the version stays, so nobody's If-Match grows stale."""
    told = {"reported_at": now, "percent": percent}
    await session.execute(update(Assignment).where(Assignment.id == assignment_id).values(told))


async def is_owed(session: Session, assignment: Assignment, unit_id: UUID) -> bool:
    """Whether this unit has the same task in the same role, year and term already."""
    same = [
        getattr(Assignment, name).is_not_distinct_from(getattr(assignment, name))
        for name in ("task_id", "role", "year", "original_due_on")
    ]
    found = exists().where(*same, Assignment.unit_id == unit_id, Assignment.state != State.VOID)
    return bool((await session.execute(select(found))).scalar_one())


async def moves(
    read: Reader, who: Principal, assignment_id: UUID, wanted: MoveFilter, start: pagination.Start | None
) -> pagination.Page:
    """The history of an assignment the caller may see; NotFound otherwise. Each has at least the move that issued it."""
    seen = exists().where(Assignment.id == assignment_id, visible_to(who))
    found = select(MOVE_BODY).where(AssignmentMove.assignment_id == assignment_id, seen)
    order = pagination.Order((AssignmentMove.version,), descending=wanted.sort.startswith("-"))
    page = await pagination.read(read, found, order, wanted, start)
    if not page.items and start is None:
        raise errors.NotFound
    return page
