"""The database of a home: made, migrated, and its roles given what the services need."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from admin.local import external, keys, postgres, trouble
from admin.local import home as homes

NAME = "zhifa"
MIGRATION_SECONDS = 600
# Against what hangs: a service asks for less; these are the last resort.
ROLE_SETTINGS = {"statement_timeout": "60s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "60s", "jit": "off"}


@dataclass(frozen=True, slots=True)
class Database:
    """Addresses of a migrated database. Of an external one every service signs in as its user and takes its role."""

    owner_url: str = field(repr=False)
    role_urls: dict[str, str] = field(repr=False)
    cluster: postgres.Cluster | None = None

    def environment(self, role: str) -> dict[str, str]:
        """What a service is told about its database."""
        if self.cluster is not None:
            return {"ZHIFA_DATABASE_URL": self.role_urls[role]}
        return {"ZHIFA_DATABASE_URL": self.owner_url, "ZHIFA_DATABASE_ROLE": role}


def of_external(url: str, log: Path) -> Database:
    """Migrates an external database and lets its user take the services' roles."""
    migrate(url, log)
    _allow_taking_roles(url)
    return Database(url, {})


def of_cluster(cluster: postgres.Cluster, log: Path) -> Database:
    """Makes and migrates the database of the embedded PostgreSQL; its owner is no superuser."""
    _create(cluster)
    migrate(cluster.url(NAME, keys.OWNER), log)
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        for role in keys.ROLES:
            _let_sign_in(connection, role, cluster.passwords[role])
    return _of_cluster(cluster)


def migrate(owner_url: str, log: Path) -> None:
    """Brings the schema to the newest revision. Trouble with the end of the log when that fails."""
    environment = {**os.environ, "ZHIFA_DATABASE_URL": owner_url}
    with log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, "-m", "alembic", "upgrade", "head"],
            cwd=homes.CHECKOUT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            timeout=MIGRATION_SECONDS, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise trouble.Trouble(f"The migration of the database failed; it was rolled back. The end of {log}:\n{homes.tail(log)}")


def revision(owner_url: str) -> str | None:
    """The migration the database is at; None when it has none or does not answer."""
    try:
        with psycopg.connect(owner_url, connect_timeout=3) as connection:
            row = connection.execute("SELECT version_num FROM kit.alembic_version").fetchone()
    except psycopg.Error:
        return None
    return str(row[0]) if row else None


def running(home: homes.Home) -> Database:
    """The database that runs for this home. Trouble when none does."""
    url = external.of(home)
    if url is not None:
        return Database(url, {})
    cluster = postgres.running_cluster(home.path)
    if cluster is None:
        raise trouble.Trouble(f"Nothing runs for the home {home.path}. Start it with: ./zhifa up")
    return _of_cluster(cluster)


def _of_cluster(cluster: postgres.Cluster) -> Database:
    urls = {role: cluster.url(NAME, role) for role in keys.ROLES}
    return Database(cluster.url(NAME, keys.OWNER), urls, cluster=cluster)


def _create(cluster: postgres.Cluster) -> None:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [keys.OWNER]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE ROLE {} CREATEROLE").format(sql.Identifier(keys.OWNER)))
        connection.execute(_with_password(keys.OWNER, cluster.passwords[keys.OWNER]))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(keys.OWNER)))
            connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(NAME)))


def _let_sign_in(connection: psycopg.Connection, role: str, password: str) -> None:
    connection.execute(_with_password(role, password))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(NAME), sql.Identifier(role)))
    for name, value in ROLE_SETTINGS.items():
        statement = sql.SQL("ALTER ROLE {} SET {} = {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value)))


def _with_password(role: str, password: str) -> sql.Composed:
    return sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))


def _allow_taking_roles(url: str) -> None:
    """From PostgreSQL 16 on who makes a role may grant it, but not take it: the user grants it to itself."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        for role in keys.ROLES:
            try:
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            except psycopg.errors.InsufficientPrivilege:
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
            else:
                connection.execute("RESET ROLE")
