"""How much one client may ask: a sliding window (two counters) in memory, per account when signed in, else per address."""

from __future__ import annotations

import math

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from services.kit import addresses, errors
from services.kit import clock as clocks
from services.kit.settings import Settings

Headers = list[tuple[bytes, bytes]]


class Rates:
    """Counts requests of accounts and addresses."""

    def __init__(self, settings: Settings) -> None:
        window = settings.rate_window_seconds
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._items = {
            "account": RateLimitItemPerSecond(settings.rate_per_account, window),
            "address": RateLimitItemPerSecond(settings.rate_per_address, window),
            "lookup": RateLimitItemPerSecond(settings.rate_lookups_per_address, window),
        }

    def spend(self, kind: str, who: str, headers: Headers) -> None:
        """Counts one request of an `account` or `address`, or an open `lookup` of an address; 429 when nothing is left."""
        item = self._items[kind]
        who = who if kind == "account" else addresses.bucket(who)
        admitted = self._limiter.hit(item, kind, who)
        stats = self._limiter.get_window_stats(item, kind, who)
        wait = max(1, math.ceil(stats.reset_time - clocks.now().timestamp()))
        headers.extend(self._headers(kind, item, stats.remaining, wait))
        if not admitted:
            raise errors.TooManyRequests(retry_after=wait)

    def _headers(self, kind: str, item: RateLimitItem, left: int, wait: int) -> Headers:
        return [
            (b"ratelimit-policy", f'"{kind}";q={item.amount};w={item.get_expiry()}'.encode()),
            (b"ratelimit", f'"{kind}";r={left};t={wait}'.encode()),
        ]
