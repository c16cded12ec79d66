"""Keys of personal data of a home: added, put to use, dropped when nothing rests under them."""

from __future__ import annotations

import json
import stat
from types import SimpleNamespace

import psycopg
import pytest

from admin.local import database, keys, programs, sealing_keys, trouble
from admin.local import home as homes
from services.kit import personal

Told = list[str]


@pytest.fixture
def opened(home: homes.Home, database_url: str, monkeypatch: pytest.MonkeyPatch) -> homes.Home:
    """A home with its first keys, on the module's database."""
    keys.make_missing(home)
    monkeypatch.setattr(database, "running", lambda _: SimpleNamespace(owner_url=database_url))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM kit.personal_key_use")
        connection.execute("DELETE FROM kit.personal_keys_seen")
    return home


def count(home: homes.Home, database_url: str, **amounts: int) -> None:
    """As the services count."""
    mark = personal.read_keys(home.personal_keys.read_bytes()).mark
    with psycopg.connect(database_url, autocommit=True) as connection:
        for service in programs.HOLDS_PERSONAL_DATA:
            connection.execute("DELETE FROM kit.personal_key_use WHERE service = %s", [service])
            connection.execute(
                "INSERT INTO kit.personal_keys_seen VALUES (%s, %s, now()) ON CONFLICT (service) DO UPDATE SET mark = %s",
                [service, mark, mark],
            )
            for key, amount in amounts.items():
                connection.execute("INSERT INTO kit.personal_key_use VALUES (%s, 'a.b', %s, %s)", [service, key, amount])


def test_a_rotation_adds_first_and_uses_later(opened: homes.Home) -> None:
    told: Told = []
    seen: list[str] = []
    before = opened.personal_keys.read_bytes()

    def sleep(seconds: float) -> None:
        assert seconds >= 2 * 2.0, "every process must have looked into the file"
        seen.append(json.loads(opened.personal_keys.read_bytes())["active"])

    assert sealing_keys.rotate(opened, "sm4-gcm-sm3", told.append, sleep) == "k2"
    assert seen == ["k1"]
    vault = personal.Vault(personal.read_keys(opened.personal_keys.read_bytes()))
    assert vault.seal("甲", "a.b").startswith(b"k2:")
    assert vault.keys.indexes.active.suite is personal.Suite.SM4
    old = personal.Vault(personal.read_keys(before))
    assert vault.open(old.seal("甲", "a.b"), "a.b") == "甲"
    assert stat.S_IMODE(opened.personal_keys.stat().st_mode) == 0o600
    assert sealing_keys.add(opened, None, told.append) == "k3"
    content = json.loads(opened.personal_keys.read_bytes())
    assert content["keys"]["k3"]["suite"] == "sm4-gcm-sm3", "as before"
    assert not any(value["key"] in line for line in told for value in content["keys"].values())


def test_an_old_key_goes_when_nothing_rests_under_it(opened: homes.Home, database_url: str) -> None:
    told: Told = []
    sealing_keys.rotate(opened, None, told.append, lambda _: None)
    with pytest.raises(trouble.Trouble, match="Not every service has counted"):
        sealing_keys.drop(opened, "k1", told.append)
    count(opened, database_url, k1=1, k2=5)
    with pytest.raises(trouble.Trouble, match="Values rest under k1"):
        sealing_keys.drop(opened, "k1", told.append)
    count(opened, database_url, i1=2, k2=5)
    with pytest.raises(trouble.Trouble, match="Values rest under k1"):
        sealing_keys.drop(opened, "k1", told.append)
    count(opened, database_url, k2=5, i2=5)
    found = sealing_keys.status(opened)
    assert found["current"] is True
    assert [(entry["key"], entry["active"], sum(entry["values"].values())) for entry in found["keys"]] == [
        ("k1", False, 0),
        ("k2", True, 15),
        ("i1", False, 0),
        ("i2", True, 15),
    ]
    with pytest.raises(trouble.Trouble, match="is in use"):
        sealing_keys.drop(opened, "k2", told.append)
    sealing_keys.drop(opened, "k1", told.append)
    content = json.loads(opened.personal_keys.read_bytes())
    assert (list(content["keys"]), list(content["index"]["keys"])) == (["k2"], ["i2"])
    sealing_keys.add(opened, None, told.append)
    with pytest.raises(trouble.Trouble, match="Not every service"):
        sealing_keys.drop(opened, "k3", told.append)


def test_the_keys_of_webhooks_turn_by_themselves(opened: homes.Home, database_url: str) -> None:
    told: Told = []
    count(opened, database_url, k1=3)
    before = opened.personal_keys.read_bytes()
    assert sealing_keys.rotate(opened, None, told.append, lambda _: None, sealing_keys.WEBHOOKS) == "k2"
    assert (json.loads(opened.webhook_keys.read_bytes())["active"], opened.personal_keys.read_bytes()) == ("k2", before)
    with pytest.raises(trouble.Trouble, match="Not every service"):
        sealing_keys.drop(opened, "k1", told.append, sealing_keys.WEBHOOKS)
    mark = personal.read_keys(opened.webhook_keys.read_bytes()).mark
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO kit.personal_keys_seen VALUES ('directory_api', %s, now())", [mark])
    # What rests under the personal key of the same name is no matter here.
    sealing_keys.drop(opened, "k1", told.append, sealing_keys.WEBHOOKS)
    assert sealing_keys.status(opened)["keys"][0]["values"] == {"a.b": 9}
    assert "./zhifa webhook-keys status" in "".join(told)


def test_what_is_not_there_is_told(opened: homes.Home) -> None:
    before = opened.personal_keys.read_bytes()
    with pytest.raises(trouble.Trouble, match="There is no key k9"):
        sealing_keys.activate(opened, "k9", lambda _: None)
    with pytest.raises(trouble.Trouble, match="There is no suite des"):
        sealing_keys.add(opened, "des", lambda _: None)
    assert opened.personal_keys.read_bytes() == before
