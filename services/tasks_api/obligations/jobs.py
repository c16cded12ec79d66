"""Keeping what is measured, behind the writers: one process at a time, a transaction per district."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from services.kit import audit, clock
from services.kit.principal import Principal
from services.kit.runtime import Runtime
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.obligations import actions, queries


async def keep(runtime: Runtime) -> None:
    """Keeps what differs from what was kept last, in every district with a plan."""
    async with runtime.database.reading() as read:
        districts = await queries.districts(read)
    for district_id in districts:
        await _keep(runtime, replace(SWEEPER, unit_id=district_id, unit_path=(district_id,)), district_id)


async def _keep(runtime: Runtime, who: Principal, district_id: UUID) -> None:
    async with runtime.database.transaction() as session:
        if not await queries.alone(session):
            return
        now = runtime.clock()
        session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", who=who)
        await actions.record(session, who, await queries.years_of(session, who, clock.local_day(now)), now)


STEP: Final = (keep, 300.0)
