"""Rules of exemptions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import calendar, errors
from services.training_api.officers import rules as officers

ONE_DAY: Final = timedelta(days=1)


class State(StrEnum):
    """Asked for; holding; never held; taken back; held once, and taken back as if it never had."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class Verb(StrEnum):
    """What moves an exemption; `end` gives it a last day and leaves it approved."""

    CHANGE = "change"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    END = "end"
    REVOKE = "revoke"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.CHANGE: {State.PROPOSED: State.PROPOSED},
    Verb.APPROVE: {State.PROPOSED: State.APPROVED},
    Verb.REFUSE: {State.PROPOSED: State.REFUSED},
    Verb.WITHDRAW: {State.PROPOSED: State.WITHDRAWN},
    Verb.END: {State.APPROVED: State.APPROVED},
    Verb.REVOKE: {State.APPROVED: State.REVOKED},
}
LIVE: Final = frozenset({State.PROPOSED, State.APPROVED})


class IllegalMove(errors.Conflict):
    code = "exemption.illegal_move"
    zh, en = "该减免当前状态不允许此操作。", "The exemption's state does not allow this."


class OwnProposal(errors.Forbidden):
    code = "exemption.own_proposal"
    zh, en = "不能审批本人提出的减免。", "Nobody decides on an exemption proposed by oneself."


class Overlapping(errors.Conflict):
    code = "exemption.overlapping"
    zh, en = "该人员在此期间已有减免。", "The officer has an exemption in this period already."


class NotShorter(errors.Conflict):
    code = "exemption.not_shorter"
    zh, en = "结束日期须早于现有结束日期。", "An exemption can only be ended earlier than it ends now."


class ExemptionFacts(Protocol):
    """What a rule may know of an exemption; the row fits as it is."""

    @property
    def state(self) -> str: ...
    @property
    def from_on(self) -> date: ...
    @property
    def to_on(self) -> date | None: ...
    @property
    def proposed_by(self) -> UUID: ...


class ReasonFacts(Protocol):
    """What a rule may know of a reason as it is configured on the first day asked for."""

    @property
    def minimum_months(self) -> int: ...
    @property
    def needs_evidence(self) -> bool: ...
    @property
    def until_certified(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day; without a last day until further notice."""

    from_on: date
    to_on: date | None = None

    def meets(self, other: Period) -> bool:
        """Whether both share a day."""
        return (self.to_on is None or other.from_on <= self.to_on) and (other.to_on is None or self.from_on <= other.to_on)


def why_not(verb: Verb, exemption: ExemptionFacts) -> errors.DomainError | None:
    """The exemption's state must allow the verb."""
    return None if State(exemption.state) in MOVES[verb] else IllegalMove()


def why_not_decide(verb: Verb, exemption: ExemptionFacts, by: UUID) -> errors.DomainError | None:
    """Approved and refused by somebody else than who proposed (four eyes)."""
    return why_not(verb, exemption) or (OwnProposal() if exemption.proposed_by == by else None)


def why_not_end(exemption: ExemptionFacts, on: date) -> errors.DomainError | None:
    """An approved exemption ends earlier, never later; what never held is revoked instead."""
    if (refusal := why_not(Verb.END, exemption)) is not None:
        return refusal
    return NotShorter() if exemption.to_on is not None and on >= exemption.to_on else None


def why_not_beside(wanted: Period, others: Sequence[Period]) -> errors.DomainError | None:
    """An officer has one exemption at a time, proposed or approved."""
    return Overlapping() if any(wanted.meets(other) for other in others) else None


def faults_of_period(
    wanted: Period, reason: ReasonFacts | None, timeline: officers.Timeline, first_certified_on: date | None = None
) -> list[errors.Fault]:
    """The period lasts long enough for its reason and begins in service as a regular officer, who alone owes hours."""
    faults = [fault_of_length(wanted, reason, "/body/to_on")]
    spell = next((spell for spell in timeline if is_within(wanted.from_on, spell)), None)
    if reason is None:
        faults.append(errors.Fault("/body/reason", "exemption.unknown_reason"))
    if spell is None:
        faults.append(errors.Fault("/body/from_on", "hours.not_in_service"))
    elif spell.kind is not officers.OfficerKind.OFFICER:
        faults.append(errors.Fault("/body/officer_id", "exemption.owes_nothing"))
    if reason is not None and reason.until_certified:
        faults.append(_fault_of_certificate(wanted, first_certified_on))
    return [fault for fault in faults if fault is not None]


def is_within(day: date, spell: officers.Spell) -> bool:
    """Whether a day lies in a spell of service."""
    return spell.from_on <= day and (spell.to_on is None or day <= spell.to_on)


def fault_of_length(wanted: Period, reason: ReasonFacts | None, pointer: str) -> errors.Fault | None:
    """The last day lies behind the first, and the reason's months lie between them."""
    if wanted.to_on is None:
        return None
    if wanted.to_on < wanted.from_on:
        return errors.Fault(pointer, "exemption.ends_before_start")
    if reason is not None and wanted.to_on < calendar.months_later(wanted.from_on, reason.minimum_months) - ONE_DAY:
        return errors.Fault(pointer, "exemption.too_short", {"limit": reason.minimum_months})
    return None


def _fault_of_certificate(wanted: Period, first_certified_on: date | None) -> errors.Fault | None:
    """Who is newly certified is exempt until the day before the first certificate."""
    if first_certified_on is None:
        return errors.Fault("/body/reason", "exemption.no_certificate")
    if wanted.to_on != first_certified_on - ONE_DAY:
        return errors.Fault("/body/to_on", "exemption.not_until_certified")
    return None
