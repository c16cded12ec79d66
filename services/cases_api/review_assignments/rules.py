"""Rules of review assignments: how far one reviewer has come with one file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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
    """Why this reviewer got this file: `named` by whoever assigned it, `solved` by rule, or `stand_in` for another."""

    NAMED = "named"
    SOLVED = "solved"
    STAND_IN = "stand_in"


class Ended(StrEnum):
    """How an assignment came to be void."""

    DECLINED = "declined"
    RECUSED = "recused"
    CONFLICT = "conflict"
    REASSIGNED = "reassigned"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


# The review of an assignment has no state of its own: this is it.
MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "open": {State.ASSIGNED: State.OPENED},
    "save": {State.ASSIGNED: State.DRAFT, State.OPENED: State.DRAFT, State.DRAFT: State.DRAFT},
    "submit": {State.ASSIGNED: State.SUBMITTED, State.OPENED: State.SUBMITTED, State.DRAFT: State.SUBMITTED},
    "reopen": {State.SUBMITTED: State.DRAFT},
    "accept": {State.ASSIGNED: State.ASSIGNED},
    "decline": {State.ASSIGNED: State.VOID, State.OPENED: State.VOID},
    # Also after handing in: a conflict seen late is still one.
    "recuse": {state: State.VOID for state in State if state is not State.VOID},
    "reassign": {State.ASSIGNED: State.VOID, State.OPENED: State.VOID, State.DRAFT: State.VOID},
    "void": {State.ASSIGNED: State.VOID, State.OPENED: State.VOID, State.DRAFT: State.VOID, State.SUBMITTED: State.VOID},
}


class IllegalMove(errors.Conflict):
    code = "review.illegal_move"
    zh, en = "该评查当前状态不允许此操作。", "The review's state does not allow this."


class RoundOver(errors.Conflict):
    code = "review_assignment.round_over"
    zh, en = "本轮已公布或结束，不能再变更分派。", "The round is published or over, so its assignments no longer change."


class Leased(errors.Conflict):
    code = "review_assignment.leased"
    zh, en = (
        "评查人正在评查该案卷，时限未到，不能改派。",
        "Somebody is at work on the file until the lease ends.",
    )


def why_not_take_away(leased_until: datetime | None, now: datetime) -> errors.DomainError | None:
    """Nobody takes a file away while its lease runs."""
    return Leased() if leased_until is not None and now < leased_until else None


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()
