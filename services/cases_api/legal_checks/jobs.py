"""Behind the writers: what waits for its check is checked, also when nobody reads."""

from __future__ import annotations

from services.cases_api.legal_checks import actions
from services.cases_api.legal_checks.queries import stored
from services.kit.runtime import Runtime

EVERY_SECONDS = 2.0


async def recheck(runtime: Runtime) -> None:
    """Finds officers of whom something new is published, then checks whatever waits, district by district."""
    async with runtime.database.transaction() as session:
        await stored.outdate_by_officers(session)
        districts = await stored.districts(session)
    for district_id in districts:
        while await actions.refresh(runtime.database, district_id, runtime.clock()):
            pass
