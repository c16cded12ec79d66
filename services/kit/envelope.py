"""The outermost layer of a service: trace, HEAD, security headers, metrics, one log line, and no raw 500 ever."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from services.kit import errors, logs, problems, security_headers, trace

log = logs.logger(__name__)

API_VERSION = "1.0.0"


class Metrics:
    """Prometheus figures of one process."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self.service = service
        labels = ("service", "method", "route", "status")
        self.requests = Counter("zhifa_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "zhifa_request_seconds", "Seconds until the answer was sent.", ("service", "method", "route"), registry=self.registry
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request."""
        self.requests.labels(self.service, method, route, str(status)).inc()
        self.seconds.labels(self.service, method, route).observe(seconds)


class Envelope:
    """ASGI layer around the finished application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, public_url: str) -> None:
        self.app = app
        self.headers = [(b"api-version", API_VERSION.encode()), *security_headers.of(public_url)]
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; other kinds of connection pass through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await _Exchange(self, scope, send).run(receive)


class _Exchange:
    """One request and its answer."""

    def __init__(self, envelope: Envelope, scope: Scope, send: Send) -> None:
        self.envelope = envelope
        self.scope = scope
        self.send = send
        self.trace = trace.accept(scope["headers"])
        self.method = scope["method"]
        self.status = 0
        self.started = time.perf_counter()

    async def run(self, receive: Receive) -> None:
        if self.method == "HEAD":
            self.scope["method"] = "GET"
        token = trace.CURRENT.set(self.trace)
        try:
            await self.envelope.app(self.scope, receive, self._pass)
        except Exception as error:
            await self._fail(error)
        finally:
            self._note()
            trace.CURRENT.reset(token)

    async def _pass(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message.get("headers", []), *self._headers()]}
        elif self.method == "HEAD" and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)

    def _headers(self) -> list[tuple[bytes, bytes]]:
        return [
            *self.envelope.headers,
            (b"x-request-id", self.trace.request_id.encode()),
            (b"traceparent", self.trace.traceparent.encode()),
        ]

    async def _fail(self, error: Exception) -> None:
        log.error("request.failed", exc_info=error, method=self.method, route=self._route())
        if self.status:
            # The answer has begun: closing the connection is all that is left.
            raise error
        headers = dict(self.scope["headers"])
        language = problems.language_of(headers.get(b"accept-language", b"").decode("latin-1"))
        status, fields, body = problems.render(
            errors.DomainError(), language=language, trace_id=self.trace.trace_id, instance=self.scope["path"]
        )
        await self._pass({"type": "http.response.start", "status": status, "headers": fields})
        await self._pass({"type": "http.response.body", "body": body})

    def _route(self) -> str:
        # The template, never the path: paths hold ids, and an unknown path would make endless labels.
        route = self.scope.get("route")
        return getattr(route, "path_format", None) or "unmatched"

    def _note(self) -> None:
        seconds = time.perf_counter() - self.started
        self.envelope.metrics.note(self.method, self._route(), self.status, seconds)
        log.info("request", method=self.method, route=self._route(), status=self.status, milliseconds=round(seconds * 1000, 1))
