"""Rules of the year's inspection plan: how proposals become visits, and how the plan moves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors


class State(StrEnum):
    """States of a year's plan."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class Verb(StrEnum):
    """What may be done to a plan."""

    MERGE = "merge"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    CHANGE = "change"


class ChangeKind(StrEnum):
    """A visit at another time, a visit dropped, late proposals taken in."""

    RESCHEDULE = "reschedule"
    DROP = "drop"
    ADD = "add"


# verb: (states before, state after; None stays as it is)
MOVES: Final[dict[Verb, tuple[frozenset[State], State | None]]] = {
    Verb.MERGE: (frozenset({State.DRAFT}), None),
    Verb.SUBMIT: (frozenset({State.DRAFT}), State.SUBMITTED),
    Verb.RETURN: (frozenset({State.SUBMITTED}), State.DRAFT),
    Verb.APPROVE: (frozenset({State.SUBMITTED}), State.APPROVED),
    Verb.CHANGE: (frozenset({State.DRAFT, State.APPROVED}), None),
}
PAST: Final = {
    Verb.MERGE: "merged",
    Verb.SUBMIT: "submitted",
    Verb.RETURN: "returned",
    Verb.APPROVE: "approved",
    Verb.CHANGE: "changed",
}


class IllegalMove(errors.Conflict):
    code = "inspection_plan.illegal_move"
    zh, en = "年度计划当前状态为 {state}，不能执行 {verb}。", "The plan is {state}; {verb} is not possible."


class NothingPlanned(errors.Conflict):
    code = "inspection_plan.nothing_planned"
    zh, en = "年度计划中没有检查事项，不能报送。", "The plan holds no visit, so there is nothing to submit."


class NotActive(errors.Conflict):
    code = "inspection_plan.item_not_active"
    zh, en = "该检查事项已取消或已实施，不能调整。", "The visit is dropped or carried out already; it is not changed."


class ProposalFacts(Protocol):
    """What is asked of a proposal; the row fits as it is."""

    @property
    def id(self) -> UUID: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def object_key(self) -> str: ...
    @property
    def object_name(self) -> str: ...
    @property
    def object_code(self) -> str | None: ...
    @property
    def content(self) -> str: ...
    @property
    def first_on(self) -> date: ...
    @property
    def last_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """Proposals that one visit can serve: the same object, and days that all of them share."""

    proposals: Sequence[ProposalFacts]
    first_on: date
    last_on: date

    @property
    def unit_ids(self) -> list[UUID]:
        """The units that go together, each once; the first one proposed first and leads."""
        return list(dict.fromkeys(each.unit_id for each in self.proposals))

    @property
    def saved(self) -> int:
        """Visits the object is spared."""
        return len(self.proposals) - 1


def merged(proposals: Iterable[ProposalFacts]) -> list[Visit]:
    """The fewest visits that serve all proposals: objects apart, and of each object by the day a proposal ends.

    Taking the proposal that ends first and with it all that have begun by that day gives the least number of common days
    (the greedy stabbing of intervals). Units that propose the same object twice in the same time are joined as well.
    """
    objects: dict[str, list[ProposalFacts]] = {}
    for each in proposals:
        objects.setdefault(each.object_key, []).append(each)
    return [visit for key in sorted(objects) for visit in _of_object(objects[key])]


def _of_object(proposals: Sequence[ProposalFacts]) -> Iterator[Visit]:
    waiting = sorted(proposals, key=lambda each: (each.last_on, each.first_on, each.id))
    while waiting:
        last = waiting[0].last_on
        together = [each for each in waiting if each.first_on <= last]
        waiting = [each for each in waiting if each.first_on > last]
        yield Visit(sorted(together, key=lambda each: each.id), max(each.first_on for each in together), last)


def wording(before: int, after: int = 1) -> str:
    """What merging comes to, in words."""
    return f"{before} 次检查合并为 {after} 次" if before > after else "单独检查"


def why_not(verb: Verb, state: str, items: int) -> errors.DomainError | None:
    """Whether the state allows the verb; nothing empty is submitted."""
    if state not in MOVES[verb][0]:
        return IllegalMove(state=state, verb=verb.value)
    return NothingPlanned() if verb is Verb.SUBMIT and not items else None


def why_not_change_item(state: str, done_on: date | None) -> errors.DomainError | None:
    """A visit dropped or made stays as it is."""
    return None if state == "active" and done_on is None else NotActive()


def day_faults(first_on: date, last_on: date, year: int) -> list[errors.Fault]:
    """A visit lies in the plan's year."""
    faults = [
        errors.Fault(f"/body/{name}", "day.not_in_year", {"year": year})
        for name, day in (("first_on", first_on), ("last_on", last_on))
        if day.year != year
    ]
    return [*faults, errors.Fault("/body/last_on", "period.ends_before_start")] if last_on < first_on else faults
