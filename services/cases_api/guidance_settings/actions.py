"""What the bureau sets about guidance."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.cases_api import access
from services.cases_api.guidance_settings import queries, rules
from services.cases_api.guidance_settings.schemas import GuidanceSettingsIn
from services.cases_api.guidance_settings.tables import GuidanceSetting
from services.kit import clock, errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "guidance_settings"
_tell: Final = Trail(OBJECT, access.GUIDANCE_SETTINGS_READ, unit=None).tell


async def create(session: Session, who: Principal, wanted: GuidanceSettingsIn, now: datetime) -> GuidanceSetting:
    """Sets everything anew from a day on. Raises BadInput (a year that is over), AlreadySet."""
    assert who.district_id is not None
    today = clock.local_day(now)
    if faults := [*rules.faults(wanted.valid_from, today)]:
        raise errors.BadInput(*faults)
    if await queries.is_set(session, who.district_id, wanted.valid_from):
        raise rules.AlreadySet
    made = GuidanceSetting(
        id=ids.new_id(), district_id=who.district_id, created_by=who.account_id, created_at=now, **wanted.model_dump()
    )
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", after=wanted.model_dump(mode="json"), version=1)
    return made
