"""Streams a request to a service and its answer back. aiohttp with everything switched off that a proxy must not do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from gateway import routes
from gateway.exchange import Exchange, Headers
from services.kit import errors, logs, request_head
from services.kit.settings import Settings

log = logs.logger(__name__)

# Shorter than the services' 75 s: a connection taken from the pool must not just have been closed over there.
KEEP_ALIVE_SECONDS = 15
READY_SECONDS = 2.0
RETRY_AFTER_SECONDS = 2

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
    }
)
# Set anew by us, or answered here (Expect).
OURS_UPWARD = frozenset({b"host", b"expect", b"content-length", b"forwarded", b"x-real-ip", b"traceparent", b"x-request-id"})
OURS_DOWNWARD = frozenset({b"server", b"date", b"traceparent", b"x-request-id", b"ratelimit", b"ratelimit-policy"})
# Who the caller is says the token alone. Underscores too: some frameworks read them as hyphens.
CLAIMED = (b"x-forwarded", b"x-user", b"x-remote", b"remote-", b"x-role", b"x-unit", b"x-auth", b"x-account", b"x-principal")
# Paths may not be rewritten by such headers either.
REWRITING = frozenset({b"x-original-url", b"x-rewrite-url", b"x-http-method-override", b"x-method-override"})


class ClientGone(Exception):
    """The caller hung up while sending; nobody is left to answer."""


class AnswerBroken(Exception):
    """The service broke off in the middle of its answer; the caller's connection is cut, so that it can tell."""


class Body:
    """The request's body, passed on as it comes; afterwards the place to learn that the caller hung up."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.sent = asyncio.Event()
        self.answered = False
        self.client_gone = False

    async def chunks(self, deadline: asyncio.Timeout, patience: float) -> AsyncIterator[bytes]:
        """The pieces; with the last of them the service's time to answer begins."""
        more = True
        while more:
            message = await self._exchange.receive()
            if message["type"] == "http.disconnect":
                self.client_gone = True
                raise ClientGone
            more = message.get("more_body", False)
            if message["body"]:
                yield message["body"]
        self.sent.set()
        if not self.answered:
            deadline.reschedule(asyncio.get_running_loop().time() + patience)

    async def watch(self, task: asyncio.Task[None]) -> None:
        """Cancels the task when the caller hangs up."""
        await self.sent.wait()
        while (await self._exchange.receive())["type"] != "http.disconnect":
            pass
        self.client_gone = True
        task.cancel()


class Proxy:
    """The gateway's connections to the services; `open` within the running loop, `close` at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        urls = (settings.directory_url, settings.tasks_url, settings.cases_url, settings.training_url)
        self.upstreams: Mapping[str, str] = dict(zip(routes.SERVICES, (url.rstrip("/") for url in urls), strict=True))

    async def open(self) -> None:
        """Makes the pool."""
        settings = self._settings
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=settings.upstream_connections, keepalive_timeout=KEEP_ALIVE_SECONDS
            ),
            # Waiting for a free connection counts as connecting: a full pool is a 504, never a silent queue.
            timeout=aiohttp.ClientTimeout(total=settings.total_seconds, connect=settings.connect_seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
        )

    async def close(self) -> None:
        """Closes all connections."""
        if self._session is not None:
            await self._session.close()

    async def forward(self, exchange: Exchange, service: str) -> None:
        """The whole exchange; ends at once, and closes the service's connection, when the caller hangs up."""
        task = asyncio.current_task()
        assert task is not None
        body = Body(exchange)
        watcher = asyncio.create_task(body.watch(task))
        try:
            await self._relay(exchange, service, body)
        except asyncio.CancelledError:
            if not body.client_gone:
                raise
            task.uncancel()
        finally:
            watcher.cancel()

    async def _relay(self, exchange: Exchange, service: str, body: Body) -> None:
        try:
            answer = await self._ask(exchange, service, body)
        except (aiohttp.ClientError, TimeoutError, ClientGone) as failure:
            if body.client_gone:
                return
            log.warning("upstream.failed", service=service, reason=type(failure).__name__)
            raise problem_of(failure) from failure
        async with answer:
            await self._pass_back(exchange, answer, body)
            if not body.sent.is_set():
                # Answered before it had read everything: this connection still carries the rest.
                answer.close()

    async def _ask(self, exchange: Exchange, service: str, body: Body) -> aiohttp.ClientResponse:
        assert self._session is not None
        patience = self._settings.first_byte_seconds
        has_body = request_head.announces_body(exchange.headers)
        async with asyncio.timeout(None if has_body else patience) as deadline:
            if not has_body:
                body.sent.set()
            answer = await self._session.request(
                exchange.method,
                target(self.upstreams[service], exchange),
                headers=upward(exchange, has_body=has_body),
                data=body.chunks(deadline, patience) if has_body else None,
                allow_redirects=False,
            )
            body.answered = True
        return answer

    async def _pass_back(self, exchange: Exchange, answer: aiohttp.ClientResponse, body: Body) -> None:
        await exchange.start(answer.status, downward(answer.raw_headers))
        try:
            async for chunk in answer.content.iter_any():
                await exchange.pass_on(chunk, more=True)
        except (aiohttp.ClientError, TimeoutError) as failure:
            if body.client_gone:
                return
            raise AnswerBroken(type(failure).__name__) from failure
        await exchange.pass_on(b"", more=False)

    async def readiness(self) -> dict[str, str]:
        """What each service says of itself: `ready`, `unready`, or `unreachable`."""
        states = await asyncio.gather(*(self._ready(url) for url in self.upstreams.values()))
        return dict(zip(self.upstreams, states, strict=True))

    async def _ready(self, url: str) -> str:
        assert self._session is not None
        with suppress(aiohttp.ClientError, TimeoutError):
            async with asyncio.timeout(READY_SECONDS), self._session.get(f"{url}/readyz", allow_redirects=False) as answer:
                return "ready" if answer.status == 200 else "unready"
        return "unreachable"


