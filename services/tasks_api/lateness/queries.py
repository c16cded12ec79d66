"""Reads of the lateness record, and the one look-up that decides whether a record goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, distinct_on

from services.kit import answers, db, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api import working_days
from services.tasks_api.lateness.rules import Kind, Standing
from services.tasks_api.lateness.schemas import LatenessFilter
from services.tasks_api.lateness.tables import Lateness, LatenessEvent

TODAY: Final = bindparam("today", None, type_=Date())
EMPTY: Final[ColumnElement[Any]] = literal_column("'[]'::json")
# Handles only: what warns of lateness and moves dates stands on this record, not the other way round.
ABOVE = MetaData(schema="tasks")
EXTENSIONS: Final = Table(
    "extension_requests",
    ABOVE,
    Column("id", Uuid),
    Column("assignment_id", Uuid),
    Column("state", Text),
    Column("old_due_on", Date),
    Column("new_due_on", Date),
    Column("reason", Text),
    Column("decided_by_name", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("requested_at", DateTime(timezone=True)),
)
ESCALATIONS: Final = Table(
    "escalations",
    ABOVE,
    Column("subject_id", Uuid),
    Column("unit_id", Uuid),
    Column("step", Text),
    Column("occurrence", Integer),
    Column("audience", Text),
    Column("fired_on", Date),
)
LAST: Final = (
    select(LatenessEvent)
    .where(LatenessEvent.lateness_id == Lateness.id)
    .order_by(LatenessEvent.number.desc())
    .limit(1)
    .lateral("last_event")
)
LATEST: Final = (Lateness.recorded_at.desc(), Lateness.id.desc())
IS_ENDED: Final = func.coalesce(LAST.c.kind == Kind.ENDED, False)
DAYS_LATE: Final = case(
    (IS_ENDED, LAST.c.days_late),
    else_=working_days.working_days_after(func.coalesce(LAST.c.counts_from, Lateness.counts_from), TODAY),
)


def _listed(fields: dict[str, Any], order: Any, source: Any, *where: ColumnElement[bool]) -> ColumnElement[Any]:
    items = func.json_agg(aggregate_order_by(answers.json_object(fields), order))
    return select(func.coalesce(items, EMPTY)).select_from(source).where(*where).correlate(Lateness).scalar_subquery()


EVENTS: Final = _listed(
    {
        "number": LatenessEvent.number,
        "kind": LatenessEvent.kind,
        "how": LatenessEvent.how,
        "happened_on": LatenessEvent.happened_on,
        "days_late": LatenessEvent.days_late,
        "actor_name": LatenessEvent.actor_name,
        "recorded_at": answers.moment(LatenessEvent.recorded_at),
    },
    LatenessEvent.number,
    LatenessEvent,
    LatenessEvent.lateness_id == Lateness.id,
)
MOVED_BY: Final = _listed(
    {
        "id": EXTENSIONS.c.id,
        "state": EXTENSIONS.c.state,
        "old_due_on": EXTENSIONS.c.old_due_on,
        "new_due_on": EXTENSIONS.c.new_due_on,
        "reason": EXTENSIONS.c.reason,
        "decided_by_name": EXTENSIONS.c.decided_by_name,
        "decided_at": answers.moment(EXTENSIONS.c.decided_at),
    },
    EXTENSIONS.c.requested_at,
    EXTENSIONS,
    EXTENSIONS.c.assignment_id == Lateness.assignment_id,
)
WARNED: Final = _listed(
    {
        "step": ESCALATIONS.c.step,
        "occurrence": ESCALATIONS.c.occurrence,
        "audience": ESCALATIONS.c.audience,
        "fired_on": ESCALATIONS.c.fired_on,
    },
    ESCALATIONS.c.fired_on,
    ESCALATIONS,
    ESCALATIONS.c.subject_id == Lateness.subject_id,
    ESCALATIONS.c.unit_id == Lateness.unit_id,
)
BODY: Final = answers.json_object(
    {
        "id": Lateness.id,
        "subject_type": Lateness.subject_type,
        "subject_id": Lateness.subject_id,
        "assignment_id": Lateness.assignment_id,
        "district_id": Lateness.district_id,
        "plan_id": Lateness.plan_id,
        "task_id": Lateness.task_id,
        "unit_id": Lateness.unit_id,
        "due_on": Lateness.due_on,
        "first_late_on": Lateness.first_late_on,
        "state": case((IS_ENDED, literal("ended")), else_=literal("open")),
        "ended_on": case((IS_ENDED, LAST.c.happened_on)),
        "how": case((IS_ENDED, LAST.c.how)),
        "days_late": DAYS_LATE,
        "events": EVENTS,
        "extensions": MOVED_BY,
        "warnings": WARNED,
        "recorded_at": answers.moment(Lateness.recorded_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of lateness: a record stays with the unit that was late, also after a hand-over."""
    return visibility.within(who, district=Lateness.district_id, unit=Lateness.unit_id)


