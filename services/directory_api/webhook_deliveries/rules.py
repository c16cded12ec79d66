"""Deliveries: what an answer means, when the next attempt is due, when it is given up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors

# Kind of a test message; no object has it.
TEST: Final = "webhook.test"
# The wait doubles twice with each failure, up to the longest; some more by chance, so that receivers are not stormed.
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(hours=4)
FACTOR: Final = 4
JITTER: Final = 0.25
# Standard Webhooks asks for attempts over days. With the longest wait the last attempt falls between 3 and 4 days.
GIVE_UP_AFTER: Final = timedelta(days=3)
LONGEST_ASKED: Final = timedelta(hours=24)
# Without any success for so long the endpoint is switched off, and its owner told.
SWITCH_OFF_AFTER: Final = timedelta(days=5)
KEPT: Final = timedelta(days=30)
MOST_EXCERPT: Final = 500
# Besides redirects and 5xx: these say something about the receiver, other 4xx only about the one message.
ABOUT_ALL: Final = frozenset({401, 403, 404, 407, 408, 410, 421, 425, 429})
GONE: Final = 410
# An answer may quote what nobody here asked for; runs of digits this long may be numbers of people.
MOST_DIGITS: Final = 7


class State(StrEnum):
    """Under way, arrived, given up, or no longer for the endpoint's owner to see."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class DeliveryFacts(Protocol):
    """What the rules may know of a delivery."""

    @property
    def attempts(self) -> int: ...
    @property
    def first_attempted_at(self) -> datetime | None: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: a status, or the code of why there was none. `excerpt` is cleaned."""

    status: int | None = None
    error: str | None = None
    excerpt: str | None = None
    retry_after: str | None = None
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        """Any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_about_all(self) -> bool:
        """Whether the endpoint as a whole should rest: it cannot be reached, is broken, busy, or lets nobody in."""
        if self.status is None or self.is_success:
            return self.status is None
        return self.status < 400 or self.status >= 500 or self.status in ABOUT_ALL


class EndpointDisabled(errors.Conflict):
    code = "webhook_delivery.endpoint_disabled"
    zh, en = "推送端点已停用，请先启用。", "The endpoint is disabled; enable it first."


def why_not_redeliver(is_enabled: bool) -> errors.DomainError | None:
    """A disabled endpoint is sent nothing."""
    return None if is_enabled else EndpointDisabled()


def wait(attempts: int, chance: float) -> timedelta:
    """How long after the n-th failed attempt the next one is due; `chance` is between 0 and 1."""
    grown: int = FACTOR ** min(max(attempts - 1, 0), 10)
    plain = min(FIRST_WAIT * grown, LONGEST_WAIT)
    return plain + plain * JITTER * chance


def asked_until(header: str | None, now: datetime) -> datetime | None:
    """Until when `Retry-After` (seconds or a date) asks to wait, at most a day; None for none or a bent one."""
    if header is None:
        return None
    try:
        if header.strip().isdecimal() and header.isascii():
            asked = now + min(timedelta(seconds=min(int(header[:10]), 10**7)), LONGEST_ASKED)
        else:
            parsed = parsedate_to_datetime(header)
            asked = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return min(asked, now + LONGEST_ASKED)


def next_attempt(delivery: DeliveryFacts, outcome: Outcome, now: datetime, chance: float) -> datetime | None:
    """When a failed delivery is tried again; None to give up. `attempts` counts the one just made. A test is tried once."""
    first = delivery.first_attempted_at or now
    if delivery.kind == TEST or now - first >= GIVE_UP_AFTER:
        return None
    due = now + wait(delivery.attempts, chance)
    return max(due, asked_until(outcome.retry_after, now) or due)


def is_lost(failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint has failed for so long that it is switched off."""
    return failing_since is not None and now - failing_since >= SWITCH_OFF_AFTER


def cleaned(answer: bytes) -> str | None:
    """The beginning of an answer as the log keeps it: one line, no control signs, long numbers hidden; None for nothing."""
    text = answer[: 4 * MOST_EXCERPT].decode("utf-8", "replace")
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return _without_numbers(line)[:MOST_EXCERPT] or None


def _without_numbers(line: str) -> str:
    parts: list[str] = []
    run = ""
    for sign in [*line, ""]:
        if sign.isdigit():
            run += sign
            continue
        parts += ["…" if len(run) > MOST_DIGITS else run, sign]
        run = ""
    return "".join(parts)
