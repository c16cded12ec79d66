"""What runs for a home: each process, its address, version and health, and the migration of the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from admin.local import database, external, health, pids, postgres
from admin.local import home as homes


def collect(home: homes.Home) -> dict[str, Any]:
    """The state of a home, as `status --json` prints it."""
    state = home.read_state()
    supervised = home.is_supervised()
    entries = state.get("processes", [])
    with ThreadPoolExecutor(max_workers=8) as pool:
        described = list(pool.map(_process, entries))
    stored = _database(home)
    healthy = supervised and stored["healthy"] and bool(described) and all(entry["healthy"] for entry in described)
    return {
        "home": str(home.path),
        "version": homes.version(),
        "phase": state.get("phase", "stopped") if supervised else "stopped",
        "running": supervised,
        "healthy": healthy,
        "address": state.get("address") if supervised else None,
        "docs": f"{state.get('address')}/docs" if supervised else None,
        "database": stored,
        "processes": described,
    }


def _process(entry: dict[str, Any]) -> dict[str, Any]:
    pid, port = entry.get("pid"), int(entry["port"])
    alive = pid is not None and pids.is_alive(pids.Identity(pid, entry["started"]))
    return {
        "name": entry["name"],
        "pid": pid if alive else None,
        "address": f"http://127.0.0.1:{port}",
        "version": health.version(port) if alive else None,
        "healthy": alive and health.is_ready(port),
        "restarts": entry.get("restarts", 0),
    }


def _database(home: homes.Home) -> dict[str, Any]:
    url = external.of(home)
    if url is not None:
        revision = database.revision(url)
        return {"kind": "external", "address": None, "pid": None, "revision": revision, "healthy": revision is not None}
    if not (home.path / "postgres").exists():
        return {"kind": "embedded", "address": None, "pid": None, "revision": None, "healthy": False}
    found = postgres.status(home.path)
    revision = database.revision(database.running(home).owner_url) if found.running else None
    address = f"127.0.0.1:{found.port}" if found.running else None
    return {"kind": "embedded", "address": address, "pid": found.pid, "revision": revision, "healthy": found.running}


def lines(found: dict[str, Any]) -> list[str]:
    """The same for people."""
    stored = found["database"]
    head = f"zhifa {found['version']}   {found['address'] or 'not running'}   {found['phase']}   home {found['home']}"
    rows = [("PostgreSQL", stored["address"] or stored["kind"], stored["revision"] or "-", stored["healthy"], stored["pid"])]
    rows += [(e["name"], e["address"], e["version"] or "-", e["healthy"], e["pid"]) for e in found["processes"]]
    return [head, *(_line(*row) for row in rows)]


def _line(name: str, address: str, version: str, healthy: bool, pid: int | None) -> str:
    state = "healthy" if healthy else "not healthy" if pid else "not running"
    return f"  {name:<14} {address:<26} {version:<14} {state:<12} {pid or ''}".rstrip()
