"""Rules of training plans. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors


class PlanKind(StrEnum):
    """年度培训计划 of every enforcement unit, 专门业务培训计划 of every department (plan task 2)."""

    ANNUAL = "annual"
    PROFESSIONAL = "professional"


class State(StrEnum):
    """A unit drafts and submits; the bureau approves or returns."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "submit": {State.DRAFT: State.SUBMITTED, State.RETURNED: State.SUBMITTED},
    "approve": {State.SUBMITTED: State.APPROVED},
    "return": {State.SUBMITTED: State.RETURNED},
    "reopen": {State.APPROVED: State.RETURNED},
}
OPEN: Final = frozenset({State.DRAFT, State.RETURNED})


class IllegalMove(errors.Conflict):
    code = "training_plan.illegal_move"
    zh, en = "培训计划当前状态不允许此操作。", "The training plan's state does not allow this."


class PlanExists(errors.Conflict):
    code = "training_plan.exists"
    zh, en = "该单位当年的此类培训计划已存在。", "The unit has a training plan of this kind for the year already."


class NoItems(errors.Conflict):
    code = "training_plan.no_items"
    zh, en = "培训计划没有任何项目，不能提交。", "A training plan without items cannot be submitted."


class TownshipsMissing(errors.Conflict):
    code = "training_plan.townships_missing"
    zh, en = (
        "赋权部门的专门业务培训计划须纳入被赋权乡镇（街道）的执法人员，见 errors 各项。",
        "The professional plan of a granting department must include the officers of the townships it granted to; see errors.",
    )


class PlanFacts(Protocol):
    """What is asked of a plan to find whom it must include."""

    @property
    def id(self) -> UUID: ...
    @property
    def district_id(self) -> UUID: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def year(self) -> int: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PlanKey:
    """A plan as the check reads it."""

    id: UUID
    district_id: UUID
    unit_id: UUID
    year: int
    kind: str


@dataclass(frozen=True, slots=True)
class Township:
    """A township to which a department granted powers: its officers in service, and whether the plan includes them."""

    unit_id: UUID
    name: str
    officers: int
    included: bool

    @property
    def is_missing(self) -> bool:
        """Officers are there, and the plan leaves them out; without officers there is nobody to include."""
        return self.officers > 0 and not self.included


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """Whether a plan in this state can make this move."""
    return None if state in MOVES[verb] else IllegalMove()


def why_not_change(state: State) -> errors.DomainError | None:
    """The unit works on a draft, or on what was returned."""
    return None if state in OPEN else IllegalMove()


def why_not_submit(state: State, items: int, townships: Sequence[Township]) -> errors.DomainError | None:
    """A plan is handed in with at least one item and with everybody whom task 4 wants included."""
    if refusal := why_not("submit", state):
        return refusal
    return NoItems() if items == 0 else why_not_complete(townships)


def why_not_complete(townships: Sequence[Township]) -> errors.DomainError | None:
    """A granting department's professional plan includes the officers of the townships it granted to (plan task 4)."""
    faults = [
        errors.Fault("/items", "training_plan.township_missing", {"name": each.name, "officers": each.officers})
        for each in townships
        if each.is_missing
    ]
    return TownshipsMissing(*faults) if faults else None


def faults_of_units(items: Sequence[Collection[UUID]], known: Collection[UUID]) -> list[errors.Fault]:
    """Units named by items that are none of the district's."""
    return [
        errors.Fault(f"/body/items/{row}/unit_ids/{place}", "not_found")
        for row, unit_ids in enumerate(items)
        for place, unit_id in enumerate(unit_ids)
        if unit_id not in known
    ]
