"""What is done with the rules about people: the bureau adds rows."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.kit import errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.personnel_rules.schemas import PersonnelRuleIn
from services.training_api.personnel_rules.tables import PersonnelRule

OBJECT = "personnel_rule"
_tell: Final = Trail(OBJECT, access.PERSONNEL_RULES_READ, unit=None).tell


async def add(session: Session, who: Principal, wanted: PersonnelRuleIn, now: datetime) -> PersonnelRule:
    """Says what holds in the caller's district from a day on. Certificates issued keep the days they were issued
    with. Raises Forbidden without a district.
    """
    if who.district_id is None:
        raise errors.Forbidden
    facts = wanted.model_dump(mode="json")
    row = PersonnelRule(
        id=ids.new_id(), district_id=who.district_id, recorded_at=now, **facts | {"valid_from": wanted.valid_from}
    )
    session.add(row)
    await session.flush()
    _tell(session, who, row, "added", after=facts, version=1)
    return row
