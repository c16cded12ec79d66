"""The watch over progress reports: one process at a time, a transaction per district."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from services.kit import audit
from services.kit.runtime import Runtime
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.missing_reports import actions, queries


async def watch(runtime: Runtime) -> None:
    """Notes what was not reported in every district with a plan in force."""
    async with runtime.database.reading() as read:
        districts = await queries.districts(read)
    for district_id in districts:
        await _watch(runtime, district_id)


async def _watch(runtime: Runtime, district_id: UUID) -> None:
    async with runtime.database.transaction() as session:
        if not await queries.alone(session):
            return
        now = runtime.clock()
        who = replace(SWEEPER, unit_id=district_id, unit_path=(district_id,))
        session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", who=who)
        await actions.note(session, who, district_id, now)


STEP: Final = (watch, 900.0)
