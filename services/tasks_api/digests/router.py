"""Route of the digest."""

from __future__ import annotations

from services.kit import clock, routing
from services.kit.runtime import Now, ReadDep
from services.tasks_api import access
from services.tasks_api.assignments.queries import Today
from services.tasks_api.digests import queries
from services.tasks_api.digests.schemas import DigestOut

router = routing.router("/v1/notifications", "notifications")


@router.get("/digest", response_model=DigestOut, summary="待办摘要")
async def digest(who: access.MayReadInbox, read: ReadDep, now: Now) -> DigestOut:
    """What waits on the caller's desk: unread messages, late and soon due assignments, decisions to make, open notices."""
    return await queries.digest(read, who, Today(clock.local_day(now), who.district_id))
