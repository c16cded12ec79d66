"""Rules of case numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Final, Protocol
from uuid import UUID

from services.cases_api.kinds import CaseKind
from services.kit import errors


class State(StrEnum):
    """A number is kept for a case, used by one, or void; a void number is never given again."""

    RESERVED = "reserved"
    USED = "used"
    VOID = "void"


# A used number is voided only together with its case file.
MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "use": {State.RESERVED: State.USED},
    "void": {State.RESERVED: State.VOID, State.USED: State.VOID},
}


class NumberInUse(errors.Conflict):
    code = "case_number.in_use"
    zh, en = "该案号已用于案卷，只能随案卷一并作废。", "A case file uses this number; it can be voided only with the file."


class NumberIsVoid(errors.Conflict):
    code = "case_number.void"
    zh, en = "该案号已作废。", "This number is void."


class NumberFacts(Protocol):
    """What a rule may know of a number; the row fits as it is."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """How far a series has come: all up to `last` are given, and those `ahead`, which files of past years brought."""

    last: int
    ahead: frozenset[int] = frozenset()


def given(counter: Counter, wanted: Sequence[int | None]) -> tuple[list[int], Counter]:
    """A place in the series for each number wanted, and the counter behind them.

    What a number tells of its own place holds while that place is free. Every other gets the first free one, so the series
    has neither gap nor double, whatever is taken ahead.
    """
    last, ahead = counter.last, set(counter.ahead)
    found = list(wanted)
    for turn, place in enumerate(wanted):
        if place is not None and (place <= last or place in ahead):
            found[turn] = None
        elif place is not None:
            ahead.add(place)
    free = (place for place in count(last + 1) if place not in ahead)
    places = [next(free) if place is None else place for place in found]
    ahead |= set(places)
    while last + 1 in ahead:
        last += 1
    return places, Counter(last, frozenset(place for place in ahead if place > last))


def why_not_void(number: NumberFacts) -> errors.DomainError | None:
    """Only a number that no case file uses can be voided by itself."""
    if number.state == State.USED:
        return NumberInUse()
    return NumberIsVoid() if number.state == State.VOID else None


def fault_of_use(number: NumberFacts | None, unit_id: UUID, kind: CaseKind, year: int, pointer: str) -> errors.Fault | None:
    """Why this reserved number cannot become the number of a case of this unit, kind and year of filing."""
    if number is None or number.unit_id != unit_id:
        return errors.Fault(pointer, "not_found")
    if number.state != State.RESERVED:
        return errors.Fault(pointer, "case_number.not_reserved")
    if (number.kind, number.year) != (kind, year):
        return errors.Fault(pointer, "case_number.other_series")
    return None


def demanded_reason(*given: str | None) -> str:
    """The first reason given, in the body or as `X-Change-Reason`; BadInput when there is none."""
    for reason in given:
        if reason:
            return reason
    raise errors.BadInput(errors.Fault("/body/reason", "missing"))
