"""First use: `./zhifa` makes .venv from the lock, once, also after a kill, and says plainly what the system lacks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from admin.local import home as homes
from admin.local import venv

LISTING = """\
:env:.cert='/env.pem'
global.cert='/file.pem'
global.index-url='https://global.example/simple'
global.extra-index-url='https://extra.example/simple'
install.index-url='https://install.example/simple'
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without dependencies, whose command line prints its arguments and where it stands."""
    root = tmp_path / "检出 with space"
    (root / "admin/local").mkdir(parents=True)
    shutil.copy(homes.CHECKOUT / "zhifa", root)
    shutil.copy(homes.CHECKOUT / "admin/local/venv.py", root / "admin/local")
    (root / "admin/__init__.py").touch()
    (root / "admin/main.py").write_text("import os, sys; print(sys.argv[1:], os.getcwd(), sys.prefix)")
    (root / "requirements.lock").write_text("# nothing\n")
    return root


def environment(**more: str) -> dict[str, str]:
    # Without an index uv cannot be had, so pip does it: the test needs no network.
    return {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PYTHONPATH": "", **more}


def start(checkout: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [checkout / "zhifa", *words],
        env=environment(**more),
        cwd="/",
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
    )


def test_killed_making_then_two_at_once_then_moved(checkout: Path) -> None:
    killed = start(checkout)
    deadline = time.monotonic() + 20
    while not (checkout / ".venv").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (checkout / ".venv").exists()
    assert not venv.is_finished(checkout)

    both = [start(checkout, "hours", "--json", "a b") for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert {out for out, _ in said} == {f"['hours', '--json', 'a b'] / {checkout}/.venv\n"}
    assert sum(err.count("making .venv with") for _, err in said) == 1
    assert sum(err.count("making it anew") for _, err in said) == 1
    assert venv.is_finished(checkout)

    link = checkout.parent / "link"
    link.symlink_to(checkout / "zhifa")
    linked = subprocess.run([link], env=environment(), cwd="/", capture_output=True, text=True, check=True)
    assert (linked.stdout, linked.stderr) == (f"[] / {checkout}/.venv\n", "")

    (checkout / "requirements.lock").write_text("# something else\n")
    assert not venv.is_finished(checkout)
    (checkout / "requirements.lock").write_text("# nothing\n")
    assert venv.is_finished(checkout)
    assert not venv.is_finished(checkout.rename(checkout.with_name("moved")))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("exit 1", "Python 3.11 or newer is needed"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "cannot make a virtual environment"),
    ],
)
def test_what_the_system_lacks(checkout: Path, answers: str, said: str) -> None:
    python = checkout.parent / "python"
    python.write_text(f"#!/bin/sh\n{answers}\n")
    python.chmod(0o755)
    process = start(checkout, ZHIFA_PYTHON=str(python))
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (69, "")
    assert said in err
    assert "sudo apt-get install python3 python3-venv" in err
    assert not (checkout / ".venv").exists()


def test_pip_settings_are_handed_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    given = venv.uv_environment(LISTING)
    assert (given["UV_DEFAULT_INDEX"], given["SSL_CERT_FILE"]) == ("https://install.example/simple", "/env.pem")
    assert "UV_DEFAULT_INDEX" not in venv.uv_environment("global.timeout='60'\n")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    assert venv.uv_environment(LISTING)["UV_DEFAULT_INDEX"] == "https://mine.example/simple"


def test_unwritable_checkout_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"cannot make .*/absent/\.venv: No such file"):
        venv.main(tmp_path / "absent")
