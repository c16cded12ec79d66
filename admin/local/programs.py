"""The table of processes: four services, then the gateway, each with the environment it needs and nothing more."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from admin.local import database as databases
from admin.local import home as homes
from admin.local import postgres

# A service that is not named here holds no personal data and gets no key to any.
HOLDS_PERSONAL_DATA = frozenset({"training_api", "cases_api", "tasks_api"})
SERVICES = ("directory_api", "tasks_api", "cases_api", "training_api")


@dataclass(frozen=True, slots=True)
class Program:
    """One process: its name, how it is started, and the loopback port it serves."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


# Programs that may start together; the next group waits until all of these are ready.
Group = tuple[Program, ...]


def table(home: homes.Home, database: databases.Database, port: int) -> tuple[Group, ...]:
    """All processes of a home whose gateway serves `port`."""
    ports = {name: postgres.free_port() for name in SERVICES}
    services = tuple(_service(home, database, name, ports[name], port) for name in SERVICES)
    urls = {f"ZHIFA_{program.name.removesuffix('_api').upper()}_URL": program.address for program in services}
    gateway = Program("gateway", _module("gateway"), {**_shared(home, port, port), **urls}, port)
    return services, (gateway,)


def directory_environment(home: homes.Home, database: databases.Database, port: int) -> dict[str, str]:
    """What a short-lived program of directory needs, such as the making of the first account."""
    return dict(_service(home, database, "directory_api", port, port).environment)


def _service(home: homes.Home, database: databases.Database, name: str, port: int, public_port: int) -> Program:
    environment = {
        **_shared(home, port, public_port),
        **database.environment(f"zhifa_{name.removesuffix('_api')}"),
        "ZHIFA_CURSOR_KEY_FILE": str(home.cursor_key),
    }
    if name == "directory_api":
        environment |= {"ZHIFA_SIGNING_KEY_FILE": str(home.signing_key), "ZHIFA_DATA_DIR": str(home.attachments)}
        environment |= {"ZHIFA_AUDIT_KEY_FILE": str(home.audit_key), "ZHIFA_AUDIT_JWKS_FILE": str(home.audit_jwks)}
        environment["ZHIFA_WEBHOOK_KEYS_FILE"] = str(home.webhook_keys)
    if name == "training_api":
        environment |= {"ZHIFA_LEDGER_KEY_FILE": str(home.ledger_key), "ZHIFA_LEDGER_JWKS_FILE": str(home.ledger_jwks)}
    if name in HOLDS_PERSONAL_DATA:
        environment["ZHIFA_PERSONAL_KEYS_FILE"] = str(home.personal_keys)
    return Program(name, _module(f"services.{name}"), environment, port)


def _shared(home: homes.Home, port: int, public_port: int) -> dict[str, str]:
    return {
        **_inherited(),
        "ZHIFA_HOST": "127.0.0.1",
        "ZHIFA_PORT": str(port),
        "ZHIFA_PUBLIC_URL": public_url(public_port),
        "ZHIFA_JWKS_FILE": str(home.jwks),
        "PYTHONUNBUFFERED": "1",
    }


def public_url(port: int) -> str:
    """The address clients use: ZHIFA_PUBLIC_URL where a proxy stands in front, else the gateway on loopback."""
    return os.environ.get("ZHIFA_PUBLIC_URL") or f"http://127.0.0.1:{port}"


def _inherited() -> dict[str, str]:
    """The caller's environment without what only one process may know: database addresses and secret files."""
    secret = ("DATABASE_URL", "ZHIFA_DATABASE", "ZHIFA_TEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(secret) and not _is_secret_file(name)}


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


def _is_secret_file(name: str) -> bool:
    return name.startswith("ZHIFA_") and name.endswith("_FILE")
