"""Reads of enrolments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from services.kit import answers, pagination, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.training_api.classes.tables import Enrolment, TrainingClass
from services.training_api.enrolments.schemas import EnrolmentFilter
from services.training_api.officers.tables import Officer

BODY = answers.json_object(
    {
        "class_id": Enrolment.class_id,
        "officer_id": Enrolment.officer_id,
        "unit_id": Officer.unit_id,
        "present": Enrolment.present,
        "enrolled_at": answers.moment(Enrolment.enrolled_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of enrolments: the own people's, and all of the classes one's units organise."""
    return or_(
        visibility.within(who, district=Officer.district_id, unit=Officer.unit_id),
        visibility.within(who, district=TrainingClass.district_id, unit=TrainingClass.unit_id),
    )


def _joined(statement: Select[tuple[object]]) -> Select[tuple[object]]:
    joined = statement.select_from(Enrolment).join(Officer, Officer.id == Enrolment.officer_id)
    return joined.join(TrainingClass, TrainingClass.id == Enrolment.class_id)


async def page(
    read: Reader, who: Principal, class_id: UUID, wanted: EnrolmentFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of a class's enrolments."""
    conditions = [Officer.unit_id == wanted.unit_id if wanted.unit_id else true()]
    if wanted.present is not None:
        conditions.append(Enrolment.present.is_(wanted.present))
    found = _joined(select(BODY)).where(Enrolment.class_id == class_id, visible_to(who), *conditions)
    return await pagination.read(read, found, pagination.Order((Enrolment.officer_id,), descending=False), wanted, start)


async def enrol(session: Session, class_id: UUID, officer_ids: Sequence[UUID], now: datetime) -> None:
    """Adds those who are not enrolled yet."""
    rows = [{"class_id": class_id, "officer_id": officer_id, "enrolled_at": now} for officer_id in officer_ids]
    if rows:
        await session.execute(insert(Enrolment).values(rows).on_conflict_do_nothing())


async def mark(session: Session, class_id: UUID, officer_ids: Sequence[UUID], present: bool, now: datetime) -> None:
    """Records presence or absence; whoever came without being enrolled is enrolled by it."""
    facts = {"class_id": class_id, "enrolled_at": now, "present": present, "recorded_at": now}
    rows = [facts | {"officer_id": officer_id} for officer_id in officer_ids]
    if rows:
        add = insert(Enrolment).values(rows)
        keys = [Enrolment.class_id, Enrolment.officer_id]
        await session.execute(add.on_conflict_do_update(index_elements=keys, set_={"present": present, "recorded_at": now}))


async def enrolled(session: Session, class_id: UUID, officer_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the officers who are enrolled."""
    statement = select(Enrolment.officer_id).where(Enrolment.class_id == class_id, Enrolment.officer_id.in_(officer_ids))
    return set((await session.execute(statement)).scalars())


async def present(session: Session, class_id: UUID) -> list[UUID]:
    """Officers recorded as present."""
    statement = select(Enrolment.officer_id).where(Enrolment.class_id == class_id, Enrolment.present.is_(true()))
    return list((await session.execute(statement.order_by(Enrolment.officer_id))).scalars())


async def counts(session: Session, class_id: UUID) -> tuple[int, int]:
    """How many are enrolled, and how many of them were present."""
    statement = select(func.count(), func.count().filter(Enrolment.present.is_(true()))).where(Enrolment.class_id == class_id)
    row = (await session.execute(statement)).one()
    return row[0], row[1]
