"""What the bureau sets about reviews of case files."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.cases_api import access
from services.cases_api.review_settings import queries, rules
from services.cases_api.review_settings.schemas import ReviewSettingsIn
from services.cases_api.review_settings.tables import ReviewSetting
from services.kit import clock, errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "review_settings"
_tell: Final = Trail(OBJECT, access.REVIEW_SETTINGS_READ, unit=None).tell


async def create(session: Session, who: Principal, wanted: ReviewSettingsIn, now: datetime) -> ReviewSetting:
    """Sets everything anew from a day on. Raises BadInput, AlreadySet."""
    assert who.district_id is not None
    today = clock.local_day(now)
    if faults := [*rules.faults(wanted.valid_from, today, wanted.sample_least, wanted.sample_most)]:
        raise errors.BadInput(*faults)
    if await queries.is_set(session, who.district_id, wanted.valid_from):
        raise rules.AlreadySet
    made = ReviewSetting(
        id=ids.new_id(), district_id=who.district_id, created_by=who.account_id, created_at=now, **wanted.model_dump()
    )
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", after=wanted.model_dump(mode="json"), version=1)
    return made
