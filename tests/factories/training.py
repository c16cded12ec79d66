"""Makers of officers, classes and class hours through the API, at a time the tests set. All people are made up."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI
from stdnum.cn import ric

from services.kit import runtime
from services.kit.principal import Role
from services.kit.settings import Settings
from services.training_api import main
from services.training_api.ledger import jobs
from tests import tokens
from tests.client import Caller
from tests.places import Place, Unit

START = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)
SERIALS = count(1)


def id_number(serial: int) -> str:
    """A synthetic resident number that nobody has: born before 1906, with its right check sign."""
    born = date(1901, 1, 1) + timedelta(days=serial // 1000)
    front = f"350111{born:%Y%m%d}{serial % 1000:03}"
    return front + str(ric.calc_check_digit(front + "0"))


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


class World:
    """The training service on a clock of its own, and makers of what it keeps."""

    def __init__(self, settings: Settings, place: Place, database_url: str) -> None:
        self.clock = Clock()
        self.place = place
        self.database_url = database_url
        self.app: FastAPI = main.create_app(settings.model_copy(update={"database_role": "zhifa_training"}), self.clock)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=tokens.ISSUER)

    @property
    def runtime(self) -> runtime.Runtime:
        """What the process holds."""
        found: runtime.Runtime = self.app.state.runtime
        return found

    async def close(self) -> None:
        """Closes client and pools."""
        await self.client.aclose()
        await self.runtime.database.close()

    def caller(self, role: Role, unit: Unit | None = None, **claims: Any) -> Caller:
        """Somebody with a token good at the time set: the bureau's in the bureau, the others in the town."""
        at = self.place.bureau if role is Role.BUREAU else self.place.district
        usual = self.place.town if role in {Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER} else at
        if role in {Role.SYSTEM_ADMIN, Role.AUDITOR}:
            return Caller(self.client, role, now=int(self.clock().timestamp()), **claims)
        return Caller(self.client, role, unit=unit or usual, now=int(self.clock().timestamp()), **claims)

    @property
    def bureau(self) -> Caller:
        """The bureau."""
        return self.caller(Role.BUREAU)

    @property
    def manager(self) -> Caller:
        """The leader of the town."""
        return self.caller(Role.UNIT_MANAGER)

    @property
    def member(self) -> Caller:
        """A member of the town's staff."""
        return self.caller(Role.UNIT_MEMBER)

    def officer_in(self, unit: Unit, **changes: Any) -> dict[str, Any]:
        """The body of a new officer."""
        serial = next(SERIALS)
        facts = {"unit_id": str(unit.id), "name": f"演示{serial}", "id_number": id_number(serial), "hired_on": "2020-03-01"}
        return facts | changes

    async def officer(self, unit: Unit | None = None, **changes: Any) -> dict[str, Any]:
        """An officer of the town, or of another unit of either district."""
        where = unit or self.place.town
        by = Caller(self.client, Role.BUREAU, unit=Unit(where.path[0], where.path[:1], ""), now=int(self.clock().timestamp()))
        return made(await by.post("/v1/officers", json=self.officer_in(where, **changes)))

    def hours_in(self, officer: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """The body of an hour entry."""
        facts = {"officer_id": officer["id"], "category": "business", "hours": 4, "occurred_on": "2024-05-06", "source": "class"}
        return facts | changes

    async def hours(self, officer: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Hours of an officer, entered by the bureau."""
        return made(await self.bureau.post("/v1/hour-entries", json=self.hours_in(officer, **changes)))

    async def training_class(self, **changes: Any) -> dict[str, Any]:
        """A class of the town, held on one day in June."""
        facts = {
            "title": "行政处罚程序培训",
            "kind": "professional",
            "organiser_id": str(self.place.town.id),
            "starts_at": "2024-06-03T01:00:00Z",
            "ends_at": "2024-06-03T09:00:00Z",
            "hours": 8,
            "category": "skills",
        }
        return made(await self.bureau.post("/v1/classes", json=facts | changes))

    async def reverse(self, entry: dict[str, Any], effective: str = "original") -> httpx.Response:
        """A reversal by the bureau, on the entry as it stands now."""
        path = f"/v1/hour-entries/{entry['id']}"
        version = (await self.bureau.get(path)).json()["version"]
        body = {"reason": "误登", "effective": effective}
        return await self.bureau.post(f"{path}/reversal", json=body, version=version)

    async def compliance(self, officer: dict[str, Any], year: int = 2024, **params: str) -> dict[str, Any]:
        """How an officer stands."""
        path = f"/v1/compliance/officers/{officer['id']}"
        answer = await self.bureau.get(path, params={"year": year, **params})
        if answer.status_code == 503:
            # As every client should when told to: a busy machine is asked once more.
            await asyncio.sleep(int(answer.headers["Retry-After"]))
            answer = await self.bureau.get(path, params={"year": year, **params})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def seal(self) -> None:
        """Seals what waits."""
        await jobs.seal(self.runtime)

    def superuser(self) -> psycopg.Connection:
        """A connection with every right there is."""
        return psycopg.connect(self.database_url, autocommit=True)


def made(answer: httpx.Response) -> dict[str, Any]:
    """The resource just made."""
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    """Pointers and codes of a refused body."""
    assert answer.status_code == 400, answer.text
    return sorted((fault["pointer"], fault["code"]) for fault in answer.json()["errors"])
