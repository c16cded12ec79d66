"""Callers of the directory, and what the owner of its database sees."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place


@pytest.fixture(scope="module")
def owner(database_url: str, place: Place) -> Iterator[psycopg.Connection]:
    """The owner's own connection, in autocommit."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def sysadmin(services: Services) -> Caller:
    """A system administrator."""
    return Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)


@pytest.fixture
def bureau(services: Services, place: Place) -> Caller:
    """The district's justice bureau."""
    return Caller(services.client("directory_api"), Role.BUREAU, unit=place.bureau)
