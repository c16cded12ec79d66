"""Rules about closing a year. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from services.kit import errors


class State(StrEnum):
    """A year is open until the bureau closes it; opened again, it takes entries as before."""

    OPEN = "open"
    CLOSED = "closed"


class Verb(StrEnum):
    """Closing (关账) and opening again (重新开放)."""

    CLOSE = "close"
    REOPEN = "reopen"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.CLOSE: {State.OPEN: State.CLOSED},
    Verb.REOPEN: {State.CLOSED: State.OPEN},
}


class Closed(errors.Conflict):
    code = "hours.year_closed"
    zh, en = "该年度学时已关账，须由区司法局办理。", "The hours of that year are closed; only the bureau can still change them."


class NotOver(errors.Conflict):
    code = "hour_year.not_over"
    zh, en = "该年度尚未结束，不能关账。", "The year is not over yet and cannot be closed."


class IllegalMove(errors.Conflict):
    code = "hour_year.illegal_move"
    zh, en = "该年度当前状态不允许此操作。", "Not possible for the year as it stands."


def why_not_move(verb: Verb, state: State, year: int, this_year: int) -> errors.DomainError | None:
    """A year is closed when it is over, and once."""
    if state not in MOVES[verb]:
        return IllegalMove()
    return NotOver() if verb is Verb.CLOSE and year >= this_year else None


def why_not_touch(closed: Collection[int], year: int) -> errors.DomainError | None:
    """What is closed is not touched by the way."""
    return Closed() if year in closed else None
