"""Reads of training classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, insert, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm.attributes import flag_modified

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.classes.rules import Seat, State
from services.training_api.classes.tables import ClassSession, Enrolment, SignIn, TrainingClass
from services.training_api.training_plans.tables import TrainingPlan

LATEST = pagination.Order((TrainingClass.starts_at, TrainingClass.id))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of classes: all of the district to read, the organiser's to change."""
    return visibility.within(who, district=TrainingClass.district_id, unit=TrainingClass.unit_id)


def signed_in() -> ColumnElement[bool]:
    """Whether somebody enrolled signed in to a session."""
    mine = (SignIn.class_id == Enrolment.class_id, SignIn.officer_id == Enrolment.officer_id)
    return exists().where(*mine)


def is_present() -> ColumnElement[bool]:
    """Whether somebody enrolled was there: as recorded by hand, or else by having signed in."""
    return func.coalesce(Enrolment.present, signed_in())


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    statement = select(func.count()).select_from(Enrolment).where(Enrolment.class_id == TrainingClass.id, condition)
    return statement.scalar_subquery()


def _sessions() -> ColumnElement[Any]:
    shown = {"starts_at": answers.moment(ClassSession.starts_at), "ends_at": answers.moment(ClassSession.ends_at)}
    item = answers.json_object({"place": ClassSession.place, **shown})
    listed = func.coalesce(func.json_agg(aggregate_order_by(item, ClassSession.place)), literal_column("'[]'::json"))
    return select(listed).where(ClassSession.class_id == TrainingClass.id).scalar_subquery()


def body(who: Principal) -> ColumnElement[Any]:
    """A class as this caller sees it."""
    reach: dict[str, Any] = {"district": TrainingClass.district_id, "unit": TrainingClass.unit_id}
    planned, alive = TrainingClass.state == State.PLANNED.value, TrainingClass.state != State.CANCELLED.value
    return answers.json_object(
        {
            "id": TrainingClass.id,
            "district_id": TrainingClass.district_id,
            "organiser_id": TrainingClass.unit_id,
            "title": TrainingClass.title,
            "kind": TrainingClass.kind,
            "category": TrainingClass.category,
            "online": TrainingClass.online,
            "starts_at": answers.moment(TrainingClass.starts_at),
            "ends_at": answers.moment(TrainingClass.ends_at),
            "sessions": _sessions(),
            "hours": answers.hours(TrainingClass.hundredths),
            "hours_stated": TrainingClass.stated,
            "settings_id": TrainingClass.settings_id,
            "location": TrainingClass.location,
            "capacity": TrainingClass.capacity,
            "plan_id": TrainingClass.plan_id,
            "enrolled": _counted(Enrolment.state == Seat.ENROLLED.value),
            "waiting": _counted(Enrolment.state == Seat.WAITING.value),
            "present": _counted(is_present()),
            "state": TrainingClass.state,
            "allowed_actions": answers.allowed_actions(
                {
                    "change": planned & visibility.under(who, access.CLASSES_WRITE, **reach),
                    "cancel": planned & visibility.under(who, access.CLASSES_WRITE, **reach),
                    "record_attendance": alive & visibility.under(who, access.ATTENDANCE_WRITE, **reach),
                    "post_hours": alive & visibility.under(who, access.CLASSES_POST_HOURS, **reach),
                }
            ),
            "version": TrainingClass.version,
            "created_at": answers.moment(TrainingClass.created_at),
        }
    )


CLASSES = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-starts_at": LATEST, "starts_at": pagination.Order(LATEST.columns, descending=False)},
    filters={
        "organiser_id": reads.equals(TrainingClass.unit_id),
        "kind": reads.equals(TrainingClass.kind),
        "category": reads.equals(TrainingClass.category),
        "state": reads.equals(TrainingClass.state),
        "online": reads.equals(TrainingClass.online),
        "plan_id": reads.equals(TrainingClass.plan_id),
        "starts_at__gte": reads.at_least(TrainingClass.starts_at),
        "starts_at__lte": reads.at_most(TrainingClass.starts_at),
    },
)
CLASS = reads.Single(body=body, version=TrainingClass.version, key=TrainingClass.id, visible_to=visible_to)


