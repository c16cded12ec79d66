"""A tasks service on a clock of its own, the people who call it, and short ways to make and move what it keeps."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
from fastapi import FastAPI

from services.kit import audit, jobs, operations, runtime
from services.kit.principal import Role
from services.kit.settings import Settings
from services.tasks_api import main
from services.tasks_api.assignments.rules import State
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.escalations import jobs as sweeps
from services.tasks_api.escalations.actions import SWEEPER
from services.tasks_api.plans.tables import Plan
from services.tasks_api.tasks.tables import Task
from tests import tokens
from tests.client import Caller
from tests.factories import tasks as factories
from tests.places import Place, Unit

# A Monday at nine in the morning in Shanghai; the stand-in calendar knows weekdays from 2023 to 2028.
START = datetime(2025, 6, 2, 1, tzinfo=UTC)
MONDAY = date(2025, 6, 2)


class Clock:
    """The time of the service under test."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        """Now."""
        return self.moment

    def pass_time(self, **spans: float) -> datetime:
        """Later."""
        self.moment += timedelta(**spans)
        return self.moment

    def set_to(self, day: date) -> None:
        """Nine in the morning of a day."""
        self.moment = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


class World:
    """The tasks service at a time of its own."""

    def __init__(self, settings: Settings, place: Place, database_url: str) -> None:
        self.clock = Clock()
        self.place = place
        self.database_url = database_url
        self.app: FastAPI = main.create_app(settings.model_copy(update={"database_role": "zhifa_tasks"}), self.clock)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=tokens.ISSUER)
        self.numbers = itertools.count(1)
        # By name, for callers whose account must stay the same from call to call.
        self.accounts: dict[str, UUID] = {}

    @property
    def runtime(self) -> runtime.Runtime:
        """What the process holds."""
        found: runtime.Runtime = self.app.state.runtime
        return found

    async def close(self) -> None:
        """Closes client and pools."""
        await self.client.aclose()
        await self.runtime.database.close()

    def caller(self, name: str) -> Caller:
        """Somebody by name, with a token good at the time set."""
        roles, unit = self._people()[name]
        given: dict[str, Any] = {"now": int(self.clock().timestamp())}
        if name in self.accounts:
            given["account_id"] = self.accounts[name]
        return Caller(self.client, *roles, unit=unit, **given)

    def _people(self) -> Mapping[str, tuple[tuple[Role, ...], Unit | None]]:
        place = self.place
        return {
            "bureau": ((Role.BUREAU,), place.bureau),
            "government": ((Role.GOVERNMENT,), place.district),
            "platform": ((Role.PLATFORM,), place.district),
            "manager": ((Role.UNIT_MANAGER,), place.town),
            "member": ((Role.UNIT_MEMBER,), place.town),
            "branch_manager": ((Role.UNIT_MANAGER,), place.town_branch),
            "other_manager": ((Role.UNIT_MANAGER,), place.other_town),
            "other_member": ((Role.UNIT_MEMBER,), place.other_town),
            "foreign_bureau": ((Role.BUREAU,), place.foreign_district),
            "foreign_manager": ((Role.UNIT_MANAGER,), place.foreign_town),
            "reviewer": ((Role.REVIEWER,), place.town),
            "admin": ((Role.SYSTEM_ADMIN,), None),
            "auditor": ((Role.AUDITOR,), None),
        }

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Rows as the owner of the database sees them."""
        with psycopg.connect(self.database_url, row_factory=psycopg.rows.namedtuple_row) as connection:
            return connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> None:
        """A change by the owner of the database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(sql, values)

    async def plan(self, **changes: Any) -> Plan:
        """A plan in force from 2024 to 2026."""
        async with self.runtime.database.transaction() as session:
            return await factories.make_plan(session, self.place.district, **{"state": "active"} | changes)

    async def task(self, plan: Plan, **changes: Any) -> Task:
        """A task of the plan, owed by the town unless said otherwise."""
        given: dict[str, Any] = {"number": next(self.numbers), "responsibles": [self.place.town]} | changes
        async with self.runtime.database.transaction() as session:
            return await factories.make_task(session, plan, **given)

    async def assignment(self, task: Task, unit: Unit | None = None, **changes: Any) -> Assignment:
        """What a unit owes, in progress and reported on unless said otherwise, held since the day before the test's start."""
        given: dict[str, Any] = {
            "state": State.IN_PROGRESS,
            "reported_at": factories.LONG_AGO,
            "held_since": MONDAY - timedelta(1),
            "watch_on": MONDAY,
        } | changes
        async with self.runtime.database.transaction() as session:
            return await factories.make_assignment(session, task, unit or self.place.town, **given)

    async def ask_for_sweep(self) -> UUID:
        """A sweep asked for, as the watching step does; no worker runs in these tests."""
        async with self.runtime.database.transaction() as session:
            session.info["circumstances"] = audit.Circumstances("tasks_api", self.clock(), "", who=SWEEPER)
            return await operations.start(session, SWEEPER, sweeps.KIND, {})

    async def sweep(self) -> None:
        """Everything that falls due is looked at."""
        asked = await self.ask_for_sweep()
        await jobs.run(self.runtime, sweeps.TASK, asked)
        [row] = self.rows("SELECT state FROM kit.operations WHERE id = %s", asked)
        assert row.state == "succeeded", row

    async def sweep_on(self, day: date) -> None:
        """The same on another day."""
        self.clock.set_to(day)
        await self.sweep()

    async def read(self, path: str, name: str = "bureau", **parameters: Any) -> dict[str, Any]:
        """What somebody sees at this path."""
        answer = await self.caller(name).get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def items(self, path: str, name: str = "bureau", **parameters: Any) -> list[dict[str, Any]]:
        """The first page of a list, as somebody sees it."""
        found: list[dict[str, Any]] = (await self.read(path, name, **parameters))["items"]
        return found

    async def move(self, path: str, verb: str, name: str = "bureau", body: Any = None, **options: Any) -> httpx.Response:
        """A transition based on the version as it is now."""
        if "version" not in options:
            [tag] = [(await self.caller("bureau").get(path)).headers.get("ETag", '"v1"')]
            options["version"] = int(tag.strip('"v'))
        given = options | ({"json": body} if body is not None else {})
        return await self.caller(name).post(f"{path}/{verb}", **given)
