"""Rules of awards. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors


class AwardKind(StrEnum):
    """表彰, 记功, 奖励, 通过国家统一法律职业资格考试, others."""

    COMMENDATION = "commendation"
    MERIT = "merit"
    PRIZE = "prize"
    LEGAL_EXAMINATION = "legal_examination"
    OTHER = "other"


class Level(StrEnum):
    """Who gave it."""

    UNIT = "unit"
    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


class State(StrEnum):
    """On record, or entered by mistake and kept as that."""

    RECORDED = "recorded"
    VOID = "void"


class Verb(StrEnum):
    """What is done to an award."""

    CHANGE = "change"
    VOID = "void"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.CHANGE: {State.RECORDED: State.RECORDED},
    Verb.VOID: {State.RECORDED: State.VOID},
}


class IllegalMove(errors.Conflict):
    code = "award.illegal_move"
    zh, en = "该表彰奖励已作废。", "The award is void."


class SameExternalId(errors.Conflict):
    code = "award.duplicate_external_id"
    zh, en = "该外部编号已登记。", "This external id is taken already."


class AwardFacts(Protocol):
    """What a rule may know of an award; the row fits as it is."""

    @property
    def state(self) -> str: ...


def why_not(verb: Verb, award: AwardFacts) -> errors.DomainError | None:
    """A void award changes no more."""
    return None if State(award.state) in MOVES[verb] else IllegalMove()
