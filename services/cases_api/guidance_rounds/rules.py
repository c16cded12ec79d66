"""Rules of rounds of guidance: their states and how much is drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from services.kit import errors


class State(StrEnum):
    """A round is prepared, its frame frozen, its cases drawn; or it is void."""

    DRAFT = "draft"
    FROZEN = "frozen"
    DRAWN = "drawn"
    VOID = "void"


# The draw itself keeps the order between the freeze and the sample.
MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "freeze": {State.DRAFT: State.FROZEN},
    "seed": {State.FROZEN: State.FROZEN},
    "commit": {State.FROZEN: State.FROZEN},
    "reveal": {State.FROZEN: State.FROZEN},
    "draw": {State.FROZEN: State.DRAWN},
    "void_draw": {State.FROZEN: State.DRAFT, State.DRAWN: State.DRAFT},
    "substitute": {State.DRAWN: State.DRAWN},
    "grow": {State.DRAWN: State.DRAWN},
    "void": {State.DRAFT: State.VOID},
}


class IllegalMove(errors.Conflict):
    code = "guidance_round.illegal_move"
    zh, en = "跟案指导轮次当前状态不允许此操作。", "The round's state does not allow this."


class Begun(errors.Conflict):
    code = "guidance_round.begun"
    zh, en = (
        "本轮已有 {begun} 件案件开始指导，不能作废抽取；个别案件可以替换。",
        "Guidance of {begun} cases of the round has begun, so the draw stands; single cases may be substituted.",
    )


class OpenAlready(errors.Conflict):
    code = "guidance_round.open_already"
    zh, en = (
        "本单位当年已有未抽取的轮次，请先完成或作废。",
        "The unit has a round of this year that is not drawn yet; finish or void it first.",
    )


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()


def why_not_protocol(state: State) -> errors.DomainError | None:
    """A void round is over; the order of the steps is the draw's own rule."""
    return IllegalMove() if state is State.VOID else None


def why_not_void_draw(begun: int) -> errors.DomainError | None:
    """What has been begun is not drawn again."""
    return Begun(begun=begun) if begun else None


def share_faults(quota: Mapping[str, Any], least: int) -> Iterator[errors.Fault]:
    """No round draws less than the share that is set, in ten-thousandths."""
    if quota["share_per_10000"] < least:
        yield errors.Fault("/body/quota/share_per_10000", "too_small", {"limit": least})
    if quota.get("max") is not None:
        yield errors.Fault("/body/quota/max", "not_allowed")
