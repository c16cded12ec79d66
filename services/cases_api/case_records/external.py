"""The neighbours' facts that records refer to."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.kit.db import Session

SERVING = text("""
    SELECT EXISTS (
        SELECT FROM published.officers
        WHERE id = :officer AND district_id = :district AND kind = 'officer'
          AND hired_on <= :day AND coalesce(left_on, 'infinity') >= :day
    )
""")


async def is_serving(session: Session, district_id: UUID, officer_id: UUID, day: date) -> bool:
    """Whether this officer served in the district on that day."""
    found = await session.execute(SERVING, {"officer": officer_id, "district": district_id, "day": day})
    return bool(found.scalar_one())
