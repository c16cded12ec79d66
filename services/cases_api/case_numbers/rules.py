"""Rules of case numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
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
