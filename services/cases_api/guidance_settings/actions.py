"""What the bureau sets about guidance."""

from __future__ import annotations

from datetime import datetime

from services.cases_api import access
from services.cases_api.guidance_settings import queries, rules
from services.cases_api.guidance_settings.schemas import GuidanceSettingsIn
from services.cases_api.guidance_settings.tables import GuidanceSetting
from services.kit import audit, clock, errors, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal

OBJECT = "guidance_settings"


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
    place = (OBJECT, made.id, who.district_id)
    audit.record(session, who, f"{OBJECT}.created", *place, after=wanted.model_dump(mode="json"))
    outbox.publish(session, f"{OBJECT}.created", OBJECT, made.id, 1, access.GUIDANCE_SETTINGS_READ, who.district_id)
    return made
