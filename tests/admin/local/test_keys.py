"""Secrets of a home: made once whoever starts at the same time, private, and fit for the services."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from admin.local import files, keys, trouble
from admin.local import home as homes
from services.kit import personal, token_keys


def contents(home: homes.Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.secrets.iterdir()}


def test_eight_makers_at_once_agree_and_nothing_is_replaced(tmp_path: Path) -> None:
    home = homes.opened(tmp_path / "home")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: keys.make_missing(home), range(8)))
        extras = set(pool.map(lambda _: files.make_once(home.secrets / "extra", lambda: os.urandom(8)), range(8)))
    assert len(extras) == 1
    (home.secrets / "extra").unlink()
    first = contents(home)
    keys.make_missing(home)
    assert contents(home) == first
    made = {"signing-key.pem", "jwks.json", "ledger-key.pem", "ledger-jwks.json", "cursor.key", "personal-keys.json"}
    made |= {"audit-key.pem", "audit-jwks.json", "webhook-keys.json"}
    assert set(first) == made | {"database-passwords.json"}
    token_keys.kid_of(token_keys.private_key(home.signing_key).public_key(), token_keys.public_keys(home.jwks))


def test_form_and_mode(tmp_path: Path) -> None:
    home = homes.opened(tmp_path / "home")
    keys.make_missing(home)
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o700
    private = [home.signing_key, home.cursor_key, home.personal_keys, home.database_passwords]
    private += [home.audit_key, home.webhook_keys]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    ring = personal.read_keys(home.personal_keys.read_bytes())
    assert [len(key.material) for key in (ring.seals.active, ring.indexes.active)] == [32, 32]
    assert len(home.cursor_key.read_bytes()) == 32
    passwords = keys.database_passwords(home)
    assert set(passwords) == {keys.OWNER, *keys.ROLES}
    assert len(set(passwords.values())) == len(passwords)


def test_other_homes_have_other_secrets(tmp_path: Path) -> None:
    one, two = homes.opened(tmp_path / "one"), homes.opened(tmp_path / "two")
    keys.make_missing(one)
    keys.make_missing(two)
    assert not set(contents(one).values()) & set(contents(two).values())


def test_unwritable_home_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(trouble.Trouble, match="cannot be written"):
        homes.opened(tmp_path / "file" / "home")


def test_lock_is_seen_and_let_go(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert not files.is_locked(lock)
    with files.locked_or_busy(lock) as mine, files.locked_or_busy(lock, patience=0) as other:
        assert (mine, other) == (True, False)
        assert files.is_locked(lock)
    assert not files.is_locked(lock)


def test_log_that_has_grown_moves_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes, "LOG_BYTES", 10)
    log = tmp_path / "a.log"
    log.write_text("short")
    homes.rotate(log)
    assert log.exists()
    log.write_text("longer than ten")
    homes.rotate(log)
    assert not log.exists()
    assert (tmp_path / "a.log.1").read_text() == "longer than ten"
