"""The worlds that tests of case files and of their reviews work in."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.client import Services
from tests.factories import cases, reviews
from tests.places import Place


@pytest.fixture(scope="module")
def cases_world(services: Services, place: Place, database_url: str) -> Iterator[cases.World]:
    """The module's database with officers in every unit."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield cases.World(services, place, connection)


@pytest.fixture(scope="module")
def world(services: Services, place: Place, database_url: str) -> Iterator[reviews.World]:
    """The module's database with accounts published as the directory would."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        reviews.publish_accounts(connection)
        yield reviews.World(services, place, connection)
