"""Rules of reviews of qualifications. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors


class State(StrEnum):
    """Proposed to the units; answered by all; done; given up."""

    PROPOSED = "proposed"
    CHECKED = "checked"
    APPLIED = "applied"
    VOID = "void"


class Verb(StrEnum):
    """What moves a review; `add` and `decide` fill it."""

    ADD = "add"
    DECIDE = "decide"
    CHECK = "check"
    REOPEN = "reopen"
    APPLY = "apply"
    VOID = "void"


class Reason(StrEnum):
    """离职, 转为辅助人员, 过期, 缺少合格考试, or what somebody named by hand."""

    LEFT = "left"
    AUXILIARY = "auxiliary"
    EXPIRED = "expired"
    EXAM_MISSING = "exam_missing"
    OTHER = "other"


class Decision(StrEnum):
    """What is to become of a certificate."""

    CANCEL = "cancel"
    KEEP = "keep"


class Outcome(StrEnum):
    """What became of it; skipped where it had ended meanwhile."""

    CANCELLED = "cancelled"
    KEPT = "kept"
    SKIPPED = "skipped"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.ADD: {State.PROPOSED: State.PROPOSED},
    Verb.DECIDE: {State.PROPOSED: State.PROPOSED},
    Verb.CHECK: {State.PROPOSED: State.CHECKED},
    Verb.REOPEN: {State.CHECKED: State.PROPOSED},
    Verb.APPLY: {State.CHECKED: State.APPLIED},
    Verb.VOID: {State.PROPOSED: State.VOID, State.CHECKED: State.VOID},
}
# Written into the certificates' audit rows.
WORDS: Final[Mapping[Reason, str]] = {
    Reason.LEFT: "资格清理：已离职",
    Reason.AUXILIARY: "资格清理：已转为辅助人员",
    Reason.EXPIRED: "资格清理：证件过期",
    Reason.EXAM_MISSING: "资格清理：缺少合格考试",
    Reason.OTHER: "资格清理",
}


class IllegalMove(errors.Conflict):
    code = "qualification_review.illegal_move"
    zh, en = "该资格清理当前状态不允许此操作。", "The review's state does not allow this."


class Undecided(errors.Conflict):
    code = "qualification_review.undecided"
    zh, en = "尚有 {count} 项未核对。", "{count} items are still undecided."


class ReviewFacts(Protocol):
    """What a rule may know of a review; the row fits as it is."""

    @property
    def state(self) -> str: ...


def why_not(verb: Verb, review: ReviewFacts) -> errors.DomainError | None:
    """The review's state must allow the verb."""
    return None if State(review.state) in MOVES[verb] else IllegalMove()


def why_not_check(review: ReviewFacts, undecided: int) -> errors.DomainError | None:
    """A review is checked when every item is decided."""
    return why_not(Verb.CHECK, review) or (Undecided(count=undecided) if undecided else None)