def target(upstream: str, exchange: Exchange) -> URL:
    """The address over there, path and query byte for byte as the caller wrote them."""
    query = f"?{exchange.query}" if exchange.query else ""
    return URL(f"{upstream}{exchange.path}{query}", encoded=True)


def upward(exchange: Exchange, *, has_body: bool) -> CIMultiDict[str]:
    """Headers for the service: the caller's without hop-by-hop and claimed ones, and ours. 400 for text that is not UTF-8."""
    dropped = OURS_UPWARD | HOP_BY_HOP | REWRITING | named_in_connection(exchange.headers)
    kept: CIMultiDict[str] = CIMultiDict()
    for name, value in exchange.headers:
        if name not in dropped and not is_claim(name):
            kept.add(name.decode("ascii"), text_of(value))
    lengths = request_head.values_of(exchange.headers, b"content-length")
    if has_body and lengths:
        kept["Content-Length"] = lengths[0].decode("ascii")
    kept["X-Forwarded-For"] = exchange.address
    kept["X-Request-ID"] = exchange.trace.request_id
    kept["traceparent"] = exchange.trace.traceparent
    return kept


def downward(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Headers for the caller: the service's without hop-by-hop ones, and without those the gateway speaks itself."""
    lowered = [(name.lower(), value) for name, value in headers]
    dropped = OURS_DOWNWARD | HOP_BY_HOP | named_in_connection(lowered)
    return [field for field in lowered if field[0] not in dropped and not field[0].startswith(b"access-control-")]


def named_in_connection(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """Headers that the sender declared to be for this connection only."""
    values = request_head.values_of(headers, b"connection")
    return frozenset(word.strip().lower() for value in values for word in value.split(b","))


def is_claim(name: bytes) -> bool:
    """Whether a header could be taken for a statement about who the caller is or where it comes from."""
    return name.replace(b"_", b"-").startswith(CLAIMED)


def text_of(value: bytes) -> str:
    """A header value as text; aiohttp writes UTF-8, so other bytes cannot be passed on unchanged."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise errors.MalformedRequest from None


def problem_of(failure: Exception) -> errors.DomainError:
    """503 when the service cannot be reached, 504 when it does not answer in time, 502 when it answers wrongly."""
    if isinstance(failure, TimeoutError):
        return errors.GatewayTimeout(retry_after=RETRY_AFTER_SECONDS)
    if isinstance(failure, aiohttp.ClientConnectorError):
        return errors.Unavailable(retry_after=RETRY_AFTER_SECONDS)
    return errors.BadGateway(retry_after=RETRY_AFTER_SECONDS)
