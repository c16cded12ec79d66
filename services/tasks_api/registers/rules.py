"""Checks that several kinds share. Each answers faults with pointers into the body. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Protocol

from stdnum.cn import uscc

from services.kit.errors import Fault

TOWNSHIP_KINDS: Final = frozenset({"subdistrict", "town", "township"})
# Captain, deputies, members of the model that the plan spreads (task 12).
MODEL_TEAM: Final = (1, 2, 6)
# A run of digits this long is an identity, telephone or account number and has no place in a register.
LONGEST_RUN: Final = 7


class UnitFacts(Protocol):
    """What is asked of the unit a record is of."""

    @property
    def kind(self) -> str: ...


def faults_of_order(*days: tuple[str, date | None]) -> Sequence[Fault]:
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


def faults_of_future(today: date, *days: tuple[str, date | None]) -> Sequence[Fault]:
    """What has happened does not lie ahead."""
    return [Fault(f"/body/{name}", "day.in_the_future") for name, day in days if day is not None and day > today]


def faults_of_missing(when: bool, values: Iterable[tuple[str, object]]) -> Sequence[Fault]:
    """Facts that another fact makes necessary."""
    return [Fault(f"/body/{name}", "missing") for name, value in values if when and value is None]


def faults_of_part(name: str, part: int | None, whole: int | None) -> Sequence[Fault]:
    """A part is no more than its whole, where both are given."""
    if part is None or whole is None or part <= whole:
        return []
    return [Fault(f"/body/{name}", "too_great", {"limit": whole})]


def faults_of_township(unit: UnitFacts) -> Sequence[Fault]:
    """Such a record is of a township or subdistrict."""
    return [] if unit.kind in TOWNSHIP_KINDS else [Fault("/body/unit_id", "record.not_a_township")]


def faults_of_team(team: tuple[int, int, int], variant: str | None) -> Sequence[Fault]:
    """A team made up otherwise than the model says why (plan task 12: 结合实际、因地制宜)."""
    return faults_of_missing(team != MODEL_TEAM, [("variant", variant)])


def faults_of_credit_code(name: str, code: str | None) -> Sequence[Fault]:
    """A unified social credit code has its check sign (GB 32100-2015)."""
    return [Fault(f"/body/{name}", "wrong_format")] if code is not None and not uscc.is_valid(code) else []


def faults_of_numbers(*texts: tuple[str, str | None]) -> Sequence[Fault]:
    """Texts hold no number that could tell a person."""
    return [Fault(f"/body/{name}", "record.tells_identity") for name, text in texts if text and _longest_run(text) > LONGEST_RUN]


def _longest_run(text: str) -> int:
    longest = run = 0
    for sign in text:
        run = run + 1 if sign.isdigit() else 0
        longest = max(longest, run)
    return longest
