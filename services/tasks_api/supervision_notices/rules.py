"""Rules of supervision notices. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from services.kit import errors


class Kind(StrEnum):
    """A notice (督办函) wants a reply; a circular (通报) is for everybody to know."""

    NOTICE = "notice"
    CIRCULAR = "circular"


class State(StrEnum):
    """States of a notice."""

    ISSUED = "issued"
    REPLIED = "replied"
    CLOSED = "closed"
    VOID = "void"


class Verb(StrEnum):
    """What may be done to a notice."""

    REPLY = "reply"
    RETURN = "return"
    CLOSE = "close"
    VOID = "void"


class Move(NamedTuple):
    """One arrow."""

    verb: Verb
    before: State
    after: State


MOVES: Final = (
    Move(Verb.REPLY, State.ISSUED, State.REPLIED),
    Move(Verb.RETURN, State.REPLIED, State.ISSUED),
    Move(Verb.CLOSE, State.REPLIED, State.CLOSED),
    Move(Verb.VOID, State.ISSUED, State.VOID),
    Move(Verb.VOID, State.REPLIED, State.VOID),
)
PAST: Final = {Verb.REPLY: "replied", Verb.RETURN: "returned", Verb.CLOSE: "closed", Verb.VOID: "voided"}


class IllegalMove(errors.Conflict):
    code = "supervision_notice.illegal_move"
    zh, en = "督办函当前状态为 {state}，不能执行 {verb}。", "The notice is {state}; {verb} is not possible."


class NoReplyWanted(errors.Conflict):
    code = "supervision_notice.no_reply_wanted"
    zh, en = "通报不需要答复。", "A circular wants no reply."


class Suspended(errors.Conflict):
    code = "supervision_notice.suspended"
    zh, en = "所列任务有中止的，中止期间不督办。", "One of the assignments is suspended; it is not pressed for meanwhile."


def sources(verb: Verb) -> tuple[State, ...]:
    """The states a verb is possible in."""
    return tuple(move.before for move in MOVES if move.verb is verb)


def target(state: str, verb: Verb) -> State | None:
    """The state after the verb, or None where it is not possible."""
    return next((move.after for move in MOVES if move.verb is verb and move.before == state), None)


def why_not(verb: Verb, kind: str, state: str) -> errors.DomainError | None:
    """Whether kind and state allow the verb."""
    if kind == Kind.CIRCULAR and verb is not Verb.VOID:
        return NoReplyWanted()
    return IllegalMove(state=state, verb=verb.value) if target(state, verb) is None else None


def why_not_press(states: Iterable[str]) -> errors.DomainError | None:
    """What is suspended is not pressed for."""
    return Suspended() if "suspended" in set(states) else None


def number(prefix: str, year: int, sequence: int) -> str:
    """Prefix〔year〕sequence号, the sequence without leading zeros (GB/T 9704-2012)."""
    return f"{prefix}〔{year}〕{sequence}号"


def day_faults(kind: Kind, reply_due_on: date | None, today: date) -> list[errors.Fault]:
    """A notice names a day for the reply that lies ahead; a circular names none."""
    pointer = "/body/reply_due_on"
    if kind is Kind.CIRCULAR:
        return [errors.Fault(pointer, "not_allowed")] if reply_due_on else []
    if reply_due_on is None:
        return [errors.Fault(pointer, "missing")]
    return [errors.Fault(pointer, "day.not_later", {"limit": str(today)})] if reply_due_on <= today else []
