"""States of a case file and the moves between them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from services.kit import errors


class State(StrEnum):
    """Where a case file stands; closed and archived ones are locked, a void one is kept for ever."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"
    ARCHIVED = "archived"
    VOID = "void"


class Verb(StrEnum):
    """What moves a case file."""

    DECIDE = "decide"
    CLOSE = "close"
    ARCHIVE = "archive"
    VOID = "void"
    REOPEN = "reopen"


# A case may be closed without a decision (transferred, withdrawn, an inspection without findings).
MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.DECIDE: {State.OPEN: State.DECIDED},
    Verb.CLOSE: {State.OPEN: State.CLOSED, State.DECIDED: State.CLOSED},
    Verb.ARCHIVE: {State.CLOSED: State.ARCHIVED},
    Verb.VOID: {State.OPEN: State.VOID, State.DECIDED: State.VOID},
    Verb.REOPEN: {State.CLOSED: State.OPEN, State.ARCHIVED: State.OPEN},
}
CHANGEABLE: Final = frozenset({State.OPEN, State.DECIDED})
# First row of each file's history.
CREATED: Final = "create"


class IllegalMove(errors.Conflict):
    code = "case_file.illegal_move"
    zh, en = "案卷当前状态不允许此操作。", "The case file's state does not allow this."


class Locked(errors.Conflict):
    code = "case_file.locked"
    zh, en = "案卷已结案、归档或作废，不能修改。", "The case file is closed, archived or void and cannot be changed."


class GoesBack(errors.Conflict):
    code = "case_file.goes_back"
    zh, en = (
        "导入内容缺少案卷已有的决定日期；撤回决定须另行办理。",
        "The import lacks the day of the decision that the file already has.",
    )


class StateFacts(Protocol):
    """What a rule may know of a file's state; the row fits as it is."""

    @property
    def state(self) -> str: ...


class Days(Protocol):
    """The days that carry a file through its states."""

    @property
    def filed_on(self) -> date: ...
    @property
    def decided_on(self) -> date | None: ...
    @property
    def closed_on(self) -> date | None: ...
    @property
    def archived_on(self) -> date | None: ...


class Move(NamedTuple):
    """One move, with the day it took effect."""

    verb: Verb
    start: State
    end: State
    on: date


def why_not(verb: Verb, file: StateFacts) -> errors.DomainError | None:
    """The file's state must allow the verb."""
    return None if State(file.state) in MOVES[verb] else IllegalMove()


def why_not_change(file: StateFacts) -> errors.DomainError | None:
    """Only open and decided files may be changed."""
    return None if State(file.state) in CHANGEABLE else Locked()


def forward(start: State, days: Days) -> Iterator[Move]:
    """The moves by which these days carry a changeable file on: decided, closed, archived, in this order."""
    state = start
    for verb, on in ((Verb.DECIDE, days.decided_on), (Verb.CLOSE, days.closed_on), (Verb.ARCHIVE, days.archived_on)):
        if on is not None and (end := MOVES[verb].get(state)) is not None:
            yield Move(verb, state, end, on)
            state = end


def why_not_go_on(file: StateFacts, days: Days) -> errors.DomainError | None:
    """An import may carry a file on, never back."""
    return GoesBack() if file.state == State.DECIDED and days.decided_on is None else None
