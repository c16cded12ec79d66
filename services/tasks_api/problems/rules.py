"""Rules of the problem list. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors
from services.tasks_api.watched_items.rules import Move, Moves


class ProblemKind(StrEnum):
    """The kinds the plan names in task 6 (运动式、一刀切、野蛮、过度、不作为、乱作为); its list is open."""

    CAMPAIGN = "campaign"
    ONE_SIZE_FITS_ALL = "one_size_fits_all"
    ROUGH = "rough"
    EXCESSIVE = "excessive"
    INACTION = "inaction"
    ABUSE = "abuse"
    OTHER = "other"


class Source(StrEnum):
    """Where a problem came to light."""

    COMPLAINT = "complaint"
    REVIEW = "review"
    INSPECTION = "inspection"
    SURVEY = "survey"
    HOTLINE = "hotline"
    SELF_CHECK = "self_check"


class Origin(StrEnum):
    """The record a problem was made from."""

    COMPLAINT = "complaint"
    RECTIFICATION = "rectification"
    INSPECTION = "inspection"
    SURVEY = "survey"


class State(StrEnum):
    """States of a problem; `closed` is struck off the list (销号)."""

    LISTED = "listed"
    RECTIFYING = "rectifying"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    VOID = "void"


class Verb(StrEnum):
    """What may be done to a problem."""

    MEASURE = "measure"
    SUBMIT = "submit"
    RETURN = "return"
    CLOSE = "close"
    REOPEN = "reopen"
    VOID = "void"


MOVES: Final = Moves(
    (
        Move(Verb.MEASURE, State.LISTED, State.RECTIFYING),
        # Measures may be added to while they are carried out.
        Move(Verb.MEASURE, State.RECTIFYING, State.RECTIFYING),
        Move(Verb.SUBMIT, State.RECTIFYING, State.SUBMITTED),
        Move(Verb.RETURN, State.SUBMITTED, State.RECTIFYING),
        Move(Verb.CLOSE, State.SUBMITTED, State.CLOSED),
        Move(Verb.REOPEN, State.CLOSED, State.RECTIFYING),
        Move(Verb.VOID, State.LISTED, State.VOID),
        Move(Verb.VOID, State.RECTIFYING, State.VOID),
    )
)
PAST: Final = {
    Verb.MEASURE: "measured",
    Verb.SUBMIT: "submitted",
    Verb.RETURN: "returned",
    Verb.CLOSE: "closed",
    Verb.REOPEN: "reopened",
    Verb.VOID: "voided",
}
RUNNING: Final = (State.LISTED, State.RECTIFYING)
GREY: Final = (State.VOID,)


class IllegalMove(errors.Conflict):
    code = "problem.illegal_move"
    zh, en = "问题当前状态为 {state}，不能执行 {verb}。", "The problem is {state}; {verb} is not possible."


class SamePerson(errors.Conflict):
    code = "problem.same_person"
    zh, en = "核查销号须由报送整改结果以外的人员进行。", "Whoever handed in the result cannot check it; another person must."


class PlanClosed(errors.Conflict):
    code = "problem.plan_closed"
    zh, en = "该方案未在实施中，不能列入问题。", "The plan is not in force, so no problem enters its list."


class ProblemFacts(Protocol):
    """What is asked of a problem; the row fits as it is."""

    @property
    def state(self) -> str: ...
    @property
    def submitted_by(self) -> UUID | None: ...


def why_not(verb: Verb, problem: ProblemFacts, account_id: UUID) -> errors.DomainError | None:
    """Whether the state allows the verb, and whether the one who checks is another than the one who handed in."""
    if MOVES.target(problem.state, verb) is None:
        return IllegalMove(state=problem.state, verb=verb.value)
    if verb in {Verb.CLOSE, Verb.RETURN} and problem.submitted_by == account_id:
        return SamePerson()
    return None


def why_not_plan(state: str) -> errors.DomainError | None:
    """Problems enter the list of a plan in force only."""
    return None if state == "active" else PlanClosed()


def day_faults(found_on: date, today: date, period: tuple[date, date] | None, due_on: date) -> list[errors.Fault]:
    """A problem is found today or earlier; in a plan's list, within its period, and put right before its end."""
    faults = [errors.Fault("/body/found_on", "day.in_the_future")] if found_on > today else []
    if period is not None and found_on < period[0]:
        faults.append(errors.Fault("/body/found_on", "day.before_plan", {"limit": str(period[0])}))
    if period is not None and due_on > period[1]:
        faults.append(errors.Fault("/body/limit/days", "day.after_plan", {"limit": str(period[1])}))
    return faults


def origin_faults(source: Source, origin: Origin) -> list[errors.Fault]:
    """The record a problem was made from agrees with where it came to light."""
    fits = {
        Origin.COMPLAINT: {Source.COMPLAINT, Source.HOTLINE},
        Origin.RECTIFICATION: {Source.REVIEW},
        Origin.INSPECTION: {Source.INSPECTION},
        Origin.SURVEY: {Source.SURVEY},
    }
    return [] if source in fits[origin] else [errors.Fault("/body/source", "not_allowed")]
