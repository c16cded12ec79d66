"""The migrations: one head, the tables of the code, and the way back and forth."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory

ROOT = Path(__file__).parents[2]
SCHEMA = """
    SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
    FROM information_schema.columns WHERE table_schema IN ('kit', 'directory', 'tasks', 'cases', 'training', 'published')
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace::regnamespace::text IN ('kit', 'directory', 'tasks', 'cases', 'training')
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname IN ('kit', 'directory', 'tasks', 'cases', 'training')
    UNION ALL
    SELECT p.oid::regprocedure || md5(p.prosrc) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname IN ('kit', 'directory', 'tasks', 'cases', 'training', 'published')
    ORDER BY 1
"""


def alembic(url: str, *arguments: str) -> None:
    environment = os.environ | {"ZHIFA_DATABASE_URL": url}
    command = [sys.executable, "-m", "alembic", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def schema(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(SCHEMA)]


def test_there_is_one_head() -> None:
    script = ScriptDirectory.from_config(Config(config_args={"script_location": str(ROOT / "migrations")}))
    assert len(script.get_heads()) == 1


def test_tables_of_the_code_equal_those_of_the_migrations(database_url: str) -> None:
    alembic(database_url, "check")


def test_down_and_up_again_gives_the_same_schema(database_url: str) -> None:
    before = schema(database_url)
    alembic(database_url, "downgrade", "base")
    assert [line for line in schema(database_url) if not line.startswith("kit.alembic_version") and "alembic" not in line] == []
    alembic(database_url, "upgrade", "head")
    assert schema(database_url) == before
