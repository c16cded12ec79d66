"""The sweep as background work: asked for when something falls due, safe to run twice, at once, and after a crash."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.kit import audit, clock, operations
from services.kit.db import Session
from services.kit.jobs import Task
from services.kit.operations import Operation
from services.kit.runtime import Runtime
from services.tasks_api import working_days
from services.tasks_api.escalations import actions, queries
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.escalations.queries import Turn
from services.tasks_api.escalations.rules.ladder import Days

KIND: Final = "escalation_sweep"
# A sweep that has not ended by then is given up for lost, and another one asked for.
PATIENCE: Final = timedelta(minutes=15)


async def run(operation: Operation) -> str | None:
    """Sweeps until nothing is left to look at. Every unit is a transaction of its own, so a crash loses or doubles nothing."""
    runtime = operation.runtime
    async with runtime.database.reading() as read:
        days = Days(await working_days.calendar(read))
    done = 0
    while waiting := await _turns(runtime):
        looked_at = 0
        for turn in waiting:
            looked_at += await _sweep(runtime, turn, days)
            done += 1
            await operation.note(min(0.99, done / (done + len(waiting))))
        if not looked_at:
            break
    return "/v1/escalations"


async def _turns(runtime: Runtime) -> list[Turn]:
    async with runtime.database.reading() as read:
        return await queries.turns(read, clock.local_day(runtime.clock()))


async def _sweep(runtime: Runtime, turn: Turn, days: Days) -> int:
    """One turn; how many rows it looked at."""
    async with runtime.database.transaction() as session:
        now = runtime.clock()
        _introduce(session, runtime)
        tally = await actions.sweep_unit(session, turn, days, now)
        return tally.looked_at if tally else 0


async def watch(runtime: Runtime) -> None:
    """Asks for a sweep when something falls due and none is under way; run every half minute by every process of the service."""
    async with runtime.database.transaction() as session:
        _introduce(session, runtime)
        now = runtime.clock()
        if not await queries.alone(session) or not await queries.has_work(session, clock.local_day(now)):
            return
        if not await queries.is_sweeping(session, runtime.service, KIND, now - PATIENCE):
            await operations.start(session, SWEEPER, KIND, {})


def _introduce(session: Session, runtime: Runtime) -> None:
    session.info["circumstances"] = audit.Circumstances(runtime.service, runtime.clock(), "", who=SWEEPER)


TASK: Final = Task(KIND, run)
STEP: Final = (watch, 30.0)
