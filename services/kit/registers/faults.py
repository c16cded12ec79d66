"""Checks of facts that kinds of several services share. Each answers faults with pointers into the body. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Protocol

from services.kit.errors import Fault

# A run of digits this long is an identity, telephone or account number and has no place in a register.
LONGEST_RUN: Final = 7
TOWNSHIP_KINDS: Final = frozenset({"subdistrict", "town", "township"})


class UnitFacts(Protocol):
    """What is asked of the unit a record is of."""

    @property
    def kind(self) -> str: ...


def of_order(*days: tuple[str, date | None]) -> Sequence[Fault]:
    """Days that follow each other as listed; equal days may, those not given are passed over."""
    found: list[Fault] = []
    latest: date | None = None
    for name, day in days:
        if day is None:
            continue
        if latest is not None and day < latest:
            found.append(Fault(f"/body/{name}", "record.out_of_order"))
        latest = day if latest is None else max(latest, day)
    return found


def of_future(today: date, *days: tuple[str, date | None]) -> Sequence[Fault]:
    """What has happened does not lie ahead."""
    return [Fault(f"/body/{name}", "day.in_the_future") for name, day in days if day is not None and day > today]


def of_missing(when: bool, values: Iterable[tuple[str, object]]) -> Sequence[Fault]:
    """Facts that another fact makes necessary."""
    return [Fault(f"/body/{name}", "missing") for name, value in values if when and value is None]


def of_numbers(*texts: tuple[str, str | None]) -> Sequence[Fault]:
    """Texts hold no number that could tell a person (处罚法 art. 48, 50; PIPL art. 28)."""
    return [Fault(f"/body/{name}", "record.tells_identity") for name, text in texts if text and _longest_run(text) > LONGEST_RUN]


def of_township(unit: UnitFacts) -> Sequence[Fault]:
    """Such a record is of a township or subdistrict."""
    return [] if unit.kind in TOWNSHIP_KINDS else [Fault("/body/unit_id", "record.not_a_township")]


def _longest_run(text: str) -> int:
    longest = run = 0
    for sign in text:
        run = run + 1 if sign.isdigit() else 0
        longest = max(longest, run)
    return longest
