"""Alembic's environment: one linear history for all schemas, run by the owner of the database."""

from __future__ import annotations

import importlib
import os

from alembic import context
from sqlalchemy import Connection, MetaData, create_engine, text
from sqlalchemy.pool import NullPool

SERVICES = ("directory_api", "training_api", "cases_api", "tasks_api")
# One number for every starter of every process: two migrations at once wait for each other.
ADVISORY_LOCK = 350111


def targets() -> list[MetaData]:
    """Metadata of every service's tables; the kit's own tables are plain SQL in its migration."""
    return [importlib.import_module(f"services.{name}.all_tables").METADATA for name in SERVICES]


def url() -> str:
    """The owner's address, spoken to by psycopg because migrations hold several statements in one text."""
    return os.environ["ZHIFA_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leaves the kit (plain SQL, procrastinate's tables) and foreign schemas out of autogenerate."""
    return name in {"directory", "tasks", "cases", "training"} if kind == "schema" else True


def migrate(connection: Connection) -> None:
    """Runs what is asked for in one transaction, behind a lock at session level.

    The lock is committed before Alembic is configured: a transaction left open here would be taken for the
    caller's, and all the work silently rolled back.
    """
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS kit"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=targets(),
        include_schemas=True,
        include_name=include_name,
        version_table_schema="kit",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(url=url(), target_metadata=None, version_table_schema="kit", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(
        url(), poolclass=NullPool, connect_args={"options": "-c lock_timeout=4s -c statement_timeout=30s", "connect_timeout": 5}
    )
    with engine.connect() as live:
        migrate(live)
