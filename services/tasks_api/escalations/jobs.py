"""The sweep as background work: asked for when something falls due, safe to run twice, at once, and after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from services.kit import audit, clock, db, operations
from services.kit.db import Session
from services.kit.jobs import Task
from services.kit.operations import Operation
from services.kit.runtime import Runtime
from services.tasks_api import working_days
from services.tasks_api.escalations import actions, queries
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.escalations.rules.ladder import Days
from services.tasks_api.escalations.rules.turns import Turn, Waiting, turns

KIND: Final = "escalation_sweep"
# A sweep that has not ended by then is given up for lost, and another one asked for.
PATIENCE: Final = timedelta(minutes=15)
# More than so many turns are a backlog, as after downtime: two lanes work it off, each with units of its own.
BACKLOG: Final = 20


async def run(operation: Operation) -> str | None:
    """Sweeps until nothing is left to look at. Every turn is a transaction of its own, so a crash loses or doubles nothing;
    between two the work may be cancelled.
    """
    runtime = operation.runtime
    days: Days | None = None
    done = 0
    while waiting := await _waiting(runtime):
        days = days or await _days(runtime)
        course = Course(operation, days, done, sum(unit.size for unit in waiting))
        lanes = 2 if course.left > BACKLOG * actions.MOST else 1
        await _together([course.lane(waiting[lane::lanes]) for lane in range(lanes)])
        done = course.done
        if not course.looked_at:
            break
    return "/v1/escalations"


@dataclass
class Course:
    """Once through all units with something to look at: how many assignments were passed, are left, and were looked at."""

    operation: Operation
    days: Days
    done: int
    left: int
    looked_at: int = 0

    async def lane(self, waiting: Sequence[Waiting]) -> None:
        """Turn by turn through some of the units."""
        for turn in turns(waiting, actions.MOST):
            found = await _sweep(self.operation.runtime, turn, self.days)
            self.looked_at += found
            self.done += turn.size
            self.left -= turn.size
            await self.operation.note(min(0.99, self.done / (self.done + self.left)))


async def _together(lanes: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Runs lanes at once; when one fails the others end as well."""
    tasks = [asyncio.ensure_future(lane) for lane in lanes]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            if not task.done():
                await db.cancel_safely(task)


async def _waiting(runtime: Runtime) -> Sequence[Waiting]:
    async with runtime.database.reading() as read:
        return await queries.waiting(read, clock.local_day(runtime.clock()))


async def _days(runtime: Runtime) -> Days:
    async with runtime.database.reading() as read:
        return Days(await working_days.calendar(read))


async def _sweep(runtime: Runtime, turn: Turn, days: Days) -> int:
    """One turn; how many rows it looked at."""
    async with runtime.database.transaction() as session:
        _introduce(session, runtime)
        return await actions.sweep(session, turn, days, runtime.clock())


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
