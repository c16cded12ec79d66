"""Reads of enrolments, and what attendance comes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, null, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased, join

from services.kit import answers, pagination, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.training_api.classes import queries as classes
from services.training_api.classes.rules import Seat
from services.training_api.classes.tables import ClassSession, Enrolment, SignIn, TrainingClass
from services.training_api.enrolments.schemas import EnrolmentFilter
from services.training_api.officers.tables import Officer
from services.training_api.training_settings.queries import settings_of_class
from services.training_api.training_settings.tables import TrainingSettings

Signed = aliased(ClassSession, name="signed_session")
ORDERS = {"officer_id": Enrolment.officer_id, "turn": Enrolment.turn}
REENTERED = text("enrolments.state = 'withdrawn'")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of enrolments: the own people's, and all of the classes one's units organise."""
    return or_(
        visibility.within(who, district=Officer.district_id, unit=Officer.unit_id),
        visibility.within(who, district=TrainingClass.district_id, unit=TrainingClass.unit_id),
    )


def _minutes(row: Any) -> ColumnElement[int]:
    """Minutes of a session, begun ones in full."""
    return cast(func.ceil(func.extract("epoch", row.ends_at - row.starts_at) / 60), Integer)


def whole_minutes() -> ColumnElement[int]:
    """Minutes of all sessions of the class."""
    total = func.coalesce(func.sum(_minutes(ClassSession)), 0)
    return select(cast(total, Integer)).where(ClassSession.class_id == TrainingClass.id).scalar_subquery()


def _signed_minutes() -> ColumnElement[int]:
    """Minutes of the sessions signed in to, without what had passed by then."""
    mine = and_(SignIn.class_id == Enrolment.class_id, SignIn.officer_id == Enrolment.officer_id)
    same = and_(Signed.class_id == SignIn.class_id, Signed.place == SignIn.place)
    there = func.coalesce(func.sum(_minutes(Signed) - SignIn.missed_minutes), 0)
    return select(cast(there, Integer)).select_from(SignIn).join(Signed, same).where(mine).scalar_subquery()


def missed_minutes() -> ColumnElement[int]:
    """What somebody missed: as recorded by hand, or else all that was not signed in to."""
    return func.coalesce(Enrolment.missed_minutes, whole_minutes() - _signed_minutes())


def earns_hours() -> ColumnElement[bool]:
    """Present, and not more missed than the settings of the class's last day allow; as rules.is_missed_too_much."""
    allowed = whole_minutes() * TrainingSettings.missed_numerator
    return and_(classes.is_present(), missed_minutes() * TrainingSettings.missed_denominator <= allowed)


def _body() -> ColumnElement[Any]:
    known = or_(Enrolment.present.is_not(None), classes.signed_in())
    signed = select(func.count()).where(SignIn.class_id == Enrolment.class_id, SignIn.officer_id == Enrolment.officer_id)

    def shown(value: ColumnElement[Any]) -> ColumnElement[Any]:
        return case((known, value), else_=null())

    return answers.json_object(
        {
            "class_id": Enrolment.class_id,
            "officer_id": Enrolment.officer_id,
            "unit_id": Officer.unit_id,
            "state": Enrolment.state,
            "turn": Enrolment.turn,
            "present": shown(classes.is_present()),
            "missed_minutes": shown(missed_minutes()),
            "earns_hours": shown(earns_hours()),
            "sessions_signed": signed.scalar_subquery(),
            "enrolled_at": answers.moment(Enrolment.enrolled_at),
        }
    )


def _joined(statement: Select[Any], at: datetime) -> Select[Any]:
    held = join(Enrolment, TrainingClass, TrainingClass.id == Enrolment.class_id)
    ruled = join(held, TrainingSettings, settings_of_class(TrainingClass, at))
    return statement.select_from(join(ruled, Officer, Officer.id == Enrolment.officer_id))


