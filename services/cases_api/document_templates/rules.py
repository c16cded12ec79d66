"""Rules of document templates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors

ONE_DAY: Final = timedelta(days=1)


class State(StrEnum):
    """A version is drafted, made public, superseded by a later one or repealed; a draft may be dropped."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REPEALED = "repealed"
    DROPPED = "dropped"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "change": {State.DRAFT: State.DRAFT},
    "publish": {State.DRAFT: State.PUBLISHED},
    "drop": {State.DRAFT: State.DROPPED},
    "repeal": {State.PUBLISHED: State.REPEALED},
}
# What was made public holds on the days of its period, also when it has ended since.
PUBLIC: Final = frozenset({State.PUBLISHED, State.SUPERSEDED, State.REPEALED})


class IllegalMove(errors.Conflict):
    code = "document_template.illegal_move"
    zh, en = "文书格式当前状态不允许此操作。", "The template's state does not allow this."


class NotNewer(errors.Conflict):
    code = "document_template.not_newer"
    zh, en = "新版的施行日期须晚于现行版本。", "A new version begins later than the one in force."


class Element(Protocol):
    """An element as sent or stored."""

    @property
    def key(self) -> str: ...


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()


def why_not_follow(begins: date, current_from: date | None) -> errors.DomainError | None:
    """A version that takes another's place begins behind it."""
    return NotNewer() if current_from is not None and current_from >= begins else None


def faults_of_elements(elements: Iterable[Element]) -> Iterator[errors.Fault]:
    """Each element stands once."""
    seen: set[str] = set()
    for place, element in enumerate(elements):
        if element.key in seen:
            yield errors.Fault(f"/body/elements/{place}/key", "repeated")
        seen.add(element.key)
