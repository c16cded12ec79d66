"""Rules of grants to townships. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol

from services.kit import errors

TOWNSHIP_KINDS: Final = frozenset({"subdistrict", "town", "township"})


class Period(Protocol):
    """First and last day; without a last day it goes on."""

    @property
    def from_on(self) -> date: ...
    @property
    def to_on(self) -> date | None: ...


class Overlap(errors.Conflict):
    code = "township_grant.overlap"
    zh, en = (
        "该部门对该乡镇（街道）的赋权在此期间已登记。",
        "A grant of this department to this township covers that time.",
    )


def fault_of_period(from_on: date, to_on: date | None) -> errors.Fault | None:
    """A grant does not end before it begins."""
    return errors.Fault("/body/to_on", "township_grant.ends_early") if to_on is not None and to_on < from_on else None


def why_not_add(wanted: Period, others: Iterable[Period]) -> errors.DomainError | None:
    """Grants of one department to one township do not overlap in time."""
    return Overlap() if any(_meet(wanted, other) for other in others) else None


def _meet(one: Period, other: Period) -> bool:
    starts_before = other.to_on is None or one.from_on <= other.to_on
    return starts_before and (one.to_on is None or other.from_on <= one.to_on)
