"""Rules of document numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors


class State(StrEnum):
    """A number is kept for a document, used by one, or void; a void number is never given again."""

    RESERVED = "reserved"
    USED = "used"
    VOID = "void"


# A document may be withdrawn and its number with it; the document stays in the file.
MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "use": {State.RESERVED: State.USED},
    "void": {State.RESERVED: State.VOID, State.USED: State.VOID},
}


class NumberIsVoid(errors.Conflict):
    code = "document_number.void"
    zh, en = "该文号已作废。", "This number is void."


class NumberFacts(Protocol):
    """What a rule may know of a number; the row fits as it is."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def type(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def case_file_id(self) -> UUID | None: ...


def why_not_void(number: NumberFacts) -> errors.DomainError | None:
    """A number is voided once."""
    return NumberIsVoid() if State(number.state) not in MOVES["void"] else None


def faults_of_use(number: NumberFacts | None, unit_id: UUID, type_: str, case_file_id: UUID) -> list[errors.Fault]:
    """A reserved number of the unit and type; or the one that an earlier version in the same file has."""
    at = "/body/number_id"
    if number is None or number.unit_id != unit_id:
        return [errors.Fault(at, "not_found")]
    if number.type != type_:
        return [errors.Fault(at, "document_number.other_series")]
    mine = number.state == State.USED and number.case_file_id == case_file_id
    return [] if mine or number.state == State.RESERVED else [errors.Fault(at, "document_number.not_reserved")]
