"""The one door to receivers: a POST to a checked address, and nothing else that a receiver could make of it.

Each connection resolves the name, checks every address against the operator's policy and connects to exactly those, so a
name that changes its mind between check and use gains nothing. No redirect, no proxy, no cookie, no compressed answer.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from services.directory_api.webhook_deliveries import rules
from services.directory_api.webhook_deliveries.rules import Outcome
from services.kit import targets

SECONDS: Final = 15.0
CONNECT_SECONDS: Final = 5.0
# More of an answer is not read; the connection is closed.
MOST_ANSWER: Final = 4096
MOST_CONNECTIONS: Final = 50
MOST_HEADER: Final = 8190
OURS: Final = {"User-Agent": "zhifa-webhooks/1", "Accept-Encoding": "identity"}

# Host and port to texts of addresses; a test puts another one in its place.
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]


class Refused(OSError):
    """The name leads to an address that no call may go to."""


async def looked_up(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says, in a thread."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class CheckedResolver(AbstractResolver):
    """Tells only addresses that may be called; when one of a name's addresses may not, none of them is."""

    def __init__(self, allowed: targets.Policy, lookup: Lookup) -> None:
        self._allowed = allowed
        self._lookup = lookup

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """All addresses of the name, checked; Refused."""
        addresses = [targets.resolved(text) for text in await self._lookup(host, port)]
        if not addresses or any(address is None or targets.is_forbidden(address, self._allowed) for address in addresses):
            raise Refused(host)
        return [_told(host, port, str(address)) for address in addresses]

    async def close(self) -> None:
        """Holds nothing."""


def _told(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    )


class Sender:
    """Connections to receivers, kept open between messages."""

    def __init__(self, allowed: targets.Policy, lookup: Lookup = looked_up, seconds: float = SECONDS) -> None:
        self._allowed = allowed
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=CheckedResolver(allowed, lookup), use_dns_cache=False, limit=MOST_CONNECTIONS, limit_per_host=2
            ),
            timeout=aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=OURS,
            auto_decompress=False,
            trust_env=False,
            max_field_size=MOST_HEADER,
        )

    async def __aenter__(self) -> Sender:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._http.close()

    async def post(self, url: str, body: str, headers: Mapping[str, str]) -> Outcome:
        """One attempt; every way it can end is an outcome. The address is checked as written too: the policy may have changed."""
        began = time.monotonic()
        if targets.why_not_url(url, self._allowed) is not None:
            return Outcome(error="target_forbidden")
        try:
            status, excerpt, retry_after = await self._exchange(url, body, headers)
        except Exception as error:
            return Outcome(error=_code_of(error), milliseconds=_since(began))
        error_code = "redirect" if 300 <= status < 400 else None
        return Outcome(status, error_code, excerpt, retry_after, _since(began))

    async def _exchange(self, url: str, body: str, headers: Mapping[str, str]) -> tuple[int, str | None, str | None]:
        options: dict[str, Any] = {"data": body.encode(), "headers": dict(headers), "allow_redirects": False}
        async with self._http.post(url, **options) as answer:
            content = await answer.content.read(MOST_ANSWER)
            if not answer.content.at_eof():
                answer.close()
            return answer.status, rules.cleaned(content), answer.headers.get("Retry-After")


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _code_of(error: Exception) -> str:
    """A stable word for a failure; the library's own text may name addresses behind the receiver."""
    if _is_refused(error):
        return "target_forbidden"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
        return "tls"
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "name_not_found"
    if isinstance(error, aiohttp.ClientError | OSError):
        return "no_connection"
    return "not_sent"


def _is_refused(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, Refused) or isinstance(getattr(error, "os_error", None), Refused):
            return True
        error = error.__cause__
    return False


def host_of(url: str) -> str:
    """The receiver's host, for log lines."""
    return urlsplit(url).hostname or ""