def _joined(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(Lateness).outerjoin(LAST, true())


LATENESS: Final = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    source=_joined,
    orders={
        "first_late_on": pagination.Order((Lateness.first_late_on, Lateness.id), descending=False),
        "-first_late_on": pagination.Order((Lateness.first_late_on, Lateness.id)),
    },
    filters={
        "plan_id": reads.equals(Lateness.plan_id),
        "task_id": reads.equals(Lateness.task_id),
        "unit_id": reads.equals(Lateness.unit_id),
        "assignment_id": reads.equals(Lateness.assignment_id),
        "subject_type": reads.equals(Lateness.subject_type),
        "subject_id": reads.equals(Lateness.subject_id),
        "state": reads.Filter(Text(), lambda state: (state == "ended") == IS_ENDED),
        "first_late_on__gte": reads.at_least(Lateness.first_late_on),
        "first_late_on__lte": reads.at_most(Lateness.first_late_on),
    },
)
ONE: Final = reads.Single(
    body=BODY,
    version=func.coalesce(LAST.c.number, 0) + 1,
    key=Lateness.id,
    visible_to=visible_to,
    source=_joined,
)


async def page(
    read: Reader, who: Principal, wanted: LatenessFilter, start: pagination.Start | None, today: date
) -> pagination.Page:
    """A page of records, the latest first; days late of open ones are told for today."""
    return await LATENESS.page(read, who, wanted, start, today=today)


async def latest_of(session: Session, subject_id: UUID, unit_id: UUID) -> tuple[Lateness, LatenessEvent | None] | None:
    """The last record of a unit for what it owes, with the last thing that happened to it."""
    found = select(Lateness).where(Lateness.subject_id == subject_id, Lateness.unit_id == unit_id)
    record = (await session.execute(found.order_by(*LATEST).limit(1))).scalar_one_or_none()
    if record is None:
        return None
    events = select(LatenessEvent).where(LatenessEvent.lateness_id == record.id).order_by(LatenessEvent.number.desc())
    return record, (await session.execute(events.limit(1))).scalar_one_or_none()


async def standing(session: Session, keys: Sequence[UUID]) -> Mapping[tuple[UUID, UUID], Standing]:
    """By what is owed and unit how the last record stands, for many at once."""
    if not keys:
        return {}
    owed = (Lateness.subject_id, Lateness.unit_id)
    found = _joined(select(*owed, Lateness.due_on, LAST.c.kind, LAST.c.how)).ext(distinct_on(*owed)).order_by(*owed, *LATEST)
    wanted = found.where(Lateness.subject_id == any_(bindparam("keys", list(keys), type_=ARRAY(Uuid))))
    rows = (await session.execute(wanted)).all()
    return {(key, unit_id): Standing(*last) for key, unit_id, *last in rows}


async def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes new records. The unique index is the last word on a date recorded twice."""
    await db.copy_rows(session, Lateness.__table__, rows)
