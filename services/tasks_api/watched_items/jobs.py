"""The watch over items: every half minute what falls due is looked at, once, whatever process does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from services.kit import audit
from services.kit.db import Session
from services.kit.runtime import Runtime
from services.tasks_api import working_days
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.escalations.rules.ladder import Days

SECONDS: Final = 30.0
Sweep = Callable[[Session, Callable[[], Awaitable[Days]], datetime], Awaitable[int]]
Watch = Callable[[Runtime], Awaitable[None]]


def step(sweep: Sweep) -> tuple[Watch, float]:
    """The step of a feature. A sweep looks at some rows in one transaction and answers how many, until none is left; rows held
    by another process are passed over, so a crash or two at once lose and double nothing.
    """

    async def watch(runtime: Runtime) -> None:
        while await _once(runtime, sweep):
            pass

    return watch, SECONDS


async def _once(runtime: Runtime, sweep: Sweep) -> int:
    async with runtime.database.transaction() as session:
        session.info["circumstances"] = audit.Circumstances(runtime.service, runtime.clock(), "", who=SWEEPER)

        async def days() -> Days:
            return Days(await working_days.calendar(session))

        return await sweep(session, days, runtime.clock())
