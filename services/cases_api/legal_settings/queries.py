"""Reads of settings."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from services.cases_api.legal_settings.schemas import LegalSettingFilter
from services.cases_api.legal_settings.tables import LegalSetting
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

PLAIN = (
    "id", "district_id", "topic", "sector", "case_kind", "procedure", "party_kind", "result", "value", "measure", "valid_from",
    "valid_to", "source", "assumed", "version",
)  # fmt: skip
BODY = answers.json_object(
    {name: getattr(LegalSetting, name) for name in PLAIN} | {"created_at": answers.moment(LegalSetting.created_at)}
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of settings: those of the caller's district, and the delivered ones."""
    return or_(visibility.within(who, district=LegalSetting.district_id), LegalSetting.district_id.is_(None))


async def page(read: Reader, who: Principal, wanted: LegalSettingFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of settings by the day they begin to hold."""
    named = wanted.model_dump(include={"topic", "sector", "case_kind"}, exclude_none=True)
    filters = [getattr(LegalSetting, name) == value for name, value in named.items()]
    if wanted.on is not None:
        ended = LegalSetting.valid_to.is_not(None) & (LegalSetting.valid_to < wanted.on)
        filters += [LegalSetting.valid_from <= wanted.on, ~ended]
    order = pagination.Order((LegalSetting.valid_from, LegalSetting.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(BODY).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, setting_id: UUID) -> answers.One:
    """One setting; NotFound also when the caller may not see it."""
    found = select(BODY, LegalSetting.version).where(LegalSetting.id == setting_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, setting_id: UUID, version: int) -> LegalSetting:
    """The row, locked; NotFound, Stale."""
    statement = select(LegalSetting).where(LegalSetting.id == setting_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found
