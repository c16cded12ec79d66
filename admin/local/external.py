"""An external PostgreSQL given by DATABASE_URL: what it must offer, checked at the start and told in plain words.

A home remembers the address it was started with, so that later commands of the home need not be told again.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import psycopg

from admin.local import files, keys, trouble
from admin.local import home as homes

OLDEST = 150000  # PostgreSQL 15
SCHEMES = ("postgresql", "postgres")


def address() -> str | None:
    """DATABASE_URL in the one spelling the services know, or None when there is none."""
    given = os.environ.get("DATABASE_URL", "").strip()
    if not given:
        return None
    scheme, separator, rest = given.partition("://")
    if not separator or scheme.partition("+")[0] not in SCHEMES or not urlsplit(given).path.strip("/"):
        raise trouble.Trouble("DATABASE_URL is not usable. It must look like postgresql://user:password@host:5432/database")
    return f"postgresql://{rest}"


def of(home: homes.Home) -> str | None:
    """DATABASE_URL, or else the address this home was started with; None for a home with its own PostgreSQL."""
    kept = home.database_url.read_text(encoding="utf-8") if home.database_url.exists() else None
    return address() or kept


def keep(home: homes.Home, url: str) -> None:
    """Remembers the address; it holds a password, so it lies with the secrets."""
    files.replace(home.database_url, url.encode())


def check(url: str) -> list[str]:
    """Checks the server and changes nothing; answers notes on what is missing but may do. Trouble when it cannot do."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            _check_server(connection)
            _check_rights(connection)
            notes = _check_trigrams(connection)
            connection.rollback()
    except psycopg.OperationalError as error:
        raise trouble.Trouble(f"The database of DATABASE_URL cannot be reached: {_reason(error)}") from None
    return notes


def _check_server(connection: psycopg.Connection) -> None:
    version = connection.info.server_version
    if version < OLDEST:
        raise trouble.Trouble(f"The database of DATABASE_URL is too old: PostgreSQL {version // 10000}; needed is 15 or newer.")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise trouble.Trouble(
            f"The database of DATABASE_URL has the encoding {encoding}; needed is UTF8: "
            "CREATE DATABASE zhifa ENCODING 'UTF8' TEMPLATE template0"
        )


def _check_rights(connection: psycopg.Connection) -> None:
    schemas, roles, present, user = connection.execute(
        """
        SELECT has_database_privilege(current_database(), 'CREATE'),
               (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
               (SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)),
               current_user
        """,
        [list(keys.ROLES)],
    ).fetchone() or (False, False, 0, "")
    if not schemas:
        raise trouble.Trouble(f"User {user} of DATABASE_URL may not create schemas: GRANT CREATE ON DATABASE … TO {user}")
    if not roles and present < len(keys.ROLES):
        raise trouble.Trouble(
            f"User {user} of DATABASE_URL may not create roles: ALTER ROLE {user} CREATEROLE, "
            f"or let an administrator create {', '.join(keys.ROLES)} and grant them to {user}."
        )


def _check_trigrams(connection: psycopg.Connection) -> list[str]:
    """Search for Chinese names needs pg_trgm and a locale that knows Chinese characters as letters."""
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg.Error as error:
        return [f"The extension pg_trgm is missing and cannot be created ({_reason(error)}); search by name will be slow."]
    (schema,) = connection.execute(
        "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'pg_trgm'"
    ).fetchone() or ("public",)
    (trigrams,) = connection.execute(f"SELECT {schema}.show_trgm('张三')").fetchone() or ([],)
    if not trigrams:
        raise trouble.Trouble(
            "The database of DATABASE_URL drops Chinese characters when searching (its LC_CTYPE is C): "
            "CREATE DATABASE zhifa ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0"
        )
    return []


def _reason(error: psycopg.Error) -> str:
    """First line of the server's or the library's words; neither holds the password."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
