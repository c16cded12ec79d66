"""What the bureau does with escalation rules."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.kit import clock, errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.escalation_rules import rules
from services.tasks_api.escalation_rules.schemas import EscalationRuleIn
from services.tasks_api.escalation_rules.tables import EscalationRule

OBJECT = "escalation_rule"
_tell: Final = Trail(OBJECT, access.ESCALATION_RULES_READ, unit=None).tell


async def add(session: Session, who: Principal, wanted: EscalationRuleIn, now: datetime) -> EscalationRule:
    """Records a step from a day on. Raises BadInput (fields that do not go together), Backdated."""
    if who.district_id is None:
        raise errors.Forbidden
    row = EscalationRule(
        id=ids.new_id(),
        district_id=who.district_id,
        recorded_by=who.account_id,
        recorded_by_name=who.name,
        recorded_at=now,
        **wanted.model_dump(),
    )
    if faults := rules.faults(row, row.audience):
        raise errors.BadInput(*faults)
    errors.raise_if(rules.why_not_date(wanted.valid_from, clock.local_day(now)))
    session.add(row)
    await session.flush()
    after = wanted.model_dump(mode="json", exclude_none=True)
    _tell(session, who, row, "recorded", after=after, version=1)
    return row
