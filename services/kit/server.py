"""The HTTP server of every process: uvicorn with its httptools parser, and the guards it lacks.

uvicorn waits for ever for slow heads and bodies, believes any Host and bounds neither head nor body; the protocol
below adds these limits. What is refused here never reaches the application and is answered as problem+json.
"""

from __future__ import annotations

import asyncio
import gc
import resource
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, cast

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from services.kit import cors, errors, joined_writes, problems, request_head, security_headers, trace
from services.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large a request may be on the wire; tests use shorter times."""

    silent_seconds: float = 5.0
    head_seconds: float = 5.0
    stall_seconds: float = 8.0
    slowest_bytes_per_second: int = 8_000
    # Chunk sizes, extensions and trailers of one body: a fixed allowance, and one per chunk.
    framing_bytes: int = 32_768
    framing_bytes_per_chunk: int = 32
    # How long a refused sender is still listened to, so that it can read the answer.
    linger_seconds: float = 2.0
    keep_alive_seconds: int = 75
    shutdown_seconds: int = 10


DEMANDED = Limits()
# Characters of the path that a problem repeats.
MAX_INSTANCE = 2_000


class GuardedConfig(uvicorn.Config):
    """uvicorn's configuration with our fixed choices and what the protocol needs to know."""

    def __init__(self, app: ASGIApp, settings: Settings, limits: Limits = DEMANDED) -> None:
        super().__init__(
            cast(Any, app),  # uvicorn and starlette type the same protocol differently
            host=settings.host,
            port=settings.port,
            http=GuardedProtocol,
            ws="none",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.keep_alive_seconds,
            timeout_graceful_shutdown=limits.shutdown_seconds,
        )
        self.limits = limits
        self.hosts = settings.hosts
        self.max_body_bytes = settings.max_upload_bytes
        self.origins = settings.origins
        self.security_headers = security_headers.of(settings.public_url)


