"""Reads of the dated settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, DateTime, Integer, Uuid, cast, column, func, literal, or_, select

from services.kit import answers, errors, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.training_api.training_settings import rules
from services.training_api.training_settings.tables import TrainingSettings

NEWEST = pagination.Order((TrainingSettings.recorded_at, TrainingSettings.id))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of settings: those of the caller's district, and the delivered ones."""
    return or_(visibility.within(who, district=TrainingSettings.district_id), TrainingSettings.district_id.is_(None))


SHARE = {"numerator": TrainingSettings.missed_numerator, "denominator": TrainingSettings.missed_denominator}
BODY = answers.json_object(
    {
        "id": TrainingSettings.id,
        "district_id": TrainingSettings.district_id,
        "valid_from": TrainingSettings.valid_from,
        "required_hours": answers.hours(TrainingSettings.required_hundredths),
        "categories": func.to_json(TrainingSettings.categories),
        "day_hours": answers.hours(TrainingSettings.day_hundredths),
        "half_day_hours": answers.hours(TrainingSettings.half_day_hundredths),
        "half_day_minutes": TrainingSettings.half_day_minutes,
        "missed_share": answers.json_object(SHARE),
        "sign_in_minutes": TrainingSettings.sign_in_minutes,
        "joint_classes": TrainingSettings.joint_classes,
        "coordinator_id": TrainingSettings.coordinator_id,
        "reason": TrainingSettings.reason,
        "recorded_by": TrainingSettings.recorded_by,
        "recorded_at": answers.moment(TrainingSettings.recorded_at),
    }
)
SETTINGS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-recorded_at": NEWEST, "recorded_at": pagination.Order(NEWEST.columns, descending=False)},
)
# Versions never change.
ONE_VERSION: ColumnElement[int] = literal(1, Integer)
SETTING = reads.Single(body=BODY, version=ONE_VERSION, key=TrainingSettings.id, visible_to=visible_to)


def _in_force(district_id: UUID | None, day: date, at: datetime) -> ColumnElement[bool]:
    named = (literal(district_id, Uuid()), literal(max(day, rules.FIRST_DAY), Date()), literal(at, DateTime(timezone=True)))
    found = func.training.settings_in_force(*named).table_valued(column("id", Uuid()), name="in_force")
    return TrainingSettings.id == select(found.c.id).scalar_subquery()


async def in_force(session: Session, district_id: UUID | None, day: date, at: datetime) -> TrainingSettings:
    """The version that holds on a day, as recorded at a moment; days before the plan go by its first version."""
    statement = select(TrainingSettings).where(_in_force(district_id, day, at))
    found: TrainingSettings = (await session.execute(statement)).scalar_one()
    return found


async def shown(read: Reader, who: Principal, day: date, at: datetime) -> answers.One:
    """The version that holds for the caller's district on a day."""
    return await answers.read_one(read, select(BODY, ONE_VERSION).where(_in_force(who.district_id, day, at)))


def settings_of_class(held: Any, at: datetime) -> ColumnElement[bool]:
    """Joins a class with the version of its district's settings that holds on its last day."""
    last = cast(func.timezone("Asia/Shanghai", held.ends_at), Date)
    day = func.greatest(last, literal(rules.FIRST_DAY, Date()))
    found = func.training.settings_in_force(held.district_id, day, literal(at, DateTime(timezone=True)))
    named = found.table_valued(column("id", Uuid()), name="of_class")
    return TrainingSettings.id == select(named.c.id).correlate(held).scalar_subquery()


def demand_district(who: Principal) -> UUID:
    """The caller's district; Forbidden without one."""
    if who.district_id is None:
        raise errors.Forbidden
    return who.district_id
