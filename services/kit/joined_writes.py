"""A transport that sends an answer's head together with its body: one system call where the server would make two."""

from __future__ import annotations

import asyncio
from typing import Any


class JoinedWrites:
    """Holds what is written until the next write or the end of the loop's turn. Everything else is the real transport's."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Joins to what is held and sends, or holds."""
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held + data)
        elif data:
            self._held = data
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held)

    def write_eof(self) -> None:
        """Nothing more will be written."""
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Closes once all is sent."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Closes at once; what is held is lost, as all that was not sent."""
        self._held = b""
        self._transport.abort()
