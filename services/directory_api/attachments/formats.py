"""The store of file contents: one file per SHA-256, written whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

CHUNK = 1 << 18


def put(folder: Path, content: bytes) -> str:
    """Stores the content once; answers its SHA-256 in hex. A crash leaves a nameless remainder at most."""
    digest = hashlib.sha256(content).hexdigest()
    target = place_of(folder, digest)
    with locked(folder, fcntl.LOCK_SH):
        if target.exists():
            # Young again: no sweep takes it before the row that is about to name it.
            os.utime(target)
            return digest
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest


def place_of(folder: Path, digest: str) -> Path:
    """Where the content with this digest lies."""
    return folder / digest[:2] / digest


def chunks(path: Path) -> Iterator[bytes]:
    """The content in pieces."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


@contextmanager
def locked(folder: Path, how: int) -> Iterator[None]:
    """Keeps a sweep and an upload of the same content apart, also between processes."""
    with (folder / ".lock").open("a") as handle:
        fcntl.flock(handle, how)
        yield


def older_than(folder: Path, moment: datetime) -> list[str]:
    """Names of the contents last asked for before this moment; nameless remainders of crashes are among them."""
    return [path.name for path in folder.glob("*") if path.stat().st_mtime < moment.timestamp()]


def drop(folder: Path, prefix: str, names: Iterable[str], moment: datetime) -> int:
    """Removes contents that are still older than this moment."""
    dropped = 0
    for name in names:
        path = folder / prefix / name
        with locked(folder, fcntl.LOCK_EX):
            if path.stat().st_mtime < moment.timestamp():
                path.unlink()
                dropped += 1
    return dropped
