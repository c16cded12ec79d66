"""Reads of review settings."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_, select

from services.cases_api.review_settings import rules
from services.cases_api.review_settings.tables import ReviewSetting
from services.kit import answers, dated, pagination, reads
from services.kit.db import Reader, Session
from services.kit.principal import Principal

VALUES = tuple(rules.Settings.__dataclass_fields__)
PLAIN = ("id", "district_id", "valid_from", "assumed", *VALUES, "source")
BODY = answers.json_object(
    {name: getattr(ReviewSetting, name) for name in PLAIN}
    | {"created_at": answers.moment(ReviewSetting.created_at), "version": literal(1)}
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of settings: the defaults and those of the caller's district."""
    return dated.visible_to(ReviewSetting, who)


ORDER: Final = (ReviewSetting.valid_from, ReviewSetting.id)
SETTINGS: Final = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-valid_from": pagination.Order(ORDER), "valid_from": pagination.Order(ORDER, descending=False)},
    filters={},
)
SET: Final = reads.Single(body=BODY, version=literal(1), key=ReviewSetting.id, visible_to=visible_to)


async def in_force(connection: Reader | Session, district_id: UUID, day: date) -> rules.Settings:
    """The settings in force in the district on a day: its own newest ones, or else the defaults."""
    columns = [getattr(ReviewSetting, name) for name in VALUES]
    known = or_(ReviewSetting.district_id == district_id, ReviewSetting.district_id.is_(None))
    newest = (ReviewSetting.district_id.is_(None), ReviewSetting.valid_from.desc())
    found = select(*columns).where(known, ReviewSetting.valid_from <= day).order_by(*newest).limit(1)
    return rules.Settings(*(await connection.execute(found)).one())


async def is_set(session: Session, district_id: UUID, valid_from: date) -> bool:
    """Whether the district has settings from that very day."""
    same = and_(ReviewSetting.district_id == district_id, ReviewSetting.valid_from == valid_from)
    return (await session.execute(select(literal(1)).where(same))).scalar_one_or_none() is not None
