"""Which result of a file is the final one of its campaign. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.cases_api.review_rounds.rules import Mode


class Basis(StrEnum):
    """What a result rests on: the reviews that agree, a third person, or an objection upheld."""

    REVIEWS = "reviews"
    ARBITRATION = "arbitration"
    OBJECTION = "objection"


class Cause(StrEnum):
    """Why a result has a further version: published, gone before or behind another one, an objection upheld, round voided."""

    PUBLISHED = "published"
    PRECEDENCE = "precedence"
    OBJECTION = "objection"
    VOIDED = "voided"


# Arbitration > sample > cross > self. What an objection has changed goes before all: nobody reviews it away.
RANKS: Final[Mapping[Basis, int]] = {Basis.OBJECTION: 5, Basis.ARBITRATION: 4}
MODES: Final[Mapping[Mode, int]] = {Mode.SAMPLE: 3, Mode.CROSS: 2, Mode.SELF: 1}


def rank(basis: Basis, mode: Mode) -> int:
    """The place of a result among those of its file in a campaign; of equals the one published last goes before."""
    return RANKS.get(basis, MODES[mode])
