"""Where the command line finds its server and token: the environment, else a profile in `~/.config/zhifa/config.toml`.

The file is readable by its owner alone and holds tokens, never passwords. A profile's tokens go to its own address only.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from admin.local import home as homes

DEFAULT = "default"
FALLBACK_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Profile:
    """One installation and who is signed in there."""

    url: str
    username: str = ""
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)


def file() -> Path:
    """The configuration file; XDG_CONFIG_HOME is respected."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "zhifa" / "config.toml"


def chosen_name() -> str:
    """The profile in use: ZHIFA_PROFILE, or `default`."""
    return os.environ.get("ZHIFA_PROFILE") or DEFAULT


def read(name: str) -> Profile | None:
    """A profile, or None when nobody ever signed in under this name."""
    found = _all().get(name)
    return None if found is None else Profile(**{key: found[key] for key in Profile.__slots__ if key in found})


def write(name: str, profile: Profile) -> None:
    """Keeps a profile; the others in the file stay as they are."""
    with locked():
        _replace({**_all(), name: asdict(profile)})


@contextmanager
def locked() -> Iterator[None]:
    """Holds the file for this process, so that of several commands one renews the token and the others take it over."""
    path = file().with_suffix(".lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def replace_tokens(name: str, access_token: str, refresh_token: str) -> None:
    """Keeps renewed tokens. To be called while the file is `locked`."""
    profiles = _all()
    profiles[name] |= {"access_token": access_token, "refresh_token": refresh_token}
    _replace(profiles)


def address() -> str:
    """The server: ZHIFA_URL, else the profile's, else what runs for this home, else port 8000 of this machine."""
    profile = read(chosen_name())
    return (os.environ.get("ZHIFA_URL") or (profile.url if profile else "") or address_for_login()).rstrip("/")


def address_for_login() -> str:
    """The server a new sign-in goes to when none is named."""
    running = homes.Home(homes.located()).read_state().get("address")
    return str(os.environ.get("ZHIFA_URL") or running or FALLBACK_URL).rstrip("/")


def _all() -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    found = content.get("profiles", {})
    return dict(found) if isinstance(found, dict) else {}


def _replace(profiles: dict[str, dict[str, Any]]) -> None:
    path = file()
    lines = [line for name, profile in profiles.items() for line in ("", f"[profiles.{_quoted(name)}]", *_lines(profile))]
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".config.")  # mode 0600 from the first moment
    with os.fdopen(handle, "w", encoding="utf-8") as output:
        output.write("\n".join(lines[1:]) + "\n")
    Path(temporary).replace(path)


def _lines(profile: dict[str, Any]) -> list[str]:
    return [f"{key} = {_quoted(str(value))}" for key, value in profile.items()]


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)
