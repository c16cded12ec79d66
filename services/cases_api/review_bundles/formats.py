"""A zip archive that is written as it is read: nothing in memory but a page, the same content always the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping
from typing import IO, Any, Final

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
UUIDS: Final = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
FORMAT: Final = "zhifa review bundle 1"


class _Pipe:
    """What the archive writes to and the caller reads from."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.place = 0

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        self.place += len(data)
        return len(data)

    def tell(self) -> int:
        return self.place

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        """What has been written since the last time."""
        found, self.parts = b"".join(self.parts), []
        return found


class Archive:
    """The archive: `begin` an entry, `add` text to it, `end` with the manifest; each answers the bytes ready to be sent.

    `names` are what account ids are replaced by, wherever they stand.
    """

    def __init__(self, facts: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._facts, self._names = facts, names
        self._pipe = _Pipe()
        self._zip = zipfile.ZipFile(self._pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=6)  # type: ignore[call-overload]  # it only writes
        self._entry: IO[bytes] | None = None
        self._listed: list[dict[str, Any]] = []

    def begin(self, path: str) -> None:
        """A new entry."""
        self._close()
        self._listed.append({"path": path, "bytes": 0, "hash": hashlib.sha256()})
        self._entry = self._open(path)

    def add(self, text: str) -> bytes:
        """More of the entry."""
        assert self._entry is not None
        data = UUIDS.sub(lambda found: self._names.get(found[0], found[0]), text).encode()
        self._listed[-1]["bytes"] += len(data)
        self._listed[-1]["hash"].update(data)
        self._entry.write(data)
        return self._pipe.taken()

    def end(self) -> bytes:
        """The manifest, and the directory of the archive."""
        self._close()
        files = [{"path": each["path"], "sha256": each["hash"].hexdigest(), "bytes": each["bytes"]} for each in self._listed]
        manifest = {"format": FORMAT, **self._facts, "files": files}
        with self._open("manifest.json") as entry:
            entry.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        self._zip.close()
        return self._pipe.taken()

    def _open(self, path: str) -> IO[bytes]:
        entry = zipfile.ZipInfo(path, EPOCH)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        opened: IO[bytes] = self._zip.open(entry, "w", force_zip64=True)
        return opened

    def _close(self) -> None:
        if self._entry is not None:
            self._entry.close()
            self._entry = None
