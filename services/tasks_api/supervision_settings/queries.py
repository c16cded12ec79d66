"""Reads of supervision settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.kit import answers, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api.supervision_settings.schemas import Value
from services.tasks_api.supervision_settings.tables import SupervisionSetting

Chosen = TypeVar("Chosen", bound=Value)

BODY: Final = answers.json_object(
    {
        "id": SupervisionSetting.id,
        "district_id": SupervisionSetting.district_id,
        "key": SupervisionSetting.key,
        "valid_from": SupervisionSetting.valid_from,
        "value": SupervisionSetting.value,
        "reading": SupervisionSetting.reading,
        "recorded_by_name": SupervisionSetting.recorded_by_name,
        "recorded_at": answers.moment(SupervisionSetting.recorded_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The district's own settings and the shipped ones, for whoever may read settings at all."""
    return or_(SupervisionSetting.district_id.is_(None), visibility.within(who, district=SupervisionSetting.district_id))


SETTINGS: Final = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-recorded_at": pagination.Order((SupervisionSetting.recorded_at, SupervisionSetting.id))},
    filters={"key": reads.equals(SupervisionSetting.key)},
)
SETTING: Final = reads.Single(body=BODY, version=literal(1), key=SupervisionSetting.id, visible_to=visible_to)


def _newest(found: Select[Any], district_id: UUID | None, day: date, as_of: datetime | None = None) -> Select[Any]:
    """One row of each key: the district's own before the shipped one, then the latest; of those recorded by a moment."""
    row = SupervisionSetting
    if as_of is not None:
        found = found.where(row.recorded_at <= as_of)
    own = or_(row.district_id.is_(None), row.district_id == district_id)
    order = (row.key, row.district_id.is_(None), row.valid_from.desc(), row.recorded_at.desc(), row.id.desc())
    return found.where(own, row.valid_from <= day).ext(distinct_on(row.key)).order_by(*order)


async def in_force(read: Reader | Session, district_id: UUID | None, day: date, as_of: datetime | None = None) -> Sequence[Any]:
    """The settings of a day as rows, one of each key; with `as_of` those recorded by then."""
    return (await read.execute(_newest(select(*SupervisionSetting.__table__.c), district_id, day, as_of))).all()


async def value_of(connection: Reader | Session, model: type[Chosen], district_id: UUID | None, day: date) -> Chosen:
    """The value of one key on a day; the migration ships one of every key."""
    found = _newest(select(SupervisionSetting.value).where(SupervisionSetting.key == model.KEY), district_id, day)
    return model.model_validate((await connection.execute(found)).scalar_one())
