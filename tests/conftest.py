"""Fixtures of the whole suite: a PostgreSQL server, a migrated template, a fresh database per module, and services."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from xdist.scheduler import LoadFileScheduling

from admin.local import postgres
from services.kit import db, logs
from services.kit.settings import Settings
from tests import places, tokens
from tests.client import Services

ROOT = Path(__file__).parent.parent
TEMPLATE_LOCK = 350112
WHOLE_SYSTEM = "tests/e2e/"
# A busy machine is no fault of the code: what waits for locks and connections waits longer here than in service.
db.SERVER_SETTINGS["lock_timeout"] = "10s"
db.POOL_SECONDS = 10.0

# How long an example takes says more about the machine's other work than about the code.
hypothesis_settings.register_profile("zhifa", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
hypothesis_settings.load_profile("zhifa")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--full` runs the long form of fault and fuzz tests too."""
    parser.addoption("--full", action="store_true", help="run the long form of fault and fuzz tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the long form out of a normal run: deselected, not skipped. What needs a whole system, and long, comes first."""
    if not config.getoption("--full"):
        long = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    items.sort(key=lambda item: not item.nodeid.startswith(WHOLE_SYSTEM))


def pytest_collection_finish() -> None:
    """What was loaded stays to the end: the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """Each file to one process of `-n`, and all files that need the whole system to the same: it is started once."""
    scheduler = LoadFileScheduling(config, log)
    by_file = scheduler._split_scope
    scheduler._split_scope = lambda nodeid: WHOLE_SYSTEM if nodeid.startswith(WHOLE_SYSTEM) else by_file(nodeid)
    return scheduler


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    """Log lines as a service writes them, warnings and worse."""
    logs.configure("tests", "WARNING")


@pytest.fixture(scope="session")
def server_url() -> str:
    """Address of a server where the tests may make databases and roles."""
    if given := os.environ.get("ZHIFA_TEST_DATABASE_URL"):
        return given
    return postgres.ensure(ROOT / ".zhifa" / "test", durable=False).url()


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """A database at the newest migration, made once per state of the migrations and cloned by everyone."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations").rglob("*.[ps][yq]*")):
        digest.update(path.read_bytes())
    name = f"zhifa_template_{digest.hexdigest()[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            _migrate(server_url, connection, name)
    return name


def _migrate(server_url: str, connection: psycopg.Connection, name: str) -> None:
    making = f"{name}_{secrets.token_hex(3)}"
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    environment = os.environ | {"ZHIFA_DATABASE_URL": places.in_database(server_url, making)}
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))


@pytest.fixture(scope="module")
def database_url(server_url: str, template: str) -> Iterator[str]:
    """A database of the module's own, dropped behind it."""
    name = f"zhifa_test_{os.getpid()}_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        connection.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
        yield places.in_database(server_url, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def place(database_url: str) -> places.Place:
    """Two made-up districts with their units, in the module's database."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        return places.build(connection)


@pytest.fixture(scope="module")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a service process on the module's database; each service adds its own role."""
    folder = tmp_path_factory.mktemp("secrets")
    keys = tokens.keys()
    (folder / "cursor.key").write_bytes(secrets.token_bytes(32))
    (folder / "personal.json").write_text(places.personal_keys())
    (folder / "data").mkdir()
    return Settings(
        database_url=database_url,
        public_url=tokens.ISSUER,
        jwks_file=keys.jwks_file,
        signing_key_file=keys.signing_key_file,
        personal_keys_file=folder / "personal.json",
        ledger_key_file=tokens.ledger_keys().signing_key_file,
        ledger_jwks_file=tokens.ledger_keys().jwks_file,
        audit_key_file=tokens.ledger_keys().signing_key_file,
        audit_jwks_file=tokens.ledger_keys().jwks_file,
        webhook_keys_file=folder / "personal.json",
        cursor_key_file=folder / "cursor.key",
        data_dir=folder / "data",
        pool_size=4,
        request_seconds=10,
    )


@pytest.fixture(scope="module")
async def services(settings: Settings, place: places.Place) -> AsyncIterator[Services]:
    """The services in this process, each on its own database role, reached as the gateway reaches them."""
    running = Services(settings)
    yield running
    await running.close()
    # asyncpg's transports close on the next turn of the loop.
    await asyncio.sleep(0)
