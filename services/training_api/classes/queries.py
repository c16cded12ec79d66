"""Reads of training classes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm.attributes import flag_modified

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.classes.rules import State
from services.training_api.classes.tables import Enrolment, TrainingClass

LATEST = pagination.Order((TrainingClass.starts_at, TrainingClass.id))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of classes: all of the district to read, the organiser's to change."""
    return visibility.within(who, district=TrainingClass.district_id, unit=TrainingClass.unit_id)


def _counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    statement = select(func.count()).select_from(Enrolment).where(Enrolment.class_id == TrainingClass.id, *conditions)
    return statement.scalar_subquery()


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
            "hours": answers.hours(TrainingClass.hundredths),
            "enrolled": _counted(),
            "present": _counted(Enrolment.present.is_(true())),
            "state": TrainingClass.state,
            "allowed_actions": answers.allowed_actions(
                {
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


async def touch(session: Session, found: TrainingClass) -> None:
    """Gives a locked row its next version without changing it."""
    flag_modified(found, "state")
    await session.flush()


async def _locked(session: Session, class_id: UUID, condition: ColumnElement[bool]) -> TrainingClass | None:
    statement = select(TrainingClass).where(TrainingClass.id == class_id, condition).with_for_update(key_share=True)
    found: TrainingClass | None = (await session.execute(statement)).scalar_one_or_none()
    return found
