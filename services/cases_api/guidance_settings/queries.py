"""Reads of guidance settings."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_, select

from services.cases_api.guidance_settings import rules
from services.cases_api.guidance_settings.tables import GuidanceSetting
from services.kit import answers, dated, errors, pagination, reads
from services.kit.db import Session
from services.kit.principal import Principal

VALUES = tuple(rules.Settings.__dataclass_fields__)
PLAIN = ("id", "district_id", "valid_from", "assumed", *VALUES, "source")
BODY = answers.json_object(
    {name: getattr(GuidanceSetting, name) for name in PLAIN}
    | {"created_at": answers.moment(GuidanceSetting.created_at), "version": literal(1)}
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of settings: the defaults and those of the caller's district."""
    return dated.visible_to(GuidanceSetting, who)


ORDER: Final = (GuidanceSetting.valid_from, GuidanceSetting.id)
SETTINGS: Final = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-valid_from": pagination.Order(ORDER), "valid_from": pagination.Order(ORDER, descending=False)},
    filters={},
)
SET: Final = reads.Single(body=BODY, version=literal(1), key=GuidanceSetting.id, visible_to=visible_to)


async def of_year(session: Session, district_id: UUID, year: int) -> rules.Settings:
    """What a year is measured by in the district: its own newest settings that begin by the year's end, or else the defaults."""
    columns = [getattr(GuidanceSetting, name) for name in VALUES]
    known = or_(GuidanceSetting.district_id == district_id, GuidanceSetting.district_id.is_(None))
    newest = (GuidanceSetting.district_id.is_(None), GuidanceSetting.valid_from.desc())
    found = select(*columns).where(known, GuidanceSetting.valid_from <= date(year, 12, 31)).order_by(*newest).limit(1)
    row = (await session.execute(found)).one_or_none()
    if row is None:
        raise errors.BadInput(errors.Fault("/body/year", "too_small", {"limit": 2023}))
    return rules.Settings(*row)


async def is_set(session: Session, district_id: UUID, valid_from: date) -> bool:
    """Whether the district has settings from that very day."""
    same = and_(GuidanceSetting.district_id == district_id, GuidanceSetting.valid_from == valid_from)
    return (await session.execute(select(literal(1)).where(same))).scalar_one_or_none() is not None
