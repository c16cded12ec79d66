"""The database of a home after its migration: who may sign in, and the same for an external server."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from admin.local import database, external, keys, postgres, trouble
from admin.local import home as homes


def one(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def test_embedded_and_external(home: homes.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.make_missing(home)
    cluster = postgres.ensure(home.path, durable=False)
    found = database.of_cluster(cluster, home.log("migrations"))
    assert database.running(home) == found
    assert database.revision(found.owner_url) == database.revision(found.role_urls["zhifa_tasks"]) is not None
    for role, url in found.role_urls.items():
        assert one(url, "SELECT current_user::text") == role
        assert one(url, "SHOW lock_timeout") == "5s"
        assert found.environment(role) == {"ZHIFA_DATABASE_URL": url}
    assert one(found.owner_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False

    # The same server seen as an external one, by a user who is no superuser.
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE outside OWNER zhifa_owner")
        for role in keys.ROLES:  # as a user finds it who has just made the roles: may grant them, may not take them
            connection.execute(f"REVOKE {role} FROM zhifa_owner".encode())
            connection.execute(f"GRANT {role} TO zhifa_owner WITH ADMIN TRUE, SET FALSE, INHERIT FALSE".encode())
    url = cluster.url("outside", keys.OWNER)
    monkeypatch.setenv("DATABASE_URL", url)
    outside = database.of_external(url, home.log("migrations"))
    assert database.running(home) == outside
    assert outside.environment("zhifa_cases") == {"ZHIFA_DATABASE_URL": url, "ZHIFA_DATABASE_ROLE": "zhifa_cases"}
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE zhifa_cases")
    assert "postgresql" not in repr(found) + repr(outside)

    # A later command of the home need not be told the address again.
    external.keep(home, url)
    monkeypatch.delenv("DATABASE_URL")
    assert database.running(home) == outside
    assert home.database_url.stat().st_mode & 0o077 == 0


def test_failed_migration_shows_the_reason(tmp_path: Path) -> None:
    log = tmp_path / "migrations.log"
    with pytest.raises(trouble.Trouble, match=r"migration of the database failed(.|\n)*refused"):
        database.migrate(f"postgresql://a:b@127.0.0.1:{postgres.free_port()}/c", log)


def test_nothing_runs(home: homes.Home) -> None:
    with pytest.raises(trouble.Trouble, match="Nothing runs for the home"):
        database.running(home)
