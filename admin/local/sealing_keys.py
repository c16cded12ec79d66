"""Changing sealing keys while everything runs: a new pair is added, made active, and the old one dropped.

Two files hold such keys: that of personal data, and that of the secrets by which webhooks are signed.

The services take up a changed file by themselves and seal everything anew. An old key goes only when every service has
counted, with the keys of today, that nothing rests under it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from admin.local import database, files, keys, programs, trouble
from admin.local import home as homes
from services.kit import personal

Say = Callable[[str], None]
# Longer than a service takes to notice a changed file: every process must know a key before one uses it.
NOTICED_SECONDS = 6.0

USE = (
    "SELECT key, place, sum(amount)::bigint FROM kit.personal_key_use WHERE service = ANY (%s)"
    " GROUP BY key, place ORDER BY key, place"
)
SEEN = "SELECT service, mark FROM kit.personal_keys_seen"


@dataclass(frozen=True, slots=True)
class Ring:
    """A file of keys: where it lies in a home, which services seal with it, and the noun of its commands."""

    noun: str
    place: Callable[[homes.Home], Path]
    services: frozenset[str]


PERSONAL = Ring("personal-keys", lambda home: home.personal_keys, programs.HOLDS_PERSONAL_DATA)
WEBHOOKS = Ring("webhook-keys", lambda home: home.webhook_keys, frozenset({"directory_api"}))


def add(home: homes.Home, suite: str | None, say: Say, ring: Ring = PERSONAL) -> str:
    """Adds a pair of keys beside those there are; nothing uses it yet. Answers the name of the sealing key."""
    content = _read(home, ring)
    active = content["keys"][content["active"]]
    known = active["suite"] if isinstance(active, dict) else personal.Suite.AES
    seal, index = keys.new_personal_keys(_suite(suite or known))
    number = 1 + max(_number(name) for name in [*content["keys"], *content["index"]["keys"]])
    content["keys"][f"k{number}"], content["index"]["keys"][f"i{number}"] = seal, index
    _write(home, ring, content)
    say(f"key k{number} ({seal['suite']}) added; not in use yet")
    return f"k{number}"


def activate(home: homes.Home, name: str, say: Say, ring: Ring = PERSONAL) -> None:
    """Makes a pair of keys the active one: new values are sealed with it, and the old ones anew."""
    content = _read(home, ring)
    index = _index_of(name)
    if name not in content["keys"] or index not in content["index"]["keys"]:
        raise trouble.Trouble(f"There is no key {name}. Known: {', '.join(content['keys'])}")
    content["active"], content["index"]["active"] = name, index
    _write(home, ring, content)
    say(f"key {name} is in use; the services seal everything anew (see: ./zhifa {ring.noun} status)")


def rotate(
    home: homes.Home, suite: str | None, say: Say, sleep: Callable[[float], None] = time.sleep, ring: Ring = PERSONAL
) -> str:
    """Adds a pair, waits until every process of this home knows it, and makes it the active one."""
    name = add(home, suite, say, ring)
    sleep(NOTICED_SECONDS)
    activate(home, name, say, ring)
    return name


def drop(home: homes.Home, name: str, say: Say, ring: Ring = PERSONAL) -> None:
    """Removes a pair under which nothing rests. Trouble while something does, or while it is not counted yet."""
    content = _read(home, ring)
    if name == content["active"]:
        raise trouble.Trouble(f"The key {name} is in use.")
    if name not in content["keys"]:
        raise trouble.Trouble(f"There is no key {name}. Known: {', '.join(content['keys'])}")
    found = status(home, ring)
    if not found["current"]:
        raise trouble.Trouble("Not every service has counted with the keys of today; try again in a minute.")
    resting = {
        place: amount
        for entry in found["keys"]
        if entry["key"] in {name, _index_of(name)}
        for place, amount in entry["values"].items()
    }
    if resting:
        raise trouble.Trouble(f"Values rest under {name}: {resting}")
    del content["keys"][name]
    content["index"]["keys"].pop(_index_of(name), None)
    _write(home, ring, content)
    say(f"key {name} dropped")


def status(home: homes.Home, ring: Ring = PERSONAL) -> dict[str, Any]:
    """Each key with its suite and how many values rest under it; `current` once every service has counted with these keys."""
    content = _read(home, ring)
    mark = personal.read_keys(json.dumps(content).encode()).mark
    try:
        with psycopg.connect(database.running(home).owner_url, connect_timeout=5) as connection:
            use = connection.execute(USE, [sorted(ring.services)]).fetchall()
            seen: dict[str, str] = dict(connection.execute(SEEN).fetchall())
    except psycopg.OperationalError as error:
        raise trouble.Trouble("The database of this home does not answer; see ./zhifa status") from error
    told = [(name, value, content["active"] == name) for name, value in content["keys"].items()]
    told += [(name, value, content["index"]["active"] == name) for name, value in content["index"]["keys"].items()]
    listed = [
        {
            "key": name,
            "suite": value["suite"] if isinstance(value, dict) else personal.Suite.AES.value,
            "active": active,
            "values": {place: amount for key, place, amount in use if key == name},
        }
        for name, value, active in told
    ]
    current = all(seen.get(service) == mark for service in ring.services)
    return {"current": current, "keys": listed}


def _read(home: homes.Home, ring: Ring) -> dict[str, Any]:
    place = ring.place(home)
    if not place.exists():
        raise trouble.Trouble(f"The home {home.path} holds no keys. Start it once with: ./zhifa up")
    content: dict[str, Any] = json.loads(place.read_bytes())
    if not isinstance(content["index"], dict):
        content["index"] = {"active": "i1", "keys": {"i1": content["index"]}}
    return content


def _write(home: homes.Home, ring: Ring, content: dict[str, Any]) -> None:
    told = json.dumps(content).encode()
    personal.read_keys(told)
    place = ring.place(home)
    owner = place.stat()
    files.replace(place, told, (owner.st_uid, owner.st_gid))


def _suite(told: str) -> personal.Suite:
    try:
        return personal.Suite(told)
    except ValueError:
        raise trouble.Trouble(f"There is no suite {told}. Known: {', '.join(personal.Suite)}") from None


def _number(name: str) -> int:
    digits = "".join(sign for sign in name if sign.isdecimal())
    return int(digits or 0)


def _index_of(name: str) -> str:
    return f"i{_number(name)}"
