"""The store of file contents: one file per SHA-256, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1 << 18


def put(folder: Path, content: bytes) -> str:
    """Stores the content once; answers its SHA-256 in hex. A crash leaves a nameless remainder at most."""
    digest = hashlib.sha256(content).hexdigest()
    target = place_of(folder, digest)
    if target.exists():
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
