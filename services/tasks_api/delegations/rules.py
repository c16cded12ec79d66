"""Rules of delegation. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.kit import errors
from services.tasks_api.assignments.rules import RUNNING
from services.tasks_api.tasks.rules import Shape


class AssignmentFacts(Protocol):
    """What is asked of the assignment that is split."""

    @property
    def state(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...


class PartyFacts(Protocol):
    @property
    def unit_id(self) -> UUID | None: ...


class DeadlineFacts(Protocol):
    @property
    def shape(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...


class NotRunning(errors.Conflict):
    code = "delegation.not_running"
    zh, en = "任务当前状态为 {state}，不能再分解。", "The assignment is {state}; no part of it can be given on."


class AssignmentNeeded(errors.BadInput):
    code = "delegation.assignment_needed"
    zh, en = "单位分解任务须指明其承担的任务交办。", "A unit that gives a part on must name the assignment it is part of."


class Ended(errors.Conflict):
    code = "task.ended"
    zh, en = "方案调整后已不再要求该任务，不能再分解。", "The plan asks for this task no more; no part of it can be given on."


def why_not_add(ended_at: datetime | None) -> errors.DomainError | None:
    """A task that a later version of the plan ended takes no parts."""
    return None if ended_at is None else Ended()


def why_not_split(assignment: AssignmentFacts) -> errors.DomainError | None:
    """Parts are given on while the work goes on."""
    return None if assignment.state in RUNNING else NotRunning(state=assignment.state)


def party_faults(parties: Sequence[PartyFacts], pointer: str, below: Collection[UUID]) -> list[errors.Fault]:
    """A part goes to units below the one that gives it on, never to groups or to itself."""
    return [
        errors.Fault(f"{pointer}/{place}/unit_id", "missing" if party.unit_id is None else "party.not_below")
        for place, party in enumerate(parties)
        if party.unit_id not in below
    ]


def deadline_faults(deadlines: Iterable[DeadlineFacts], due_on: date | None, pointer: str) -> list[errors.Fault]:
    """Parts are due on fixed days, none later than the whole."""
    found: list[errors.Fault] = []
    for place, deadline in enumerate(deadlines):
        if deadline.shape not in {Shape.FIXED, Shape.NONE}:
            found.append(errors.Fault(f"{pointer}/{place}/shape", "not_allowed"))
        elif due_on is not None and deadline.due_on is not None and deadline.due_on > due_on:
            found.append(errors.Fault(f"{pointer}/{place}/due_on", "too_great", {"limit": str(due_on)}))
    return found
