"""Rules of tasks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors

# A day of every year, as MM-DD.
MONTH_DAY: Final = "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class Kind(StrEnum):
    """A numbered task (任务), a work requirement (工作要求), or a part of a task (子任务)."""

    TASK = "task"
    REQUIREMENT = "requirement"
    SUBTASK = "subtask"


class Role(StrEnum):
    """How a unit takes part in a task: 牵头单位 or 责任单位."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"


class Shape(StrEnum):
    """The shapes of a deadline (完成时限)."""

    FIXED = "fixed"
    YEARLY_WINDOW = "yearly_window"
    YEARLY_COUNT = "yearly_count"
    IRREGULAR = "irregular"
    NONE = "none"


class DeadlineFacts(Protocol):
    """What the rules know of a deadline."""

    @property
    def shape(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def window_start(self) -> str | None: ...
    @property
    def window_end(self) -> str | None: ...
    @property
    def times_per_year(self) -> int | None: ...


class PartyFacts(Protocol):
    """What the rules know of a party."""

    @property
    def unit_id(self) -> UUID | None: ...
    @property
    def group_key(self) -> str | None: ...


# The fields each shape of a deadline has, and no others.
NEEDED: Final[Mapping[str, frozenset[str]]] = {
    Shape.FIXED: frozenset({"due_on"}),
    Shape.YEARLY_WINDOW: frozenset({"window_start", "window_end"}),
    Shape.YEARLY_COUNT: frozenset({"times_per_year"}),
    Shape.IRREGULAR: frozenset(),
    Shape.NONE: frozenset(),
}
SHAPED: Final = frozenset[str]().union(*NEEDED.values())


def place_of(kind: str, number: int, parent: Sequence[int] = ()) -> list[int]:
    """Where a task stands among those of its plan: tasks, then requirements, each part behind its whole."""
    return [*parent, number] if parent else [int(kind == Kind.REQUIREMENT), number]


def deadline_faults(deadlines: Iterable[DeadlineFacts], pointer: str) -> list[errors.Fault]:
    """Fields a deadline's shape needs and lacks, or has and must not have."""
    faults: list[errors.Fault] = []
    for place, deadline in enumerate(deadlines):
        for name in sorted(SHAPED):
            given = getattr(deadline, name) is not None
            if given != (name in NEEDED[deadline.shape]):
                faults.append(errors.Fault(f"{pointer}/{place}/{name}", "not_allowed" if given else "missing"))
    return faults


def party_faults(
    parties: Iterable[PartyFacts], pointer: str, units: Collection[UUID], groups: Collection[str]
) -> list[errors.Fault]:
    """Units and groups that do not exist in the district, and parties that name both."""
    faults: list[errors.Fault] = []
    for place, party in enumerate(parties):
        if party.unit_id is not None and party.group_key is not None:
            faults.append(errors.Fault(f"{pointer}/{place}/group_key", "not_allowed"))
        elif party.unit_id is not None and party.unit_id not in units:
            faults.append(errors.Fault(f"{pointer}/{place}/unit_id", "not_found"))
        elif party.group_key is not None and party.group_key not in groups:
            faults.append(errors.Fault(f"{pointer}/{place}/group_key", "not_found"))
    return faults
