"""Reads of guidance settings."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_, select

from services.cases_api.guidance_settings import rules
from services.cases_api.guidance_settings.schemas import GuidanceSettingsFilter
from services.cases_api.guidance_settings.tables import GuidanceSetting
from services.kit import answers, errors, pagination, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

VALUES = tuple(rules.Settings.__dataclass_fields__)
PLAIN = ("id", "district_id", "valid_from", "assumed", *VALUES, "source")
BODY = answers.json_object(
    {name: getattr(GuidanceSetting, name) for name in PLAIN}
    | {"created_at": answers.moment(GuidanceSetting.created_at), "version": literal(1)}
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of settings: the defaults and those of the caller's district."""
    own = visibility.within(who, district=GuidanceSetting.district_id)
    return or_(own, GuidanceSetting.district_id.is_(None))


async def page(read: Reader, who: Principal, wanted: GuidanceSettingsFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of settings by the day they begin."""
    order = pagination.Order((GuidanceSetting.valid_from, GuidanceSetting.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(BODY).where(visible_to(who)), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, settings_id: UUID) -> answers.One:
    """One set; NotFound also when the caller may not see it."""
    return await answers.read_one(connection, select(BODY, literal(1)).where(GuidanceSetting.id == settings_id, visible_to(who)))


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
