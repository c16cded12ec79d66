"""Profiles: the file, whose token goes where, renewal by several commands at once."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from admin import client as clients
from admin import profiles, sign_in
from tests.admin.commands.recorded import answer, problem

WORK = profiles.Profile("http://zhifa.test", "bureau", "access-1", "refresh-1")


def test_file_is_private_and_keeps_every_profile() -> None:
    profiles.write("default", WORK)
    profiles.write('新区"x"', profiles.Profile("https://other.test", 'a "quoted" name\\'))
    assert profiles.read("default") == WORK
    assert profiles.read('新区"x"') == profiles.Profile("https://other.test", 'a "quoted" name\\')
    assert profiles.read("nobody") is None
    assert stat.S_IMODE(profiles.file().stat().st_mode) == 0o600
    assert [path.name for path in profiles.file().parent.iterdir() if path.name.startswith(".config.")] == []
    assert "access-1" not in repr(WORK)


def test_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert profiles.address() == "http://127.0.0.1:8000"
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "state.json").write_text(json.dumps({"address": "http://127.0.0.1:8123"}))
    assert profiles.address() == "http://127.0.0.1:8123"
    profiles.write("default", WORK)
    assert profiles.address() == "http://zhifa.test"
    assert profiles.address_for_login() == "http://127.0.0.1:8123"
    monkeypatch.setenv("ZHIFA_URL", "https://given.test/")
    assert profiles.address() == profiles.address_for_login() == "https://given.test"


def test_tokens_of_one_installation_are_never_shown_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    profiles.write("default", WORK)
    assert sign_in.connect().credentials.token() == "access-1"
    monkeypatch.setenv("ZHIFA_URL", "https://other.test")
    assert sign_in.connect().credentials.token() is None
    monkeypatch.setenv("ZHIFA_TOKEN", "from-the-environment")
    assert sign_in.connect().credentials.token() == "from-the-environment"


class Sessions:
    """A server on which each refresh token is good for one renewal only."""

    def __init__(self) -> None:
        self.number = 1

    def request(self, method: str, path: str, data: dict[str, str], **options: object) -> httpx.Response:
        if data["refresh_token"] != f"refresh-{self.number}":
            return problem(401, "auth.invalid_grant")
        self.number += 1
        return answer(200, {"access_token": f"access-{self.number}", "refresh_token": f"refresh-{self.number}"})

    def close(self) -> None:
        """Nothing is open."""


def test_one_of_several_commands_renews_the_token_and_the_others_take_it_over(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions()
    monkeypatch.setattr(httpx, "Client", lambda **options: sessions)
    profiles.write("default", WORK)
    commands = [sign_in.ProfileCredentials("default", WORK) for _ in range(8)]
    with clients.Client(WORK.url, clients.Fixed(None)) as client, ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda command: command.renew(client), commands))
    assert {command.token() for command in commands} == {"access-2"}
    assert sessions.number == 2
    assert profiles.read("default") == profiles.Profile(WORK.url, "bureau", "access-2", "refresh-2")


def test_ended_session_is_told_not_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx, "Client", lambda **options: Sessions())
    ended = profiles.Profile(WORK.url, "bureau", "access-0", "refresh-0")
    profiles.write("default", ended)
    with clients.Client(WORK.url, clients.Fixed(None)) as client:
        assert sign_in.ProfileCredentials("default", ended).renew(client) is False
