"""What the bureau does with settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.legal_settings import queries, rules
from services.cases_api.legal_settings.schemas import LegalSettingChange, LegalSettingIn
from services.cases_api.legal_settings.tables import LegalSetting
from services.kit import audit, errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT: Final = "legal_setting"
_tell: Final = Trail(OBJECT, access.LEGAL_SETTINGS_READ, unit=None).tell


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting as it would stand after a change."""

    topic: rules.Topic
    value: int
    measure: rules.Measure
    valid_from: date
    valid_to: date | None


async def create(session: Session, who: Principal, wanted: LegalSettingIn, now: datetime) -> LegalSetting:
    """Lays down a setting for the caller's district. Raises BadInput, Duplicate (same scope and first day)."""
    if who.district_id is None:
        raise errors.Forbidden
    _demand(wanted)
    made = LegalSetting(id=ids.new_id(), district_id=who.district_id, created_at=now, **wanted.model_dump())
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json", exclude_none=True))
    return made


async def replace(session: Session, who: Principal, setting_id: UUID, version: int, wanted: LegalSettingChange) -> LegalSetting:
    """Corrects or ends a setting of the district's own. Raises NotFound, Stale, Delivered, BadInput."""
    found = await queries.one_for_update(session, who, setting_id, version)
    if found.district_id is None:
        raise rules.Delivered
    _demand(Changed(rules.Topic(found.topic), wanted.value, wanted.measure, found.valid_from, wanted.valid_to))
    sent = wanted.model_dump()
    before, after = audit.changes({name: getattr(found, name) for name in sent}, sent)
    for name, value in sent.items():
        setattr(found, name, value)
    await session.flush()
    _tell(session, who, found, "changed", before, after)
    return found


def _demand(wanted: rules.Wanted) -> None:
    if faults := list(rules.faults(wanted)):
        raise errors.BadInput(*faults)
