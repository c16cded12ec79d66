"""Which process is meant."""

from __future__ import annotations

import subprocess
import sys
import time

from admin.local import pids


def test_zombie_is_dead() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        deadline = time.monotonic() + 10
        while pids.identify(process.pid) is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        # Nobody has waited for it yet, so the kernel still keeps its number.
        assert (pids.PROC / str(process.pid)).exists()
        assert pids.identify(process.pid) is None


def test_recycled_number_is_another_process() -> None:
    me = pids.myself()
    assert pids.is_alive(me)
    assert not pids.is_alive(pids.Identity(me.pid, me.started + 1))
    pids.end([pids.Identity(me.pid, me.started + 1)])  # this test would be gone


def test_one_that_ignores_the_signal_is_killed() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        who = pids.identify(process.pid)
        assert who is not None
        pids.end([who], patience=0.1)
        assert not pids.is_alive(who)


def test_environment_and_title_of_another_process() -> None:
    sleeper = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(sleeper, env={"MARK": "a=b"}, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert pids.environment(process.pid)["MARK"] == "a=b"
        assert pids.command(process.pid) == " ".join(sleeper)
        assert [who.pid for who in pids.where(lambda pid: pids.environment(pid).get("MARK") == "a=b")] == [process.pid]
        process.communicate()
    assert pids.environment(process.pid) == {}
    assert pids.command(process.pid) == ""