async def page(
    read: Reader, who: Principal, class_id: UUID, wanted: EnrolmentFilter, start: pagination.Start | None, at: datetime
) -> pagination.Page:
    """A page of a class's enrolments."""
    found = _joined(select(_body()), at).where(Enrolment.class_id == class_id, visible_to(who))
    if wanted.unit_id is not None:
        found = found.where(Officer.unit_id == wanted.unit_id)
    if wanted.state is not None:
        found = found.where(Enrolment.state == wanted.state.value)
    if wanted.present is not None:
        known = or_(Enrolment.present.is_not(None), classes.signed_in())
        found = found.where(known, classes.is_present() == wanted.present)
    order = pagination.Order((ORDERS[wanted.sort],), descending=False)
    return await pagination.read(read, found, order, wanted, start)


async def next_turn(session: Session, class_id: UUID) -> int:
    """The next place in the row of a locked class."""
    last = select(func.coalesce(func.max(Enrolment.turn), 0)).where(Enrolment.class_id == class_id)
    return int((await session.execute(last)).scalar_one()) + 1


async def enrol(
    session: Session, class_id: UUID, officer_ids: Sequence[UUID], free: int | None, turn: int, now: datetime
) -> None:
    """Adds those who are not enrolled or waiting yet, the first of them into the free seats, the others as waiting."""
    rows = [
        {
            "class_id": class_id,
            "officer_id": officer_id,
            "state": (Seat.ENROLLED if free is None or place < free else Seat.WAITING).value,
            "turn": turn + place,
            "enrolled_at": now,
        }
        for place, officer_id in enumerate(officer_ids)
    ]
    if rows:
        add = insert(Enrolment).values(rows)
        entered = {name: getattr(add.excluded, name) for name in ("state", "turn", "enrolled_at")}
        keys = [Enrolment.class_id, Enrolment.officer_id]
        await session.execute(add.on_conflict_do_update(index_elements=keys, set_=entered, where=REENTERED))


async def withdraw(session: Session, class_id: UUID, officer_ids: Sequence[UUID]) -> list[UUID]:
    """Takes those who are enrolled or waiting out of the class; answers who that was."""
    mine = (Enrolment.class_id == class_id, Enrolment.officer_id.in_(officer_ids))
    gone = update(Enrolment).where(*mine, Enrolment.state != Seat.WITHDRAWN.value).values(state=Seat.WITHDRAWN.value)
    return list((await session.execute(gone.returning(Enrolment.officer_id))).scalars())


async def on_the_list(session: Session, class_id: UUID, officer_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the officers who are enrolled or waiting."""
    statement = select(Enrolment.officer_id).where(Enrolment.class_id == class_id, Enrolment.officer_id.in_(officer_ids))
    return set((await session.execute(statement.where(Enrolment.state != Seat.WITHDRAWN.value))).scalars())


async def present(session: Session, held: TrainingClass, now: datetime) -> list[UUID]:
    """Officers whose attendance earns the hours of the class."""
    return await _attending(session, held, now, earns_hours())


async def missing_too_much(session: Session, held: TrainingClass, now: datetime) -> list[UUID]:
    """Officers who were present, and missed more than the settings allow."""
    return await _attending(session, held, now, and_(classes.is_present(), ~earns_hours()))


async def _attending(session: Session, held: TrainingClass, now: datetime, condition: ColumnElement[bool]) -> list[UUID]:
    statement = _joined(select(Enrolment.officer_id), now)
    found = await session.execute(statement.where(TrainingClass.id == held.id, condition).order_by(Enrolment.officer_id))
    return list(found.scalars())


async def counts(session: Session, class_id: UUID) -> tuple[int, int, int]:
    """How many are enrolled, how many wait, how many were present."""
    seats = [func.count().filter(Enrolment.state == seat.value) for seat in (Seat.ENROLLED, Seat.WAITING)]
    statement = select(*seats, func.count().filter(classes.is_present())).where(Enrolment.class_id == class_id)
    row = (await session.execute(statement)).one()
    return row[0], row[1], row[2]
