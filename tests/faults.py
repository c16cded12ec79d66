"""A small TCP proxy on loopback that can stall, cut or slow a connection: the network as it fails in real life."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class FaultProxy:
    """Forwards bytes to one address; while `stalled` it keeps connections open and passes nothing."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.server: asyncio.Server | None = None
        self.links: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self.server is not None
        return int(self.server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> FaultProxy:
        self.server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.server is not None
        self.server.close()
        self.cut()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def stall(self) -> None:
        """From now on nothing passes; connections stay open, as behind a dead switch."""
        self.flowing.clear()

    def heal(self) -> None:
        """Everything flows again."""
        self.flowing.set()

    def cut(self) -> None:
        """Resets every open connection."""
        for link in list(self.links):
            link.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.flowing.wait()
        far_reader, far_writer = await asyncio.open_connection(*self.target)
        self.links |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await self.flowing.wait()
                sink.write(data)
                await sink.drain()
        self.links.discard(sink)
        with suppress(Exception):
            sink.close()
