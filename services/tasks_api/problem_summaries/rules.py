"""Rules of problem summaries. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors
from services.kit.principal import Principal, Role


class Scope(StrEnum):
    """Whose summary: a unit's, sent to the bureau; or the district's roll-up, sent to the government."""

    UNIT = "unit"
    DISTRICT = "district"


class State(StrEnum):
    """States of a summary."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class Verb(StrEnum):
    """What may be done to a summary."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"


# verb: (state before, state after)
MOVES: Final = {
    Verb.CHANGE: (State.DRAFT, State.DRAFT),
    Verb.SUBMIT: (State.DRAFT, State.SUBMITTED),
    Verb.RETURN: (State.SUBMITTED, State.DRAFT),
    Verb.APPROVE: (State.SUBMITTED, State.APPROVED),
}
PAST: Final = {Verb.CHANGE: "changed", Verb.SUBMIT: "submitted", Verb.RETURN: "returned", Verb.APPROVE: "approved"}
DECIDING: Final = frozenset({Verb.RETURN, Verb.APPROVE})
# Who decides on what was handed in.
DECIDER: Final = {Scope.UNIT: Role.BUREAU, Scope.DISTRICT: Role.GOVERNMENT}


class IllegalMove(errors.Conflict):
    code = "problem_summary.illegal_move"
    zh, en = "总结当前状态为 {state}，不能执行 {verb}。", "The summary is {state}; {verb} is not possible."


class SamePerson(errors.Conflict):
    code = "problem_summary.same_person"
    zh, en = "不能审定本人报送的总结。", "Nobody decides on a summary of his own."


class SummaryFacts(Protocol):
    """What is asked of a summary; the row fits as it is."""

    @property
    def state(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def submitted_by(self) -> UUID | None: ...


def why_not(verb: Verb, summary: SummaryFacts, who: Principal) -> errors.DomainError | None:
    """A unit's summary is written by its people and decided by the bureau, the roll-up by the bureau and the government."""
    if not may(verb, Scope(summary.scope), who.roles):
        return errors.Forbidden()
    if summary.state != MOVES[verb][0]:
        return IllegalMove(state=summary.state, verb=verb.value)
    return SamePerson() if verb in DECIDING and summary.submitted_by == who.account_id else None


def may(verb: Verb, scope: Scope, roles: frozenset[Role]) -> bool:
    """Whether roles fit scope and verb."""
    if verb in DECIDING:
        return DECIDER[scope] in roles
    return Role.BUREAU in roles if scope is Scope.DISTRICT else True


def period_faults(start: date, end: date, plan: tuple[date, date] | None, today: date) -> list[errors.Fault]:
    """A period runs forwards, has begun, and lies within the plan it belongs to."""
    if end < start:
        return [errors.Fault("/body/period_end", "period.ends_before_start")]
    faults = [errors.Fault("/body/period_start", "day.in_the_future")] if start > today else []
    if plan is not None and start < plan[0]:
        faults.append(errors.Fault("/body/period_start", "day.before_plan", {"limit": str(plan[0])}))
    if plan is not None and end > plan[1]:
        faults.append(errors.Fault("/body/period_end", "day.after_plan", {"limit": str(plan[1])}))
    return faults
