"""Rules of the pool. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors


class Qualification(StrEnum):
    """法律职业资格, 公职律师, 公司律师, 法律顾问, or none yet."""

    LEGAL_PROFESSIONAL = "legal_professional"
    PUBLIC_LAWYER = "public_lawyer"
    COMPANY_LAWYER = "company_lawyer"
    COUNSEL = "counsel"
    NONE = "none"


class State(StrEnum):
    """Proposed by a unit, in the pool, or out of it."""

    PROPOSED = "proposed"
    LISTED = "listed"
    REMOVED = "removed"


class Verb(StrEnum):
    """What moves a member of the pool."""

    CHANGE = "change"
    ADMIT = "admit"
    REMOVE = "remove"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.CHANGE: {State.PROPOSED: State.PROPOSED, State.LISTED: State.LISTED},
    Verb.ADMIT: {State.PROPOSED: State.LISTED},
    Verb.REMOVE: {State.PROPOSED: State.REMOVED, State.LISTED: State.REMOVED},
}


class IllegalMove(errors.Conflict):
    code = "legal_reviewer.illegal_move"
    zh, en = "该人员当前状态不允许此操作。", "The reviewer's state does not allow this."


class InPoolAlready(errors.Conflict):
    code = "legal_reviewer.in_pool_already"
    zh, en = "该人员或账号已在人才库中。", "This person or account is in the pool already."


class ReviewerFacts(Protocol):
    """What a rule may know of a member; the row fits as it is."""

    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody cannot be asked; without a last day until further notice."""

    from_on: date
    to_on: date | None = None


def why_not(verb: Verb, reviewer: ReviewerFacts) -> errors.DomainError | None:
    """The member's state must allow the verb."""
    return None if State(reviewer.state) in MOVES[verb] else IllegalMove()


def faults_of_absences(absences: Sequence[Absence]) -> list[errors.Fault]:
    """Each ends after it begins, and no two of them share a day."""
    faults = []
    for place, one in enumerate(absences):
        if one.to_on is not None and one.to_on < one.from_on:
            faults.append(errors.Fault(f"/body/absences/{place}/to_on", "exemption.ends_before_start"))
        if any(_meet(one, other) for other in absences[:place]):
            faults.append(errors.Fault(f"/body/absences/{place}", "repeated"))
    return faults


def _meet(one: Absence, other: Absence) -> bool:
    return (one.to_on is None or other.from_on <= one.to_on) and (other.to_on is None or one.from_on <= other.to_on)
