"""Rules of the scoreboard. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.kit import errors

# Tasks of the plan whose progress the neighbours measure: no unit types these numbers (plan tasks 2 and 16).
TRAINING_TASK: Final = 2
REVIEW_TASK: Final = 16


# So old recorded values may be before the board measures anew; they are recorded every five minutes.
FRESH: Final = timedelta(minutes=15)


class Source(StrEnum):
    """What a board is made of: as things stood at a past moment, or as they stand now, with obligations as recorded a little
    while ago or, where nobody records them, as measured at once."""

    THEN = "then"
    RECORDED = "recorded"
    MEASURED = "measured"


def source_of(as_of: datetime | None, recorded_at: datetime | None, now: datetime) -> Source:
    """Obligations are told as recorded as long as that is fresh."""
    if as_of is not None:
        return Source.THEN
    return Source.RECORDED if recorded_at is not None and now - recorded_at <= FRESH else Source.MEASURED


def why_not_as_of(as_of: datetime | None, now: datetime) -> errors.DomainError | None:
    """The past can be asked for, not the future."""
    if as_of is not None and as_of > now:
        return errors.BadInput(errors.Fault("/query/as_of", "in_the_future"))
    return None
