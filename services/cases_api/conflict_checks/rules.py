"""What keeps a reviewer away from a case file (回避). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID


class Kind(StrEnum):
    """Grounds of conflict.

    Of the unit: one's own (also above or below), a former one, one reviewed in the years before, one declared, or one that
    reviews the reviewer's own unit in the same round. Of the file: handled, approved, declared.
    """

    OWN_UNIT = "own_unit"
    FORMER_UNIT = "former_unit"
    REPEATED = "repeated"
    DECLARED = "declared"
    HANDLED = "handled"
    APPROVED = "approved"
    MUTUAL = "mutual"


# What the bureau may let pass after looking into it; who handled a case or belongs to its unit never reviews it.
CLEARABLE: Final = frozenset({Kind.FORMER_UNIT, Kind.REPEATED})


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Conflicts of some reviewers: with whole units, and with single files."""

    of_units: Mapping[tuple[UUID, UUID], frozenset[Kind]] = field(default_factory=dict)
    of_files: Mapping[tuple[UUID, UUID], frozenset[Kind]] = field(default_factory=dict)

    def between(self, account_id: UUID, case_file_id: UUID, unit_id: UUID) -> list[Kind]:
        """The grounds that keep this reviewer from this file of this unit, in the order of their kinds."""
        none: frozenset[Kind] = frozenset()
        found = self.of_units.get((account_id, unit_id), none) | self.of_files.get((account_id, case_file_id), none)
        return [kind for kind in Kind if kind in found]


def gathered(rows: Iterable[tuple[UUID, UUID, str]]) -> dict[tuple[UUID, UUID], frozenset[Kind]]:
    """Grounds by pair."""
    found: dict[tuple[UUID, UUID], set[Kind]] = {}
    for account_id, other_id, kind in rows:
        found.setdefault((account_id, other_id), set()).add(Kind(kind))
    return {pair: frozenset(kinds) for pair, kinds in found.items()}


def without(found: Mapping[tuple[UUID, UUID], frozenset[Kind]], cleared: Iterable[tuple[UUID, UUID]]) -> dict[
    tuple[UUID, UUID], frozenset[Kind]
]:  # fmt: skip
    """The conflicts with units that are left when the bureau has cleared some."""
    passed = set(cleared)
    left = {pair: kinds - CLEARABLE if pair in passed else kinds for pair, kinds in found.items()}
    return {pair: kinds for pair, kinds in left.items() if kinds}


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