async def lock(session: Session, who: Principal, class_id: UUID) -> TrainingClass:
    """The row, locked; NotFound."""
    found = await _locked(session, class_id, visible_to(who))
    if found is None:
        raise errors.NotFound
    return found


async def one_for_update(session: Session, who: Principal, class_id: UUID, version: int) -> TrainingClass:
    """The row, locked; NotFound, Stale."""
    found = await lock(session, who, class_id)
    preconditions.expect(found.version, version)
    return found


async def named(session: Session, district_id: UUID | None, class_id: UUID | None) -> TrainingClass | None:
    """The class of the district that an hour entry names, locked; None when none is named. BadInput when there is none."""
    if class_id is None:
        return None
    found = await _locked(session, class_id, TrainingClass.district_id == district_id)
    if found is None:
        raise errors.BadInput(errors.Fault("/body/class_id", "not_found"))
    return found


async def replace_sessions(session: Session, class_id: UUID, sessions: Sequence[tuple[datetime, datetime]]) -> None:
    """Puts these sessions in the place of those the class had."""
    await session.flush()
    await session.execute(delete(ClassSession).where(ClassSession.class_id == class_id))
    rows = [
        {"class_id": class_id, "place": place, "starts_at": begin, "ends_at": end}
        for place, (begin, end) in enumerate(sessions, 1)
    ]
    await session.execute(insert(ClassSession), rows)


async def sessions_of(session: Session, class_id: UUID) -> list[tuple[int, datetime, datetime]]:
    """Place, beginning and end of each session, in their order."""
    columns = (ClassSession.place, ClassSession.starts_at, ClassSession.ends_at)
    found = await session.execute(select(*columns).where(ClassSession.class_id == class_id).order_by(ClassSession.place))
    return [(row[0], row[1], row[2]) for row in found]


async def is_attended(session: Session, class_id: UUID) -> bool:
    """Whether anybody's attendance is recorded."""
    known = or_(Enrolment.present.is_not(None), signed_in())
    return bool((await session.execute(select(exists().where(Enrolment.class_id == class_id, known)))).scalar_one())


async def move_up(session: Session, found: TrainingClass) -> list[UUID]:
    """Gives free seats of a locked class to those who wait, in their turn; answers who moved up."""
    mine = Enrolment.class_id == found.id
    waiting = select(Enrolment.officer_id).where(mine, Enrolment.state == Seat.WAITING.value).order_by(Enrolment.turn)
    if found.capacity is not None:
        waiting = waiting.limit(max(found.capacity - await seats_taken(session, found.id), 0))
    chosen = update(Enrolment).where(mine, Enrolment.officer_id.in_(waiting)).values(state=Seat.ENROLLED.value)
    return list((await session.execute(chosen.returning(Enrolment.officer_id))).scalars())


async def seats_taken(session: Session, class_id: UUID) -> int:
    """How many are enrolled."""
    taken = (Enrolment.class_id == class_id, Enrolment.state == Seat.ENROLLED.value)
    return int((await session.execute(select(func.count()).select_from(Enrolment).where(*taken))).scalar_one())


async def is_plan_of(session: Session, plan_id: UUID, unit_id: UUID, year: int) -> bool:
    """Whether this is a training plan of the unit for the year."""
    mine = (TrainingPlan.id == plan_id, TrainingPlan.unit_id == unit_id, TrainingPlan.year == year)
    return bool((await session.execute(select(exists().where(*mine)))).scalar_one())


async def touch(session: Session, found: TrainingClass) -> None:
    """Gives a locked row its next version without changing it."""
    flag_modified(found, "state")
    await session.flush()


async def _locked(session: Session, class_id: UUID, condition: ColumnElement[bool]) -> TrainingClass | None:
    statement = select(TrainingClass).where(TrainingClass.id == class_id, condition).with_for_update(key_share=True)
    found: TrainingClass | None = (await session.execute(statement)).scalar_one_or_none()
    return found
