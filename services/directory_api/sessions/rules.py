"""Rules of signing in and staying signed in. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from math import ceil
from typing import Final, Protocol

from services.kit import errors

FREE_FAILURES: Final = 10
WINDOW: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(minutes=15)
# Two tabs refresh with the same token at nearly the same time; a thief comes later.
GRACE: Final = timedelta(seconds=10)


class SignInRefused(errors.Unauthorized):
    """One answer for an unknown name, a wrong password and a disabled account; the failure is kept."""

    code = "auth.refused"
    zh, en = "用户名或口令不正确。", "The name or the password is not right."
    keeps_changes = True


class LockedOut(errors.TooManyRequests):
    code = "auth.locked_out"
    zh, en = "失败次数过多，请稍后再试。", "Too many failures; try again later."


class MustChangePassword(errors.Forbidden):
    code = "auth.password_change_required"
    zh, en = "须先修改口令（POST /auth/password）。", "The password must be changed first (POST /auth/password)."


class RefreshRefused(errors.Unauthorized):
    """Unknown, ended, or used a second time; the end of the family is kept."""

    code = "auth.refresh_refused"
    zh, en = "登录已失效，请重新登录。", "The session has ended; sign in again."
    keeps_changes = True


class GrantFieldsMissing(errors.BadInput):
    code = "auth.grant_fields"
    zh, en = "此 grant_type 缺少字段，见 errors 各项。", "Fields of this grant_type are missing; see errors."


class SessionFacts(Protocol):
    """What the rules know of a session."""

    @property
    def used_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


def wait_after(failures: int, last: datetime | None, now: datetime) -> int:
    """Seconds a subject has to wait: none for the first ten failures in a quarter of an hour, then 1, 2, 4 … at most 900."""
    if last is None or failures < FREE_FAILURES:
        return 0
    delay = min(timedelta(seconds=2 ** min(failures - FREE_FAILURES, 20)), LONGEST_WAIT)
    return max(0, ceil((last + delay - now).total_seconds()))


def why_not_sign_in(waits: list[int]) -> errors.DomainError | None:
    """Whether account and address may try now."""
    longest = max(waits, default=0)
    return LockedOut(retry_after=longest) if longest else None


def is_alive(session: SessionFacts, idle: timedelta, now: datetime) -> bool:
    """Not ended, not too old, not idle too long."""
    return session.ended_at is None and now < session.ends_at and now < session.used_at + idle


def is_reused(used_at: datetime | None, now: datetime) -> bool:
    """Whether a refresh token comes back after the grace for two tabs: then somebody else has it."""
    return used_at is not None and now > used_at + GRACE


def token_hash(token: str) -> bytes:
    """What is stored of a random token: it cannot be guessed, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()


def missing_fields(given: dict[str, object], needed: tuple[str, ...]) -> errors.DomainError | None:
    """Fields the grant needs and the form lacks."""
    faults = [errors.Fault(f"/body/{name}", "missing") for name in needed if given.get(name) is None]
    return GrantFieldsMissing(*faults) if faults else None
