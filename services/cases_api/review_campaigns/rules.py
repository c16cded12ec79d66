"""Rules of review campaigns. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.kit import errors


class State(StrEnum):
    """A campaign is prepared, takes rounds while open, and takes no more once closed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "change": {State.DRAFT: State.DRAFT},
    "open": {State.DRAFT: State.OPEN},
    "close": {State.OPEN: State.CLOSED},
}


class IllegalMove(errors.Conflict):
    code = "review_campaign.illegal_move"
    zh, en = "评查活动当前状态不允许此操作。", "The campaign's state does not allow this."


class NotOpen(errors.Conflict):
    code = "review_campaign.not_open"
    zh, en = "评查活动未开放，不能新增轮次。", "The campaign is not open, so it takes no new round."


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()
