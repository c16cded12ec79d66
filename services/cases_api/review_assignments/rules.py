"""Rules of review assignments: how far one reviewer has come with one file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.kit import errors


class State(StrEnum):
    """Given out, looked into, begun, handed in; or void: withdrawn, with whatever was written kept."""

    ASSIGNED = "assigned"
    OPENED = "opened"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    VOID = "void"


class Reason(StrEnum):
    """Why this reviewer got this file: `named` by whoever assigned it."""

    NAMED = "named"


# The review of an assignment has no state of its own: this is it.
MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "open": {State.ASSIGNED: State.OPENED},
    "save": {State.ASSIGNED: State.DRAFT, State.OPENED: State.DRAFT, State.DRAFT: State.DRAFT},
    "submit": {State.ASSIGNED: State.SUBMITTED, State.OPENED: State.SUBMITTED, State.DRAFT: State.SUBMITTED},
    "reopen": {State.SUBMITTED: State.DRAFT},
    "void": {State.ASSIGNED: State.VOID, State.OPENED: State.VOID, State.DRAFT: State.VOID, State.SUBMITTED: State.VOID},
}


class IllegalMove(errors.Conflict):
    code = "review.illegal_move"
    zh, en = "该评查当前状态不允许此操作。", "The review's state does not allow this."


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()
