"""Rules of assignments: the one table of moves, when the clock stops, lamps and late days. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from services.kit import errors


class State(StrEnum):
    """States of an assignment (任务交办), from issue (下达) to approval (办结)."""

    ISSUED = "issued"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    VOID = "void"


class Verb(StrEnum):
    """What may be done to an assignment."""

    SIGN = "sign"
    START = "start"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    SUSPEND = "suspend"
    RESUME = "resume"
    VOID = "void"
    REASSIGN = "reassign"


class Lamp(StrEnum):
    """The lamp (亮灯): computed when read, never stored."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Move(NamedTuple):
    """One arrow of the diagram."""

    verb: Verb
    before: State
    after: State


# The clock runs in these states; in all others it stands still.
RUNNING: Final = (State.ISSUED, State.SIGNED, State.IN_PROGRESS)
UNFINISHED: Final = (*RUNNING, State.SUBMITTED, State.SUSPENDED)

MOVES: Final[tuple[Move, ...]] = (
    Move(Verb.SIGN, State.ISSUED, State.SIGNED),
    Move(Verb.START, State.SIGNED, State.IN_PROGRESS),
    Move(Verb.SUBMIT, State.IN_PROGRESS, State.SUBMITTED),
    Move(Verb.RETURN, State.SUBMITTED, State.IN_PROGRESS),
    Move(Verb.APPROVE, State.SUBMITTED, State.APPROVED),
    *(Move(Verb.SUSPEND, state, State.SUSPENDED) for state in RUNNING),
    # A resumed assignment goes on where it was suspended.
    *(Move(Verb.RESUME, State.SUSPENDED, state) for state in RUNNING),
    *(Move(Verb.VOID, state, State.VOID) for state in UNFINISHED),
    # Whoever takes it over signs anew.
    *(Move(Verb.REASSIGN, state, State.ISSUED) for state in RUNNING),
)

# How the moves are told in the feed and the audit trail; `issued` is told at activation.
PAST: Final = {
    Verb.SIGN: "signed",
    Verb.START: "started",
    Verb.SUBMIT: "submitted",
    Verb.RETURN: "returned",
    Verb.APPROVE: "approved",
    Verb.SUSPEND: "suspended",
    Verb.RESUME: "resumed",
    Verb.VOID: "voided",
    Verb.REASSIGN: "reassigned",
}
ISSUE: Final = "issue"
# A date moved by an approved request is an entry of the history too, though no state changes.
EXTEND: Final = "extend"
# So is a date that a new version of the plan moved.
REPLAN: Final = "replan"
# What the bureau decides, and for a part of an assignment the unit that gave it on.
ISSUERS: Final = frozenset({Verb.RETURN, Verb.APPROVE, Verb.SUSPEND, Verb.RESUME, Verb.VOID, Verb.REASSIGN})
# What is done to an assignment is done to its parts as well.
HANDED_DOWN: Final = frozenset({Verb.SUSPEND, Verb.RESUME, Verb.VOID})


class AssignmentFacts(Protocol):
    """What rules may know of an assignment; the row fits as it is."""

    @property
    def state(self) -> str: ...
    @property
    def state_before(self) -> str | None: ...
    @property
    def reported_at(self) -> datetime | None: ...


class IllegalMove(errors.Conflict):
    code = "assignment.illegal_move"
    zh, en = "任务当前状态为 {state}，不能执行 {verb}。", "The assignment is {state}; {verb} is not possible."


class NothingReported(errors.Conflict):
    code = "assignment.nothing_reported"
    zh, en = (
        "下达或退回后尚无进展填报，不能报送。",
        "No progress report since the assignment was issued or returned; it cannot be submitted.",
    )


class AlreadyOwed(errors.Conflict):
    code = "assignment.already_owed"
    zh, en = "该单位已承担同一任务，不能再转交给它。", "The unit already has this task; it cannot be given to it again."


class PartsOpen(errors.Conflict):
    code = "assignment.parts_open"
    zh, en = "尚有 {count} 项分解任务未办结，不能报送。", "{count} delegated parts are not finished; it cannot be submitted."


def why_not_hand_in(open_parts: int) -> errors.DomainError | None:
    """Work is handed in once every part given on is approved or void."""
    return PartsOpen(count=open_parts) if open_parts else None


def sources(verb: Verb) -> tuple[State, ...]:
    """The states a verb is possible in."""
    return tuple(dict.fromkeys(move.before for move in MOVES if move.verb is verb))


def target(assignment: AssignmentFacts, verb: Verb) -> State | None:
    """The state after the verb, or None where it is not possible. Resuming leads back to the state before."""
    after = [move.after for move in MOVES if move.verb is verb and move.before == assignment.state]
    if len(after) > 1:
        return next(state for state in after if state == assignment.state_before)
    return after[0] if after else None


def why_not(verb: Verb, assignment: AssignmentFacts) -> errors.DomainError | None:
    """Whether the state allows the verb; work is handed in with a progress report since it was issued or returned."""
    if target(assignment, verb) is None:
        return IllegalMove(state=assignment.state, verb=verb.value)
    return NothingReported() if verb is Verb.SUBMIT and assignment.reported_at is None else None


def clock_end(state: State, stopped_on: date | None, today: date) -> date | None:
    """The day the clock stopped after a move made today: kept while it stands still, None while it runs."""
    return None if state in RUNNING else stopped_on or today


def due_after_pause(due_on: date | None, stopped_on: date, today: date) -> tuple[date | None, int]:
    """The due date and the calendar days given back when an assignment suspended on a day is resumed today."""
    pause = max(today - stopped_on, timedelta(0))
    return (None if due_on is None else due_on + pause), pause.days


def due_after_change(planned: date | None, suspended_days: int) -> date | None:
    """The date after a new version of the plan asked for another: days given back after pauses are given back again."""
    return None if planned is None else planned + timedelta(suspended_days)


def is_late(due_on: date | None, stopped_on: date | None, today: date) -> bool:
    """Whether the due date had passed when the clock stopped, or has passed today."""
    return due_on is not None and (stopped_on or today) > due_on


def late_days(due_on: date | None, stopped_on: date | None, today: date, between: Callable[[date, date], int]) -> int:
    """Working days after the due date up to the day the clock stopped, or today; 0 without a due date or in time.

    `between` counts working days after one day up to and including another (`kit.calendar.Calendar.between`).
    """
    return between(due_on, stopped_on or today) if due_on is not None and is_late(due_on, stopped_on, today) else 0


def lamp(state: str, due_on: date | None, stopped_on: date | None, today: date, soon_before: date) -> Lamp:
    """Grey while suspended or void; red when late; yellow while running and due before `soon_before`; else green."""
    if state in {State.SUSPENDED, State.VOID}:
        return Lamp.GREY
    if is_late(due_on, stopped_on, today):
        return Lamp.RED
    is_soon = due_on is not None and stopped_on is None and due_on < soon_before
    return Lamp.YELLOW if is_soon else Lamp.GREEN


def diagram() -> str:
    """The moves as a state diagram in the notation of Mermaid."""
    ends = [("[*]", State.ISSUED, f": {ISSUE}"), (State.APPROVED, "[*]", ""), (State.VOID, "[*]", "")]
    arrows = ends[:1] + [(move.before, move.after, f": {move.verb}") for move in MOVES] + ends[1:]
    return "stateDiagram-v2\n" + "".join(f"    {before} --> {after}{label}\n" for before, after, label in arrows)
