"""Receivers on loopback: a few lines of HTTP, answering as they are told and remembering what they got."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import standardwebhooks


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """The JSON body."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def object_id(self) -> str:
        """Which object the message is about."""
        return str(self.told["data"]["object_id"])

    def verified(self, secret: str) -> Any:
        """The body, once the library finds the signature right."""
        return standardwebhooks.Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Answers by `answer(request)`: status, more header lines, body. While `hold` is not set, it lets callers wait."""

    port: int = 0
    answer: Callable[[Got], tuple[int, str, bytes]] = lambda got: (204, "", b"")
    got: list[Got] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks"

    async def until(self, count: int) -> None:
        """Waits for so many requests."""
        while len(self.got) < count:
            self.came.clear()
            await self.came.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on one connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head)}
        got = Got(headers, await reader.readexactly(int(headers.get("content-length", "0"))))
        self.got.append(got)
        self.came.set()
        status, lines, body = self.answer(got)
        await self.hold.wait()
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{lines}\r\n".encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    """A receiver that answers 204 at once, unless told otherwise."""
    receiver = Receiver()
    receiver.hold.set()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.hold.set()
        server.close()
        await server.wait_closed()
