"""Makes `.venv` from `requirements.lock`. Run by the system's Python before anything is installed: standard library only."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

STAMP = "zhifa-stamp"


def wanted_stamp(root: Path) -> str:
    """What a finished venv of this checkout carries: hash of the lock, and the place (a venv cannot be moved)."""
    digest = hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest()
    return f"{digest} {root}\n"


def is_finished(root: Path) -> bool:
    """Whether the venv was made to its end, here, and from the lock as it is now."""
    stamp = root / ".venv" / STAMP
    return stamp.is_file() and stamp.read_text() == wanted_stamp(root) and os.access(root / ".venv/bin/python", os.X_OK)


def pip_setting(listing: str, name: str) -> str | None:
    """One value out of `pip config list`; the environment outweighs the files."""
    for section in (":env:", "install", "global"):
        found = re.search(rf"^{section}\.{name}='(.*)'$", listing, re.MULTILINE)
        if found:
            return found.group(1)
    return None


def uv_environment(listing: str) -> dict[str, str]:
    """uv does not read pip's configuration, so the configured index and certificates are handed over."""
    environment = dict(os.environ)
    for name, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        value = pip_setting(listing, name)
        if value:
            environment.setdefault(variable, value)
    return environment


class Making:
    """One making of the venv. Children inherit the lock: one that outlives a killed parent still holds others off."""

    def __init__(self, root: Path, lock: int) -> None:
        self.root, self.lock = root, lock
        self.python = root / ".venv/bin/python"

    def run(self, *command: object, environment: dict[str, str] | None = None) -> bool:
        """Runs a step with its output on the terminal; answers whether it worked."""
        words = [str(word) for word in command]
        return subprocess.run(words, env=environment, pass_fds=(self.lock,), check=False).returncode == 0

    def install(self) -> bool:
        """Installs the lock with uv (seconds), or with pip (about a minute) when uv cannot be had or fails."""
        lock = ("--no-deps", "--require-hashes", "-r", self.root / "requirements.lock")
        if self.run(self.python, "-m", "pip", "install", "--quiet", "uv"):
            listed = subprocess.run([self.python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
            uv = (self.root / ".venv/bin/uv", "pip", "install", "--python", self.python)
            if self.run(*uv, *lock, environment=uv_environment(listed.stdout)):
                return True
        print("zhifa: uv did not work here, installing with pip (about a minute)…", flush=True)
        return self.run(self.python, "-m", "pip", "install", *lock)

    def make(self) -> None:
        """Makes the venv anew; the stamp comes last, so that a killed making is noticed."""
        venv = self.root / ".venv"
        if venv.exists():
            print("zhifa: .venv does not fit requirements.lock or was not finished; making it anew…", flush=True)
            shutil.rmtree(venv)
        print(f"zhifa: making .venv with {sys.executable} (Python {sys.version.split()[0]}; about 0.4 GB)…", flush=True)
        if not (self.run(sys.executable, "-m", "venv", venv) and self.install()):
            raise SystemExit("zhifa: the packages of requirements.lock could not be installed; the reason stands above.")
        (venv / STAMP).write_text(wanted_stamp(self.root))


def main(root: Path) -> None:
    """Makes the venv unless another starter has just done so."""
    try:
        with (root / ".venv.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_finished(root):
                Making(root, lock.fileno()).make()
    except OSError as error:
        raise SystemExit(f"zhifa: cannot make {root}/.venv: {error.strerror} ({error.filename}).") from error
    except KeyboardInterrupt:
        raise SystemExit("zhifa: interrupted; the next start makes .venv anew.") from None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