class Stage(Enum):
    """Where a connection stands: nothing sent yet, between requests, in a head, in a body, no longer listening."""

    FRESH = auto()
    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    DEAF = auto()


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with deadlines, size limits and strict framing. One timer per connection at most."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        assert isinstance(config, GuardedConfig)
        self._guard = config
        self._limits = config.limits
        self._stage = Stage.FRESH
        self.url = b""
        self._timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._body_bytes = 0
        self._chunks = 0
        self._framing_bytes = 0
        self._body_since = 0.0
        self._last_byte_at = 0.0

    # Connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(cast(asyncio.Transport, joined_writes.JoinedWrites(transport, self.loop)))
        self._timer = self.loop.call_later(self._limits.silent_seconds, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._enter(Stage.DEAF)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._stage is Stage.DEAF:
            return
        if self._stage in {Stage.FRESH, Stage.IDLE}:
            self._enter(Stage.HEAD)
        self._unset_keepalive_if_required()
        try:
            self._feed(data)
        except httptools.HttpParserUpgrade:
            # Served as an ordinary request; what follows it speaks another protocol.
            self._enter(Stage.DEAF)
        except httptools.HttpParserError as failure:
            self._refuse(_reason(failure))
        except errors.DomainError as error:
            self._refuse(error)
        else:
            self._arm()

    def _feed(self, data: bytes) -> None:
        cycle, seen, stage = self.cycle, self._body_bytes, self._stage
        self.parser.feed_data(data)
        if self._stage is Stage.HEAD:
            self._head_bytes += len(data)
            if self._head_bytes > request_head.MAX_HEAD_BYTES:
                raise errors.HeaderTooLarge
        elif self._stage is stage is Stage.BODY and self.cycle is cycle:
            self._count_framing(len(data) - (self._body_bytes - seen))

    def _count_framing(self, size: int) -> None:
        self._last_byte_at = self.loop.time()
        self._framing_bytes += size
        if self._framing_bytes > self._limits.framing_bytes + self._limits.framing_bytes_per_chunk * self._chunks:
            raise errors.MalformedRequest

    # Parser callbacks; an error raised in one comes back through `feed_data`.

    def on_message_begin(self) -> None:
        if self._stage is not Stage.HEAD:
            self._enter(Stage.HEAD)
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # In the body stage this is a trailer, which must never pass for a header.
        if self._stage is Stage.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        head = request_head.Head(self.parser.get_http_version(), self.url, self.headers)
        errors.raise_if(request_head.why_not_accept(head, self._guard.hosts, self._guard.max_body_bytes))
        upgrade = self.parser.should_upgrade()
        if upgrade and request_head.announces_body(self.headers):
            # The parser would take the body for the other protocol.
            raise errors.MalformedRequest
        super().on_headers_complete()
        self._enter(Stage.BODY)
        if upgrade:
            self.cycle.keep_alive = False

    def on_chunk_header(self) -> None:
        self._chunks += 1

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._guard.max_body_bytes:
            raise errors.TooLarge
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._enter(Stage.IDLE)
        super().on_message_complete()
        if self.cycle.response_complete:
            # Answered before its body was in: the keep-alive timer was lost to the body's bytes.
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    # Stages and their deadlines

    def _enter(self, stage: Stage) -> None:
        self._stage = stage
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if stage is Stage.HEAD:
            self._head_bytes = 0
        elif stage is Stage.BODY:
            self._body_bytes = self._chunks = self._framing_bytes = 0
            self._body_since = self._last_byte_at = self.loop.time()

    def _arm(self) -> None:
        if self._timer is not None:
            return
        if self._stage is Stage.HEAD:
            self._timer = self.loop.call_later(self._limits.head_seconds, self._refuse, errors.RequestTimeout())
        elif self._stage is Stage.BODY:
            self._timer = self.loop.call_later(self._limits.stall_seconds / 8, self._check_body)

    def _check_body(self) -> None:
        self._timer = None
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:
            # We keep the sender waiting, not it us: this stretch does not count.
            self._body_since += self._limits.stall_seconds / 8
            self._last_byte_at += self._limits.stall_seconds / 8
        if self._too_slow():
            self._refuse(errors.RequestTimeout())
        else:
            self._arm()

    def _too_slow(self) -> bool:
        now, patience = self.loop.time(), self._limits.stall_seconds
        taken = now - self._body_since
        dripping = taken >= patience and self._body_bytes < self._limits.slowest_bytes_per_second * taken
        return dripping or now - self._last_byte_at >= patience

    # Refusals

    def _refuse(self, error: errors.DomainError) -> None:
        """Answers once, if nothing else is being said on this connection, and closes it."""
        stage, cycle = self._stage, self.cycle
        self._enter(Stage.DEAF)
        if stage is Stage.HEAD and cycle is not None and not cycle.response_complete:
            # Earlier requests are still being answered; the last of these answers closes the connection.
            cycle.keep_alive = False
        elif stage is Stage.BODY and (cycle.response_started or self.pipeline):
            self.transport.close()
        else:
            self._abandon(cycle if stage is Stage.BODY else None)
            self._say(error)

    def _abandon(self, cycle: Any) -> None:
        """Tells the application at work that its client is gone, and drops what it still says."""
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()

    def _say(self, error: errors.DomainError) -> None:
        self.transport.write(self._answer(error))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._timer = self.loop.call_later(self._limits.linger_seconds, self.transport.close)

    def _answer(self, error: errors.DomainError) -> bytes:
        known = self.headers or []
        found = trace.accept(known)
        accepted = request_head.values_of(known, b"accept-language")
        language = problems.language_of(accepted[0].decode("latin-1") if accepted else None)
        path = (self.url or b"/").partition(b"?")[0].decode("latin-1")
        instance = path[:MAX_INSTANCE] if path.startswith("/") else "/"
        status, headers, body = problems.render(error, language=language, trace_id=found.trace_id, instance=instance)
        lines = [
            *self.server_state.default_headers,
            *headers,
            *self._guard.security_headers,
            *cors.answer_headers(known, self._guard.origins),
            (b"traceparent", found.traceparent.encode()),
            (b"x-request-id", found.request_id.encode()),
            (b"connection", b"close"),
        ]
        return b"".join([STATUS_LINE[status], *(b"%b: %b\r\n" % line for line in lines), b"\r\n", body])


def _reason(failure: httptools.HttpParserError) -> errors.DomainError:
    """What a callback raised, or 400 when the parser itself objects."""
    return failure.__context__ if isinstance(failure.__context__, errors.DomainError) else errors.MalformedRequest()


def server(app: ASGIApp, settings: Settings, limits: Limits = DEMANDED) -> uvicorn.Server:
    """A server ready to `run()`, or to `serve()` within a running loop."""
    return uvicorn.Server(GuardedConfig(app, settings, limits))


def serve(app: ASGIApp, settings: Settings) -> None:
    """Runs an application until SIGTERM or SIGINT; requests under way get 10 seconds to end."""
    allow_many_connections()
    # What the start has made stays for ever: no collection of garbage needs to walk it again.
    gc.collect()
    gc.freeze()
    server(app, settings).run()


def allow_many_connections() -> None:
    """Raises the soft limit of open files to the hard one: idle connections must not starve the others."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
