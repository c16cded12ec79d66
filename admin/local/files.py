"""Files that are whole or absent, whoever else writes them at the same time and whenever the power fails."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def _temporary(beside: Path, content: bytes, owner: tuple[int, int] | None) -> Path:
    handle, name = tempfile.mkstemp(dir=beside.parent, prefix=f".{beside.name}.")  # mode 0600 from the first moment
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        if owner is not None:
            os.fchown(handle, *owner)
        os.fsync(handle)
    return Path(name)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, content: bytes, owner: tuple[int, int] | None = None) -> None:
    """Writes a file of mode 0600 in one step; a reader sees the old or the new content, never a part."""
    _temporary(path, content, owner).replace(path)
    _settle(path.parent)


def make_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """Content of a file that is made once: of several makers at the same time one wins and all get its content."""
    if not path.exists():
        temporary = _temporary(path, make(), None)
        with suppress(FileExistsError):
            path.hardlink_to(temporary)
        temporary.unlink()
        _settle(path.parent)
    return path.read_bytes()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock file for a while; others wait. The kernel lets go of it when the process dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def locked_or_busy(path: Path, patience: float = 1.0) -> Iterator[bool]:
    """Tries to hold the lock file; yields whether it worked. `patience` (seconds) outlasts a passing look by `is_locked`."""
    with path.open("a") as file:
        deadline = time.monotonic() + patience
        while not (mine := _try(file.fileno(), fcntl.LOCK_EX)) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield mine


def is_locked(path: Path) -> bool:
    """Whether some process holds the lock file."""
    try:
        with path.open() as file:
            return not _try(file.fileno(), fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _try(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
