"""The headers that every answer of every process carries, errors and refusals of the wire too."""

from __future__ import annotations

API_POLICY = b"frame-ancestors 'none'"
HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def of(public_url: str, policy: bytes = API_POLICY) -> list[tuple[bytes, bytes]]:
    """Security headers; HSTS only where the public address is https. `policy` is the content security policy."""
    headers = [
        (b"cache-control", b"no-store"),
        (b"content-security-policy", policy),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
    ]
    return [*headers, HSTS] if public_url.startswith("https://") else headers
