"""DATABASE_URL: every way in which it cannot do is told in plain words, without the password."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from admin.local import external, postgres, trouble


@pytest.mark.parametrize("url", ["mysql://a:secret@host/b", "postgresql://a:secret@host", "host=localhost", "postgresql:/x"])
def test_form(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(trouble.Trouble, match="must look like postgresql://") as caught:
        external.address()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_spellings(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://a:b@host:5432/c")
    assert external.address() == "postgresql://a:b@host:5432/c"
    monkeypatch.setenv("DATABASE_URL", "")
    assert external.address() is None


def refused(url: str, match: str) -> None:
    with pytest.raises(trouble.Trouble, match=match) as caught:
        external.check(url)
    assert "geheim" not in str(caught.value)


def test_good_database_has_no_notes_and_is_left_as_it_was(new_database: Callable[[str, str], str]) -> None:
    url = new_database("good", "")
    assert external.check(url) == []
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'").fetchone() == (0,)


def test_unreachable() -> None:
    refused(f"postgresql://a:geheim@127.0.0.1:{postgres.free_port()}/b", "cannot be reached: .*refused")


def test_wrong_password(cluster: postgres.Cluster) -> None:
    refused(f"postgresql://postgres:geheim@127.0.0.1:{cluster.port}/postgres", "cannot be reached: .*password authentication")


def test_wrong_database(cluster: postgres.Cluster) -> None:
    refused(cluster.url("absent"), 'database "absent" does not exist')


def test_too_old(cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external, "OLDEST", 990000)
    refused(cluster.url(), r"too old: PostgreSQL \d\d; needed is 15 or newer")


def test_other_encoding(new_database: Callable[[str, str], str]) -> None:
    url = new_database("latin", "ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    refused(url, "encoding LATIN1; needed is UTF8")


def test_locale_that_drops_chinese(new_database: Callable[[str, str], str]) -> None:
    refused(new_database("plain_c", "LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"), "drops Chinese characters")


def test_rights(cluster: postgres.Cluster, new_database: Callable[[str, str], str]) -> None:
    own = new_database("own", "")
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'geheim'")
    guest = f"postgresql://guest:geheim@127.0.0.1:{cluster.port}/own"
    refused(guest, "User guest of DATABASE_URL may not create schemas: GRANT CREATE ON DATABASE")
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("GRANT CREATE ON DATABASE own TO guest")
    refused(guest, "User guest of DATABASE_URL may not create roles: ALTER ROLE guest CREATEROLE")
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("ALTER ROLE guest CREATEROLE")
        connection.execute("ALTER ROLE guest SET search_path = ''")  # no schema to create the extension in
    (note,) = external.check(guest)
    assert "pg_trgm is missing and cannot be created" in note
