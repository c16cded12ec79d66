"""The gateway's application: a bare ASGI callable, wrapped in nothing, so that every answer passes one place."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import docs_page, metrics, openapi, permissions, proxy, rates, routes, table
from gateway.exchange import Exchange, common_headers
from services.kit import auth, cors, envelope, errors, logs, trace
from services.kit import clock as clocks
from services.kit.settings import Settings

log = logs.logger(__name__)

Page = Callable[[Exchange], Awaitable[None]]
JSON = b"application/json"
RETRY_AFTER_SECONDS = 2


def create_app(settings: Settings, *, documents: Mapping[str, bytes] | None = None, clock: clocks.Clock = clocks.now) -> ASGIApp:
    """The gateway. `documents` replaces the snapshot in tests: service → its document, and the merged one under `""`."""
    return Gateway(settings, documents if documents is not None else snapshot(), clock)


def snapshot() -> dict[str, bytes]:
    """The documents beside the code: each service's, and the merged one under the empty name."""
    return {"": openapi.MERGED.read_bytes(), **{path.stem: path.read_bytes() for path in openapi.SINGLE.glob("*.json")}}


class Gateway:
    """Knows settings, table of operations, keys, rates and connections; nothing of any request outlives it."""

    def __init__(self, settings: Settings, documents: Mapping[str, bytes], clock: clocks.Clock) -> None:
        if settings.jwks_file is None:
            raise RuntimeError("ZHIFA_JWKS_FILE is not set")
        if settings.proxies:
            log.info("proxies.trusted", networks=[str(network) for network in settings.proxies])
        self._settings = settings
        self._clock = clock
        self._common = common_headers(settings)
        self._verifier = auth.Verifier.from_jwks_file(settings.jwks_file, settings.public_url)
        self._table = table.Table(json.loads(documents[""]))
        self._matrix = openapi.stored(permissions.listed(self._table.operations))
        self._proxy = proxy.Proxy(settings)
        self._rates = rates.Rates(settings)
        self._metrics = metrics.Metrics()
        self._pages = self._own_pages(documents)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(Exchange(scope, receive, send, self._settings, self._common))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        logs.configure(routes.GATEWAY, self._settings.log_level)
        await self._proxy.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._proxy.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, exchange: Exchange) -> None:
        started = time.perf_counter()
        token = trace.CURRENT.set(exchange.trace)
        try:
            await self._answer(exchange)
        except proxy.AnswerBroken:
            # The answer has begun: only the cut connection can tell the caller.
            raise
        except errors.DomainError as error:
            await exchange.refuse(error)
        except Exception as error:
            log.error("request.failed", exc_info=error, method=exchange.method, route=exchange.route)
            if exchange.status:
                raise
            await exchange.refuse(errors.DomainError())
        finally:
            self._note(exchange, time.perf_counter() - started)
            trace.CURRENT.reset(token)

    def _note(self, exchange: Exchange, seconds: float) -> None:
        self._metrics.note(exchange, seconds)
        log.info(
            "request",
            method=exchange.method,
            route=exchange.route,
            target=exchange.service,
            status=exchange.status,
            milliseconds=round(seconds * 1000, 1),
        )

    async def _answer(self, exchange: Exchange) -> None:
        page = self._pages.get(exchange.path)
        if cors.is_preflight(exchange.method, exchange.headers):
            await exchange.answer(204, cors.preflight_headers(exchange.headers, self._settings.origins))
        elif page is not None:
            await self._show(exchange, page)
        elif exchange.method == "OPTIONS":
            await exchange.answer(204, [(b"allow", self._table.allowed(exchange.path).encode())])
        else:
            await self._operate(exchange, self._table.find(exchange.method, exchange.path))

    async def _show(self, exchange: Exchange, page: Page) -> None:
        exchange.route = exchange.path
        if exchange.method == "OPTIONS":
            await exchange.answer(204, [(b"allow", b"GET, HEAD, OPTIONS")])
        elif exchange.method in {"GET", "HEAD"}:
            await page(exchange)
        else:
            raise table.WrongMethod("GET, HEAD, OPTIONS")

    async def _operate(self, exchange: Exchange, operation: table.Operation) -> None:
        exchange.route, exchange.service = operation.template, operation.service
        self._admit(exchange, operation)
        if operation.service == routes.GATEWAY:
            await exchange.answer_tagged(JSON, self._matrix.etag, lambda: self._matrix.body)
        else:
            await self._proxy.forward(exchange, operation.service)

    def _admit(self, exchange: Exchange, operation: table.Operation) -> None:
        """401, 403 or 429 unless the caller may go on. The services check token and right once more, and what it reaches."""
        if operation.grants is None:
            looked_up = (operation.method, table.nameless(operation.template)) in routes.LOOKUPS
            self._rates.spend("lookup" if looked_up else "address", exchange.address, exchange.extra)
            return
        try:
            caller = self._verifier.principal_of(bearer(exchange), int(self._clock().timestamp()))
        except errors.Unauthorized:
            self._rates.spend("address", exchange.address, exchange.extra)
            raise
        self._rates.spend("account", str(caller.account_id), exchange.extra)
        if caller.admitted(operation.grants) is None:
            raise errors.Forbidden

    def _own_pages(self, documents: Mapping[str, bytes]) -> dict[str, Page]:
        pages: dict[str, Page] = {
            "/livez": partial(_tell, {"status": "alive"}),
            "/readyz": self._readyz,
            "/version": partial(_tell, {"service": routes.GATEWAY, "version": envelope.API_VERSION}),
            "/metrics": self._metrics.show,
        }
        for path, (file, content_type) in docs_page.files().items():
            pages[path] = partial(docs_page.show, file=file, content_type=content_type)
        for service, body in documents.items():
            pages[f"/openapi/{service}.json" if service else "/openapi.json"] = partial(_show_document, openapi.stored(body))
        return pages

    async def _readyz(self, exchange: Exchange) -> None:
        services = await self._proxy.readiness()
        ready = all(state == "ready" for state in services.values())
        body = {"status": "ready" if ready else "unready", "services": services}
        retry = [] if ready else [(b"retry-after", str(RETRY_AFTER_SECONDS).encode())]
        await exchange.answer(200 if ready else 503, [(b"content-type", JSON), *retry], json.dumps(body).encode())


async def _tell(fact: dict[str, Any], exchange: Exchange) -> None:
    await exchange.answer(200, [(b"content-type", JSON)], json.dumps(fact).encode())


async def _show_document(document: openapi.Stored, exchange: Exchange) -> None:
    await exchange.answer_tagged(JSON, document.etag, lambda: document.body)


def bearer(exchange: Exchange) -> str:
    """The token of the one Authorization header; Unauthorized when there is none, or another scheme, or two."""
    scheme, _, token = (exchange.header(b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise errors.Unauthorized
    return token.strip()
