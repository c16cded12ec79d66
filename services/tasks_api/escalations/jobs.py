"""The sweep as background work: asked for when something falls due, safe to run twice, at once, and after a crash."""

from __future__ import annotations

from collections.abc import Sequence
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
from services.tasks_api.escalations.rules.ladder import Days
from services.tasks_api.escalations.rules.turns import Turn, Waiting, turns

KIND: Final = "escalation_sweep"
# A sweep that has not ended by then is given up for lost, and another one asked for.
PATIENCE: Final = timedelta(minutes=15)


async def run(operation: Operation) -> str | None:
    """Sweeps until nothing is left to look at. Every turn is a transaction of its own, so a crash loses or doubles nothing;
    between two the work may be cancelled.
    """
    runtime = operation.runtime
    days: Days | None = None
    done = 0
    while waiting := await _waiting(runtime):
        days = days or await _days(runtime)
        left, looked_at = sum(unit.size for unit in waiting), 0
        for turn in turns(waiting, actions.MOST):
            looked_at += await _sweep(runtime, turn, days)
            done, left = done + turn.size, left - turn.size
            await operation.note(min(0.99, done / (done + left)))
        if not looked_at:
            break
    return "/v1/escalations"


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
