"""Fixtures of the tests of tasks_api: the neighbours' views as plain tables, and the people of a district."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import psycopg
import pytest

from services.kit.principal import Role
from services.kit.settings import Settings
from tests.client import Caller, Services
from tests.factories import supervision
from tests.factories import tasks as factories
from tests.places import Place


@dataclass(frozen=True, slots=True)
class People:
    """Who calls the service in the tests; each of the first district unless named otherwise."""

    bureau: Caller
    government: Caller
    platform: Caller
    manager: Caller
    member: Caller
    branch_manager: Caller
    other_manager: Caller
    foreign_bureau: Caller
    reviewer: Caller
    admin: Caller
    auditor: Caller
    nobody: httpx.AsyncClient


@pytest.fixture(scope="module")
def neighbours(database_url: str) -> None:
    """The neighbours' published views, as tables the test fills; people work on weekdays from 2023 to 2028."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        factories.stand_in(connection)
        factories.fill_calendar(connection, 2023, 2028)


@pytest.fixture(scope="module")
def people(services: Services, place: Place, neighbours: None) -> People:
    """Callers of every role."""
    client = services.client("tasks_api")
    return People(
        bureau=Caller(client, Role.BUREAU, unit=place.bureau),
        government=Caller(client, Role.GOVERNMENT, unit=place.district),
        platform=Caller(client, Role.PLATFORM, unit=place.district),
        manager=Caller(client, Role.UNIT_MANAGER, unit=place.town),
        member=Caller(client, Role.UNIT_MEMBER, unit=place.town),
        branch_manager=Caller(client, Role.UNIT_MANAGER, unit=place.town_branch),
        other_manager=Caller(client, Role.UNIT_MANAGER, unit=place.other_town),
        foreign_bureau=Caller(client, Role.BUREAU, unit=place.foreign_district),
        reviewer=Caller(client, Role.REVIEWER, unit=place.town),
        admin=Caller(client, Role.SYSTEM_ADMIN),
        auditor=Caller(client, Role.AUDITOR),
        nobody=client,
    )


@pytest.fixture(scope="module")
async def world(settings: Settings, place: Place, neighbours: None, database_url: str) -> AsyncIterator[supervision.World]:
    """The tasks service on the module's database, at a time of its own."""
    made = supervision.World(settings, place, database_url)
    yield made
    await made.close()
    # asyncpg's transports close on the next turn of the loop.
    await asyncio.sleep(0)
