"""One running gateway for the tests that need no settings of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.gateway import running


@pytest_asyncio.fixture(scope="session")
async def shared_world() -> AsyncIterator[running.World]:
    """Started once; stand-ins keep what they saw until `world` clears it."""
    async with running.world() as found:
        yield found


@pytest_asyncio.fixture
async def world(shared_world: running.World) -> running.World:
    """The running gateway with clean stand-ins."""
    for upstream in shared_world.upstreams.values():
        upstream.calls.clear()
        upstream.go.clear()
        upstream.got.clear()
        upstream.ready = True
    return shared_world


@pytest_asyncio.fixture
async def client(world: running.World) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a token."""
    async with httpx.AsyncClient(base_url=world.url, trust_env=False) as found:
        yield found
