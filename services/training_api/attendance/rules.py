"""What missed sessions and minutes come to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from services.kit import errors
from services.training_api.classes import rules as classes

SESSIONS: Final = "missed_sessions"


def minutes_of(sessions: Sequence[tuple[int, datetime, datetime]]) -> dict[int, int]:
    """Minutes of each session by its place, begun ones in full."""
    return {place: -(-(end - begin) // classes.MINUTE) for place, begin, end in sessions}


def missed(lengths: Mapping[int, int], places: Sequence[int], minutes: int, pointer: str) -> int:
    """Minutes missed in all. Raises BadInput for a session that is not there, or when more is missed than the class lasts."""
    faults = [
        errors.Fault(f"{pointer}/{SESSIONS}/{row}", "class.unknown_session")
        for row, place in enumerate(places)
        if place not in lengths
    ]
    total = minutes + sum(lengths.get(place, 0) for place in set(places))
    if total > sum(lengths.values()):
        faults.append(errors.Fault(f"{pointer}/missed_minutes", "class.missed_exceeds"))
    if faults:
        raise errors.BadInput(*faults)
    return total
