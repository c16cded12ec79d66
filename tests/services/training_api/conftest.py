"""The world that tests of officers and class hours work in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.kit.settings import Settings
from tests.factories import training
from tests.places import Place


@pytest.fixture(scope="module")
async def world(settings: Settings, place: Place, database_url: str) -> AsyncIterator[training.World]:
    """The training service on the module's database, at a time of its own."""
    made = training.World(settings, place, database_url)
    yield made
    await made.close()
    # asyncpg's transports close on the next turn of the loop.
    await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _same_time(world: training.World) -> None:
    """Each test begins at the same moment."""
    world.clock.moment = training.START
