"""Rules of the pool of reviewers. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kit import errors


class AlreadyListed(errors.Conflict):
    code = "reviewer.already_listed"
    zh, en = "该账号已在评查人员库中。", "The account is in the pool already."


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A unit somebody worked in, and until when."""

    unit_id: UUID
    until: date


def absence_faults(absent_from: date | None, absent_to: date | None) -> Iterator[errors.Fault]:
    """An absence has both ends, in their order."""
    if (absent_from is None) != (absent_to is None):
        yield errors.Fault("/body/absent_to" if absent_to is None else "/body/absent_from", "missing")
    elif absent_from is not None and absent_to is not None and absent_from > absent_to:
        yield errors.Fault("/body/absent_to", "too_small", {"limit": absent_from.isoformat()})


def former_unit_faults(units: Collection[FormerUnit], known: Collection[UUID]) -> Iterator[errors.Fault]:
    """Former units are units of the district."""
    for place, former in enumerate(units):
        if former.unit_id not in known:
            yield errors.Fault(f"/body/former_units/{place}/unit_id", "not_found")
