"""The home (ZHIFA_HOME): where one installation keeps its secrets, state, logs, files and data."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from admin.local import files, trouble

CHECKOUT = Path(__file__).resolve().parents[2]
LOG_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Home:
    """Paths of one home. Everything in it is readable by its owner alone."""

    path: Path

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def signing_key(self) -> Path:
        return self.secrets / "signing-key.pem"

    @property
    def jwks(self) -> Path:
        return self.secrets / "jwks.json"

    @property
    def ledger_key(self) -> Path:
        return self.secrets / "ledger-key.pem"

    @property
    def ledger_jwks(self) -> Path:
        return self.secrets / "ledger-jwks.json"

    @property
    def audit_key(self) -> Path:
        return self.secrets / "audit-key.pem"

    @property
    def audit_jwks(self) -> Path:
        return self.secrets / "audit-jwks.json"

    @property
    def webhook_keys(self) -> Path:
        return self.secrets / "webhook-keys.json"

    @property
    def cursor_key(self) -> Path:
        return self.secrets / "cursor.key"

    @property
    def personal_keys(self) -> Path:
        return self.secrets / "personal-keys.json"

    @property
    def database_passwords(self) -> Path:
        return self.secrets / "database-passwords.json"

    @property
    def database_url(self) -> Path:
        """Address of the external PostgreSQL this home was started with; absent with the embedded one."""
        return self.secrets / "database-url"

    @property
    def attachments(self) -> Path:
        return self.path / "attachments"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def state(self) -> Path:
        return self.path / "state.json"

    @property
    def supervisor_lock(self) -> Path:
        return self.path / "supervisor.lock"

    def log(self, name: str) -> Path:
        """Log file of a process. One that has grown large moves aside when asked for before a start."""
        return self.logs / f"{name}.log"

    def is_supervised(self) -> bool:
        """Whether a supervisor of this home lives: the kernel keeps its lock exactly as long."""
        return files.is_locked(self.supervisor_lock)

    def write_state(self, state: dict[str, Any]) -> None:
        """Keeps what the supervisor knows, for `status`, `down` and the next `up`."""
        files.replace(self.state, json.dumps(state, ensure_ascii=False, indent=2).encode())

    def read_state(self) -> dict[str, Any]:
        """What the supervisor last wrote down; empty before the first start."""
        try:
            state = json.loads(self.state.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}


def located() -> Path:
    """The home's path: ZHIFA_HOME, or `.zhifa` in the checkout."""
    return Path(os.environ.get("ZHIFA_HOME") or CHECKOUT / ".zhifa").expanduser().resolve()


def opened(path: Path | None = None) -> Home:
    """The home with its folders, made when missing (mode 0700). Trouble when it cannot be written."""
    home = Home((path or located()).resolve())
    try:
        home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (home.secrets, home.logs, home.attachments):
            folder.mkdir(mode=0o700, exist_ok=True)
        files.replace(home.path / "version", f"{version()}\n".encode())
    except OSError as error:
        raise trouble.Trouble(
            f"The home {home.path} cannot be written ({error.strerror}). "
            "Make it writable for this user, or choose another one: ZHIFA_HOME=/path ./zhifa up"
        ) from error
    return home


def rotate(log: Path) -> None:
    """Moves a log that has grown large aside; one older part is kept."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(log.name + ".1"))


def tail(log: Path, lines: int = 15) -> str:
    """Last lines of a log, indented, for a message."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


@cache
def version() -> str:
    """Version of this checkout, as `pyproject.toml` states it."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return str(project["version"])
