"""What the sweep looks at in one transaction. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.tasks_api.assignments.rules import RUNNING
from services.tasks_api.lateness.rules import Owed


class Waiting(NamedTuple):
    """A unit with so many assignments to look at."""

    district_id: UUID
    unit_id: UUID
    size: int


class Turn(NamedTuple):
    """Units of one district that are looked at together, and how many assignments they have to look at."""

    district_id: UUID
    unit_ids: tuple[UUID, ...]
    size: int


class Due(NamedTuple):
    """An assignment to look at, as the sweep knows it."""

    id: UUID
    district_id: UUID
    plan_id: UUID
    task_id: UUID
    unit_id: UUID
    due_on: date | None
    held_since: date
    state: str
    ladder: int
    version: int
    is_in_force: bool

    @property
    def is_running(self) -> bool:
        """Whether its clock runs."""
        return self.state in RUNNING

    @property
    def owed(self) -> Owed:
        """What the lateness record knows of it."""
        return Owed(self.id, self.district_id, self.unit_id, self.due_on, self.held_since, self.plan_id, self.task_id)


def turns(waiting: Iterable[Waiting], most: int) -> Iterator[Turn]:
    """Turns of at most so many assignments, told one by one.

    A unit is cut up only when it has more by itself: a step makes one message or letter for what a turn holds of a unit.
    """
    turn: Turn | None = None
    for district_id, unit_id, size in sorted(waiting):
        if turn is not None and (turn.district_id != district_id or turn.size + size > most):
            yield turn
            turn = None
        for _ in range((size - 1) // most):
            yield Turn(district_id, (unit_id,), most)
        left = (size - 1) % most + 1
        turn = Turn(district_id, (*turn.unit_ids, unit_id), turn.size + left) if turn else Turn(district_id, (unit_id,), left)
    if turn is not None:
        yield turn
