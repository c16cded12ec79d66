"""Gateway and upstream applications on loopback ports, within the test's own loop."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import main
from services.kit import server
from services.kit.settings import Settings
from tests import tokens
from tests.gateway import documents

ORIGIN = "https://front.example.test"


@asynccontextmanager
async def served(app: ASGIApp, settings: Settings, limits: server.Limits = server.DEMANDED) -> AsyncIterator[int]:
    """The application behind our guarded server; yields its port."""
    door = socket.create_server(("127.0.0.1", 0))
    port: int = door.getsockname()[1]
    running = server.server(app, settings, limits)
    task = asyncio.create_task(running.serve(sockets=[door]))
    try:
        async with asyncio.timeout(5):
            while not running.started:  # noqa: ASYNC110  # uvicorn offers no event for this
                await asyncio.sleep(0.005)
        yield port
    finally:
        running.should_exit = True
        await task
        door.close()


@dataclass
class Call:
    """One request as the upstream saw it."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytearray = field(default_factory=bytearray)
    pieces: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def values(self, name: str) -> list[str]:
        """All values of one header."""
        return [value for key, value in self.headers if key == name]


@dataclass
class Upstream:
    """A service's stand-in: keeps what reached it and does what `?do=` says."""

    name: str
    calls: list[Call] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    got: asyncio.Event = field(default_factory=asyncio.Event)
    ready: bool = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == "/readyz":
            await answer(send, 200 if self.ready else 503, [], b"{}")
            return
        headers = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]]
        call = Call(scope["method"], scope["raw_path"].decode(), scope["query_string"].decode(), headers)
        self.calls.append(call)
        do = parse_qs(call.query).get("do", ["echo"])[0]
        await getattr(self, f"do_{do}")(call, receive, send)

    async def do_echo(self, call: Call, receive: Receive, send: Send) -> None:
        """Reads all, tells what it saw."""
        await self._read(call, receive)
        body = json.dumps({"service": self.name, "method": call.method, "path": call.path, "length": len(call.body)})
        await answer(send, 200, [(b"content-type", b"application/json"), (b"etag", b'"v7"')], body.encode())

    async def do_early(self, call: Call, receive: Receive, send: Send) -> None:
        """Answers without reading."""
        await answer(send, 409, [(b"content-type", b"application/problem+json")], b"{}")

    async def do_cookie(self, call: Call, receive: Receive, send: Send) -> None:
        """Tries to plant a cookie."""
        await answer(send, 200, [(b"set-cookie", b"session=first; Path=/")], b"{}")

    async def do_talk(self, call: Call, receive: Receive, send: Send) -> None:
        """Sends headers of a hop, of its own server and of another origin's policy."""
        own = [
            (b"connection", b"keep-alive, x-hop"),
            (b"x-hop", b"1"),
            (b"server", b"inner"),
            (b"access-control-allow-origin", b"*"),
            (b"x-request-id", b"inner"),
            (b"link", b'</v1/tasks?cursor=a>; rel="next"'),
            (b"content-security-policy", b"sandbox"),
        ]
        await answer(send, 200, own, b"{}")

    async def do_packed(self, call: Call, receive: Receive, send: Send) -> None:
        """Declares a coding; the bytes are not even valid in it."""
        await answer(send, 200, [(b"content-encoding", b"gzip")], b"\x1f\x8b as they are")

    async def do_redirect(self, call: Call, receive: Receive, send: Send) -> None:
        """Points elsewhere."""
        await answer(send, 303, [(b"location", b"/v1/officers")], b"")

    async def do_hang(self, call: Call, receive: Receive, send: Send) -> None:
        """Answers only when told to; notes when it is left alone."""
        await self._read(call, receive)
        self.got.set()
        await receive()
        call.gone.set()

    async def do_drip(self, call: Call, receive: Receive, send: Send) -> None:
        """Starts its answer, then never ends it; notes when it is left alone."""
        await self._read(call, receive)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await receive()
        call.gone.set()

    async def do_break(self, call: Call, receive: Receive, send: Send) -> None:
        """Promises more than it sends."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b"only this", "more_body": True})

    async def do_tear(self, call: Call, receive: Receive, send: Send) -> None:
        """Breaks off an answer whose length nobody knows."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"only this", "more_body": True})

    async def do_stream(self, call: Call, receive: Receive, send: Send) -> None:
        """Sends one piece, and the rest only when told that the first has arrived."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
        await self.go.wait()
        for _ in range(63):
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _read(self, call: Call, receive: Receive) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                call.gone.set()
                return
            call.body += message["body"]
            call.pieces += bool(message["body"])
            self.got.set()
            more = message["more_body"]


async def answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """A whole answer."""
    fields = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


@dataclass
class World:
    """A gateway and the four stand-ins behind it."""

    port: int
    upstreams: dict[str, Upstream]

    @property
    def url(self) -> str:
        """Where the gateway listens."""
        return f"http://127.0.0.1:{self.port}"

    def calls(self) -> int:
        """How many requests got through to any service."""
        return sum(len(upstream.calls) for upstream in self.upstreams.values())


def settings(**changes: Any) -> Settings:
    """Settings of a gateway whose services are nowhere unless told."""
    nowhere = {f"{name}_url": "http://127.0.0.1:9" for name in ("directory", "tasks", "cases", "training")}
    usual = {"jwks_file": tokens.keys().jwks_file, "public_url": tokens.ISSUER, "cors_origins": ORIGIN}
    return Settings(**{**nowhere, **usual, **changes})


@asynccontextmanager
async def gateway(**changes: Any) -> AsyncIterator[int]:
    """A gateway alone; yields its port."""
    chosen = settings(**changes)
    async with served(main.create_app(chosen, documents=documents.stored()), chosen) as port:
        yield port


@asynccontextmanager
async def world(**changes: Any) -> AsyncIterator[World]:
    """A gateway with its four services; `changes` are the gateway's settings."""
    upstreams = {name: Upstream(name) for name in ("directory", "tasks", "cases", "training")}
    plain = Settings()
    async with (
        served(upstreams["directory"], plain) as directory,
        served(upstreams["tasks"], plain) as tasks,
        served(upstreams["cases"], plain) as cases,
        served(upstreams["training"], plain) as training,
    ):
        ports = {"directory": directory, "tasks": tasks, "cases": cases, "training": training}
        # By name: cookie jars refuse to keep anything of a numeric address, and would look harmless.
        urls = {f"{name}_url": f"http://localhost:{port}" for name, port in ports.items()}
        async with gateway(**{**urls, **changes}) as port:
            yield World(port, upstreams)


async def raw(port: int, *parts: bytes, patience: float = 3.0) -> bytes:
    """Bytes in, bytes out until the connection closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), patience)
    finally:
        writer.close()
