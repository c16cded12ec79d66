"""What is done with the settings of the ledger: the bureau adds rows."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.kit import errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.hour_rules.schemas import HourRuleIn
from services.training_api.hour_rules.tables import HourRuleRow
from services.training_api.hour_years import queries as years
from services.training_api.hour_years import rules as year_rules

OBJECT = "hour_rule"
_tell: Final = Trail(OBJECT, access.HOUR_RULES_READ, unit=None).tell


async def add(session: Session, who: Principal, wanted: HourRuleIn, now: datetime) -> HourRuleRow:
    """Says what holds in the caller's district from a day on. What was entered before stays as it was entered.

    Raises Closed when the day lies in a year that is closed, whose figures stand.
    """
    if who.district_id is None:
        raise errors.Forbidden
    errors.raise_if(year_rules.why_not_touch(await years.closed(session, who.district_id), wanted.valid_from.year))
    caps = wanted.source_caps
    row = HourRuleRow(
        id=ids.new_id(),
        district_id=who.district_id,
        valid_from=wanted.valid_from,
        pending_sources=sorted({source.value for source in wanted.pending_sources}),
        members_wait=wanted.members_wait,
        class_cap=caps.class_,
        online_cap=caps.online,
        teaching_cap=caps.teaching,
        self_study_cap=caps.self_study,
        teaching_times=wanted.teaching_times,
        carry_over=wanted.carry_over_hours,
        recorded_by=who.account_id,
        recorded_at=now,
    )
    session.add(row)
    await session.flush()
    told = wanted.model_dump(mode="json", by_alias=True)
    _tell(session, who, row, "added", after=told, version=1)
    return row
