"""Rules of unit groups. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors

NEVER: Final = date.max


class Membership(Protocol):
    """What the rules know of a member."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


class BadMembers(errors.BadInput):
    code = "unit_group.bad_members"
    zh, en = "成员有误，见 errors 各项。", "The members are not valid; see errors."


def faults_of(members: Sequence[Membership]) -> list[errors.Fault]:
    """Each membership that ends before it begins, and each that overlaps another of the same unit."""
    ends = [
        errors.Fault(f"/body/members/{place}/valid_to", "too_small", {"limit": str(member.valid_from)})
        for place, member in enumerate(members)
        if member.valid_to is not None and member.valid_to < member.valid_from
    ]
    return ends + [errors.Fault(f"/body/members/{place}", "repeated") for place in _overlapping(members)]


def _overlapping(members: Sequence[Membership]) -> list[int]:
    of_unit: dict[UUID, list[int]] = defaultdict(list)
    for place, member in enumerate(members):
        of_unit[member.unit_id].append(place)
    found: list[int] = []
    for places in of_unit.values():
        in_order = sorted(places, key=lambda place: members[place].valid_from)
        for earlier, later in pairwise(in_order):
            if members[later].valid_from <= (members[earlier].valid_to or NEVER):
                found.append(later)
    return sorted(found)


def why_not_members(members: Sequence[Membership]) -> errors.DomainError | None:
    """A unit belongs to a group at most once at a time."""
    faults = faults_of(members)
    return BadMembers(*faults) if faults else None
