"""A database that stalls, is cut off or away: every request ends with 503 within 3 seconds, and work goes on after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest

from services.kit.principal import Role
from services.kit.settings import Settings
from tests import places
from tests.client import Caller, Services
from tests.faults import FaultProxy


@pytest.fixture
async def proxy(settings: Settings) -> AsyncIterator[FaultProxy]:
    parts = urlsplit(settings.database_url or "")
    async with FaultProxy(parts.hostname or "127.0.0.1", parts.port or 5432) as running:
        yield running


@pytest.fixture
async def admin(settings: Settings, place: places.Place, proxy: FaultProxy) -> AsyncIterator[Caller]:
    parts = urlsplit(settings.database_url or "")
    through = parts._replace(netloc=f"{parts.username}:{parts.password or ''}@127.0.0.1:{proxy.port}").geturl()
    services = Services(settings.model_copy(update={"database_url": through, "request_seconds": 2.5}))
    yield Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)
    proxy.heal()
    proxy.cut()
    await services.close()


def unit(number: int) -> dict[str, str]:
    return {"code": f"3597{number:05}", "name": "测试区人民政府", "short_name": "测试区", "kind": "government"}


async def timed(call: asyncio.Future[httpx.Response]) -> tuple[httpx.Response, float]:
    started = time.perf_counter()
    answer = await call
    return answer, time.perf_counter() - started


async def test_a_stalled_database_gives_503_within_3_seconds_and_heals(admin: Caller, proxy: FaultProxy) -> None:
    assert (await admin.get("/v1/units")).status_code == 200
    assert (await admin.post("/v1/units", json=unit(1))).status_code == 201
    proxy.stall()
    calls = [admin.get("/v1/units") for _ in range(12)] + [admin.post("/v1/units", json=unit(n)) for n in range(2, 14)]
    answers = await asyncio.gather(*(timed(asyncio.ensure_future(call)) for call in calls))
    for answer, seconds in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert answer.headers["Retry-After"]
        assert seconds < 3.0
    proxy.heal()
    started = time.perf_counter()
    while (await admin.get("/v1/units")).status_code != 200:
        assert time.perf_counter() - started < 1.0
    assert (await admin.post("/v1/units", json=unit(20))).status_code == 201


async def test_connections_cut_in_the_pool_do_not_show(admin: Caller, proxy: FaultProxy) -> None:
    assert (await admin.get("/v1/units")).status_code == 200
    proxy.cut()
    await asyncio.sleep(0.05)
    assert (await admin.get("/v1/units")).status_code == 200
    assert (await admin.post("/v1/units", json=unit(30))).status_code == 201
