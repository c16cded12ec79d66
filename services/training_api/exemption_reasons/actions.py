"""What is done with reasons: the bureau adds rows."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.kit import errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.exemption_reasons.schemas import ExemptionReasonIn
from services.training_api.exemption_reasons.tables import ExemptionReason

OBJECT = "exemption_reason"
_tell: Final = Trail(OBJECT, access.EXEMPTION_REASONS_READ, unit=None).tell


async def add(session: Session, who: Principal, wanted: ExemptionReasonIn, now: datetime) -> ExemptionReason:
    """Says what a reason is in the caller's district from a day on. What was approved before stays as it was
    approved. Raises Forbidden without a district.
    """
    if who.district_id is None:
        raise errors.Forbidden
    facts = wanted.model_dump(mode="json")
    values = wanted.model_dump() | {"waives": wanted.waives.value}
    row = ExemptionReason(id=ids.new_id(), district_id=who.district_id, recorded_at=now, **values)
    session.add(row)
    await session.flush()
    _tell(session, who, row, "added", after=facts, version=1)
    return row
