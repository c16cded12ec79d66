"""Checks that several kinds share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from services.kit.errors import Fault

# A run of digits this long is an identity, telephone or account number and has no place in a published text.
LONGEST_RUN = 7


def faults_of_order(*days: tuple[str, date | None]) -> Sequence[Fault]:
    """Days that must follow each other as listed; equal days may. Those not given are passed over."""
    found: list[Fault] = []
    latest: date | None = None
    for name, day in days:
        if day is None:
            continue
        if latest is not None and day < latest:
            found.append(Fault(f"/body/{name}", "record.out_of_order"))
        latest = max(day, latest) if latest else day
    return found


def faults_of_future(today: date, *days: tuple[str, date | None]) -> Sequence[Fault]:
    """Facts do not lie in the future."""
    return [Fault(f"/body/{name}", "day.in_the_future") for name, day in days if day is not None and day > today]


def faults_of_numbers(*texts: tuple[str, str | None]) -> Sequence[Fault]:
    """Published texts hold no number that could tell a person (处罚法 art. 48, 50; PIPL art. 28)."""
    return [Fault(f"/body/{name}", "record.tells_identity") for name, text in texts if text and _longest(text) > LONGEST_RUN]


def faults_of_missing(when: bool, values: Iterable[tuple[str, object]]) -> Sequence[Fault]:
    """Facts that another fact makes necessary."""
    return [Fault(f"/body/{name}", "missing") for name, value in values if when and value is None]


def _longest(text: str) -> int:
    longest = run = 0
    for sign in text:
        run = run + 1 if sign.isdigit() else 0
        longest = max(longest, run)
    return longest
