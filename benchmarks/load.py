"""One measured load: wrk for requests per second and percentiles, /proc for the CPU of the servers meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")

SCRIPT = """
local paths, bodies, headers = %(paths)s, %(bodies)s, %(headers)s
local at, thread_id, stamp = 0, 0, "%(stamp)s"
local counter = 0
function setup(thread) counter = counter + 1; thread:set("thread_id", counter) end
function request()
  at = at + 1
  local path = paths[(at * 7919 + thread_id) %% #paths + 1]
  if "%(method)s" == "GET" then return wrk.format("GET", path, headers) end
  local unique = stamp .. "-" .. thread_id .. "-" .. at
  headers["Idempotency-Key"] = unique
  return wrk.format("POST", path, headers, (bodies[1]:gsub("@UNIQUE@", unique)))
end
function done(summary, latency, requests)
  io.write(string.format('\\n{"requests": %%d, "microseconds": %%d, "p50": %%f, "p99": %%f, "bad": %%d, "socket": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one load showed. Times in milliseconds, CPU in microseconds per request."""

    rps: float
    p50: float
    p99: float
    cpu: Mapping[str, float]
    bad: int

    def line(self, name: str) -> str:
        """A row for people."""
        cpu = ", ".join(f"{who} {value:.0f}" for who, value in self.cpu.items())
        mark = f"  BAD ANSWERS: {self.bad}" if self.bad else ""
        return f"{name:<42} {self.rps:>8.0f} rps   p50 {self.p50:7.2f} ms   p99 {self.p99:7.2f} ms   cpu µs: {cpu}{mark}"


def lua(values: Iterable[str]) -> str:
    """A Lua list of strings."""
    return "{" + ", ".join(json.dumps(value) for value in values) + "}"


def run(
    base: str,
    paths: list[str],
    *,
    servers: Mapping[str, list[int]],
    seconds: int = 8,
    connections: int = 32,
    token: str | None = None,
    body: str | None = None,
    stamp: str = "",
) -> Figure:
    """Loads one server; `servers` names groups of process ids whose CPU is counted."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    script = SCRIPT % {
        "paths": lua(paths),
        "bodies": lua([body or ""]),
        "headers": "{" + ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()) + "}",
        "method": "POST" if body else "GET",
        "stamp": stamp,
    }
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        before = {name: cpu_seconds(pids) for name, pids in servers.items()}
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", file.name, base]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        after = {name: cpu_seconds(pids) for name, pids in servers.items()}
    told = json.loads(output.strip().splitlines()[-1])
    count = max(told["requests"], 1)
    cpu = {name: (after[name] - before[name]) * 1e6 / count for name in servers}
    rps = told["requests"] * 1e6 / told["microseconds"]
    return Figure(rps, told["p50"] / 1000, told["p99"] / 1000, cpu, told["bad"] + told["socket"])


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of processes, and of the children PostgreSQL keeps."""
    return sum(_ticks(pid) for pid in _with_children(pids)) / TICKS


def _with_children(pids: Iterable[int]) -> set[int]:
    wanted = set(pids)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _parent(entry) in wanted:
            wanted.add(int(entry.name))
    return wanted


def _stat(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(entry: Path) -> int:
    fields = _stat(entry)
    return int(fields[1]) if fields else 0


def _ticks(pid: int) -> int:
    fields = _stat(Path(f"/proc/{pid}"))
    return int(fields[11]) + int(fields[12]) if fields else 0
