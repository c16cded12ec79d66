"""Prometheus figures of the gateway, shown to the machine itself only."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from gateway.exchange import Exchange
from services.kit import errors

LOOPBACK = frozenset({"127.0.0.1", "::1"})


class Metrics:
    """Requests and seconds by service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("service", "method", "status")
        self._requests = Counter("zhifa_gateway_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "zhifa_gateway_request_seconds", "Seconds until the answer was sent.", ("service",), registry=self._registry
        )

    def note(self, exchange: Exchange, seconds: float) -> None:
        """Counts one request."""
        self._requests.labels(exchange.service, exchange.method, str(exchange.status)).inc()
        self._seconds.labels(exchange.service).observe(seconds)

    async def show(self, exchange: Exchange) -> None:
        """The figures, for a caller on this machine that no proxy stands in front of; NotFound for all others."""
        names = {name for name, _ in exchange.headers}
        if exchange.peer not in LOOPBACK or names & {b"x-forwarded-for", b"forwarded"}:
            raise errors.NotFound
        await exchange.answer(200, [(b"content-type", CONTENT_TYPE_LATEST.encode())], generate_latest(self._registry))
