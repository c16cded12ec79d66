"""Rules of the scoreboard. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from services.kit import errors

# Tasks of the plan whose progress the neighbours measure: no unit types these numbers (plan tasks 2 and 16).
TRAINING_TASK: Final = 2
REVIEW_TASK: Final = 16


class Source(StrEnum):
    """What a board is made of: as things stood at a past moment, or as they stand now, with obligations as measured at once or,
    where nothing has happened since, as recorded."""

    THEN = "then"
    RECORDED = "recorded"
    MEASURED = "measured"


def why_not_as_of(as_of: datetime | None, now: datetime) -> errors.DomainError | None:
    """The past can be asked for, not the future."""
    if as_of is not None and as_of > now:
        return errors.BadInput(errors.Fault("/query/as_of", "in_the_future"))
    return None
