"""Rules of activation: what each unit owes for a task. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from services.kit import errors
from services.tasks_api.tasks.rules import Shape

# The words by which a yearly deadline names the year it is owed before, as the plan reader keeps them.
_BEFORE_YEAR: Final = re.compile("(?P<year>[0-9]{4}) *年(?:之前|以前|前)")


class PartyFacts(Protocol):
    """A party of a task: a unit, a group, or a name nobody has placed yet."""

    @property
    def role(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def as_written(self) -> str: ...
    @property
    def unit_id(self) -> UUID | None: ...
    @property
    def group_key(self) -> str | None: ...


class DeadlineFacts(Protocol):
    """A deadline of a task."""

    @property
    def shape(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def window_start(self) -> str | None: ...
    @property
    def window_end(self) -> str | None: ...
    @property
    def as_written(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task of the plan with its parties and deadlines."""

    id: UUID
    kind: str
    number: int
    parties: Sequence[PartyFacts]
    deadlines: Sequence[DeadlineFacts]


class Occurrence(NamedTuple):
    """One time a task is due: in a year of the plan, or once with `year` None; `due_on` None when no date is set."""

    year: int | None
    due_on: date | None


class Duty(NamedTuple):
    """What one unit owes."""

    task_id: UUID
    unit_id: UUID
    role: str
    occurrence: Occurrence


Groups = Mapping[str, Sequence[UUID]]


class UnknownParties(errors.Conflict):
    code = "plan.unknown_parties"
    zh, en = (
        "部分任务的单位尚未对应到单位名录，或单位组没有成员，见 errors 各项。",
        "Some parties of the tasks are no known unit, or groups without members; see errors.",
    )


def why_not_issue(tasks: Iterable[PlannedTask], groups: Groups) -> errors.DomainError | None:
    """Every party must be a unit or a group with members; each that is not is named."""
    faults = [fault for task in tasks for party in task.parties for fault in _faults(task, party, groups)]
    return UnknownParties(*faults) if faults else None


class DatesOutside(errors.Conflict):
    code = "plan.dates_outside"
    zh, en = (
        "部分任务的完成时限不在计划期间内，见 errors 各项。",
        "Some deadlines lie outside the plan's period; see errors.",
    )


def why_not_dates(tasks: Iterable[PlannedTask], start: date, end: date) -> errors.DomainError | None:
    """Every fixed date lies within the plan's period; each that does not is named."""
    faults: list[errors.Fault] = []
    for task in tasks:
        for day in (each.due_on for each in task.deadlines if each.due_on is not None):
            if day < start:
                faults.append(errors.Fault(f"/{task.kind}s/{task.number}/deadlines", "day.before_plan", {"limit": str(start)}))
            elif day > end:
                faults.append(errors.Fault(f"/{task.kind}s/{task.number}/deadlines", "day.after_plan", {"limit": str(end)}))
    return DatesOutside(*faults) if faults else None


def _faults(task: PlannedTask, party: PartyFacts, groups: Groups) -> Iterator[errors.Fault]:
    place = f"/{task.kind}s/{task.number}/{party.role}s/{party.position}"
    if party.unit_id is None and party.group_key is None:
        yield errors.Fault(place, "party.unknown", {"name": party.as_written})
    elif party.group_key is not None and not groups.get(party.group_key):
        yield errors.Fault(place, "party.no_members", {"name": party.as_written})


def occurrences(deadlines: Iterable[DeadlineFacts], years: Sequence[int], *, through: bool = True) -> list[Occurrence]:
    """When a task is due.

    Each fixed date once. Yearly shapes together once in each year of the plan, on the end of the earliest window, else on
    31 December: how often within the year is measured by the obligations, not by more assignments. What is owed every year
    "before" one ends with that year (`through`) or with the one before it. A task with neither is owed once without a date.
    """
    known = list(deadlines)
    fixed = sorted({each.due_on for each in known if each.shape == Shape.FIXED and each.due_on is not None})
    yearly = [each for each in known if each.shape in {Shape.YEARLY_WINDOW, Shape.YEARLY_COUNT}]
    in_years = [
        Occurrence(year, min(end_in(each, year) for each in owed))
        for year in years
        if (owed := [each for each in yearly if year <= last_year(each, through=through)])
    ]
    return [*(Occurrence(None, day) for day in fixed), *in_years] or [Occurrence(None, None)]


def last_year(deadline: DeadlineFacts, *, through: bool) -> int:
    """The last year in which a yearly deadline is owed: the one it is owed "before" (2025年前), or the year before that."""
    bound = _BEFORE_YEAR.search(deadline.as_written or "")
    return int(bound["year"]) - (not through) if bound else date.max.year


def end_in(deadline: DeadlineFacts, year: int) -> date:
    """The last day a yearly deadline allows in a year: its window's end, in the next year for a window across New Year."""
    if deadline.window_end is None:
        return date(year, 12, 31)
    month, day = (int(part) for part in deadline.window_end.split("-"))
    ends = year + 1 if deadline.window_end < (deadline.window_start or deadline.window_end) else year
    # 02-29 stands for the end of February in every year.
    return date(ends, month, min(day, monthrange(ends, month)[1]))


def duties(tasks: Iterable[PlannedTask], groups: Groups, years: Sequence[int], *, through: bool = True) -> Iterator[Duty]:
    """What every unit owes: once per task, role and occurrence, however often it is named by itself and by groups.

    A unit that leads a task and is responsible for it as well owes both: leading and doing are handed in apart.
    """
    for task in tasks:
        due = occurrences(task.deadlines, years, through=through)
        for role, unit_id in dict.fromkeys(_owing(task, groups)):
            yield from (Duty(task.id, unit_id, role, occurrence) for occurrence in due)


def _owing(task: PlannedTask, groups: Groups) -> Iterator[tuple[str, UUID]]:
    for party in task.parties:
        if party.unit_id is not None:
            yield party.role, party.unit_id
        elif party.group_key is not None:
            yield from ((party.role, unit_id) for unit_id in groups[party.group_key])


def years_of(period_start: date, period_end: date) -> range:
    """The calendar years of a plan."""
    return range(period_start.year, period_end.year + 1)
