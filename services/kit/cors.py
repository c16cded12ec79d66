"""Which answers a browser's page of another origin may read. Bearer only, no cookies; set at the gateway alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

EXPOSED = (
    b"ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, Content-Disposition, API-Version, "
    b"Idempotency-Replayed, traceparent, X-Request-ID"
)
METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
ASKED = (
    b"Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Idempotency-Key, Prefer, "
    b"X-Change-Reason, X-Request-ID, traceparent"
)
KEPT_SECONDS = b"600"


def answer_headers(headers: Iterable[tuple[bytes, bytes]], origins: Collection[str]) -> list[tuple[bytes, bytes]]:
    """Headers for any answer: the origin when it is on the list. Nothing where no origin is configured."""
    if not origins:
        return []
    vary = (b"vary", b"Origin")
    sent = [value for name, value in headers if name == b"origin"]
    if len(sent) != 1 or sent[0].decode("latin-1") not in origins:
        return [vary]
    return [vary, (b"access-control-allow-origin", sent[0]), (b"access-control-expose-headers", EXPOSED)]


def is_preflight(method: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a browser asks beforehand what it may send."""
    names = {name for name, _ in headers}
    return method == "OPTIONS" and {b"origin", b"access-control-request-method"} <= names


def preflight_headers(headers: Iterable[tuple[bytes, bytes]], origins: Collection[str]) -> list[tuple[bytes, bytes]]:
    """What a page may send, told to allowed origins only (the answer's own headers come from `answer_headers`)."""
    if len(answer_headers(headers, origins)) <= 1:
        return []
    return [
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", ASKED),
        (b"access-control-max-age", KEPT_SECONDS),
    ]
