"""Files of imports as they are kept: in pieces, each sealed for its place, and opened piece by piece."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy import text

from services.kit import errors, sheet_gates
from services.kit.personal import Vault
from services.kit.runtime import Runtime

CHUNK: Final = 1 << 20
CHUNK_AT = text("SELECT content FROM kit.import_chunks WHERE import_id = :id AND place = :place")


def purpose(import_id: UUID, place: int) -> str:
    """What a piece of a file is sealed for: its place in this import, so that pieces cannot be swapped."""
    return f"kit.import_chunks.content:{import_id}:{place}"


class Source:
    """The file of an import in clear: for a text its pieces, of which one is held at a time; for a workbook, whose reader goes
    to and fro in it, a nameless file."""

    def __init__(self, runtime: Runtime, import_id: UUID, size: int) -> None:
        self._runtime, self._id, self.size, self.given = runtime, import_id, size, 0
        self.content: BinaryIO | AsyncIterator[bytes] = self.pieces()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Piece after piece, each read by itself. Raises NotFound when one is no longer kept."""
        vault: Vault = self._runtime.extras["vault"]
        place = 0
        # Counted by what they hold: a file taken in with pieces of another length is read as well.
        while self.given < self.size:
            async with self._runtime.database.reading() as read:
                row = (await read.execute(CHUNK_AT, {"id": self._id, "place": place})).one_or_none()
            if row is None:
                raise errors.NotFound
            content = await asyncio.to_thread(vault.open_bytes, bytes(row[0]), purpose(self._id, place))
            self.given += len(content)
            place += 1
            yield content


@contextlib.asynccontextmanager
async def opened(runtime: Runtime, import_id: UUID, kind: sheet_gates.Kind, size: int) -> AsyncIterator[Source]:
    """The file of an import, to be read while the context is open. Raises NotFound when it is no longer kept."""
    source = Source(runtime, import_id, size)
    if kind.form == "csv":
        yield source
        return
    with nameless() as file:
        async for piece in source.pieces():
            await asyncio.to_thread(file.write, piece)
        file.flush()
        source.content = file
        yield source


@contextlib.contextmanager
def nameless() -> Iterator[BinaryIO]:
    """A file without a name, where the system has such in memory alone: what is in clear lies on no disk."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("import"), "w+b") as memory:
            yield memory
    else:
        with tempfile.TemporaryFile() as file:
            yield file
