"""What the bureau does with supervision settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.kit import audit, clock, errors, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.supervision_settings import rules
from services.tasks_api.supervision_settings.tables import SupervisionSetting

OBJECT = "supervision_setting"


async def record(session: Session, who: Principal, key: str, wanted: dict[str, Any], now: datetime) -> SupervisionSetting:
    """Records a value from a day on; `wanted` holds valid_from, value and reading, checked. Raises Backdated."""
    if who.district_id is None:
        raise errors.Forbidden
    errors.raise_if(rules.why_not_date(wanted["valid_from"], clock.local_day(now)))
    row = SupervisionSetting(
        id=ids.new_id(),
        district_id=who.district_id,
        key=key,
        recorded_by=who.account_id,
        recorded_by_name=who.name,
        recorded_at=now,
        **wanted,
    )
    session.add(row)
    await session.flush()
    after = {"key": key, "valid_from": row.valid_from, "value": row.value, "reading": row.reading}
    audit.record(session, who, f"{OBJECT}.recorded", OBJECT, row.id, who.district_id, after=after)
    outbox.publish(session, f"{OBJECT}.recorded", OBJECT, row.id, 1, access.SETTINGS_READ, who.district_id, data={"key": key})
    return row
