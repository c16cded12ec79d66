"""Rules of the lateness record. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Kind(StrEnum):
    """What happened to a record after it was opened: the lateness ended, or went on again."""

    ENDED = "ended"
    WENT_ON = "went_on"


class Subject(StrEnum):
    """What a unit can be late with: an assignment, putting a problem right, the reply to a complaint."""

    ASSIGNMENT = "assignment"
    PROBLEM = "problem"
    COMPLAINT = "complaint"


class How(StrEnum):
    """How lateness stopped, or why it went on."""

    SUBMITTED = "submitted"
    SUSPENDED = "suspended"
    EXTENDED = "extended"
    REPLANNED = "replanned"
    REASSIGNED = "reassigned"
    VOID = "void"
    RETURNED = "returned"
    REOPENED = "reopened"
    TRANSFERRED = "transferred"
    RESUMED = "resumed"
    STILL_LATE = "still_late"


class Owed(NamedTuple):
    """What a unit owes and from which day it holds it. `due_on` is the present date, `held_since` the day it was given to it."""

    subject_id: UUID
    district_id: UUID
    unit_id: UUID
    due_on: date | None
    held_since: date
    plan_id: UUID | None = None
    task_id: UUID | None = None
    subject_type: Subject = Subject.ASSIGNMENT

    @property
    def assignment_id(self) -> UUID | None:
        """The assignment, where one is owed."""
        return self.subject_id if self.subject_type is Subject.ASSIGNMENT else None

    @property
    def counts_from(self) -> date | None:
        """The day after which the unit is late: nobody is late on days before the task was given to it."""
        return None if self.due_on is None else max(self.due_on, self.held_since)


class Move(StrEnum):
    """What lateness comes to in the record of a unit: a record of its own, an ended one that goes on, or nothing new."""

    OPEN = "open"
    GO_ON = "go_on"
    NOTHING = "nothing"


class Standing(NamedTuple):
    """The last record of a unit: the date it missed, and the last thing that happened to it."""

    due_on: date
    kind: str | None
    how: str | None


def move(last: Standing | None, owed: Owed) -> Move:
    """What is to be recorded of a unit that is late. A date moved by an extension or a new version of the plan is a new one;
    a date moved by a pause is not.
    """
    if last is None:
        return Move.OPEN
    if last.kind != Kind.ENDED:
        return Move.NOTHING
    moved = last.how in {How.EXTENDED, How.REPLANNED} and last.due_on != owed.due_on
    return Move.OPEN if moved else Move.GO_ON


def is_late(owed: Owed, today: date) -> bool:
    """Whether the unit is late today, while the clock runs."""
    return owed.counts_from is not None and today > owed.counts_from


def first_late_on(counts_from: date) -> date:
    """The first late day: the one after the date."""
    return counts_from + timedelta(days=1)
