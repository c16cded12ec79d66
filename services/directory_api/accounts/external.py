"""The one door to password hashing and judging; both take a core for a while, so they run in threads, two at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from secrets import token_urlsafe

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

# OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
AT_ONCE = asyncio.Semaphore(2)
# Judging is quadratic in the length; a longer tail only makes a password better.
JUDGED = 72
# Verified in place of the hash of an account that does not exist, so that both take equally long.
NOBODY = HASHER.hash(token_urlsafe(32))


async def hashed(password: str) -> str:
    """The argon2id hash."""
    async with AT_ONCE:
        return await asyncio.to_thread(HASHER.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password has this hash; without a hash the same work is done for nothing."""
    async with AT_ONCE:
        found = await asyncio.to_thread(HASHER.verify, password, password_hash or NOBODY)
    return found and password_hash is not None


async def score(password: str, words: Sequence[str]) -> int:
    """Guessability from 0 (at once) to 4 (hardly ever), with words that stand near the account."""
    judged = await asyncio.to_thread(zxcvbn, password[:JUDGED], list(words))
    return int(judged["score"])


def fresh_password() -> str:
    """A random password to be changed at the first sign-in."""
    return token_urlsafe(18)
