"""Rules of the ladder: which steps are due for an assignment on a day, and when to look again. Pure.

Days are told in working days of the calendar; where it lacks a day nothing is guessed, and the sweep looks again later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from services.kit.calendar import Calendar, MissingYear
from services.tasks_api.assignments.rules import RUNNING, State
from services.tasks_api.escalation_rules.rules import Basis, RuleFacts

ONE_DAY = timedelta(days=1)


class AssignmentFacts(Protocol):
    """What is asked of an assignment; the row fits as it is."""

    @property
    def state(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def held_since(self) -> date: ...


class Step(NamedTuple):
    """A step that is due: which, for the how manieth time, counted from which day, since when."""

    rule: RuleFacts
    occurrence: int
    base_on: date
    due_for: date


class Look(NamedTuple):
    """What a look at an assignment found: the steps to take now, and the day to look again (None: not of itself)."""

    steps: Sequence[Step]
    again_on: date | None


class Coming(NamedTuple):
    """A step that is still to come."""

    rule: RuleFacts
    occurrence: int
    due_for: date | None


# The highest occurrence of each step taken on this ladder.
Taken = Mapping[str, int]


class Days:
    """Steps' days by the calendar, each worked out once."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[date, int], date | None] = {}

    def offset(self, base: date, working_days: int) -> date | None:
        """The day a step is due: the n-th working day after the base, for 0 the very next day; below zero the first day with
        at most n working days left until the base. None where the calendar lacks a day.
        """
        key = (base, working_days)
        if key not in self._known:
            try:
                self._known[key] = self._worked_out(base, working_days)
            except MissingYear:
                self._known[key] = None
        return self._known[key]

    def _worked_out(self, base: date, working_days: int) -> date:
        if working_days == 0:
            return base + ONE_DAY
        if working_days > 0:
            return self._calendar.add(base, working_days)
        day, left = base, -working_days
        while left > 0 or not self._calendar.is_working(day):
            left -= self._calendar.is_working(day)
            day -= ONE_DAY
        return day


def look(facts: AssignmentFacts, ladder: Iterable[RuleFacts], taken: Taken, days: Days, today: date) -> Look:
    """The steps to take today and when to look again. Nothing is due while the clock stands still.

    After downtime a step that should have come several times comes once; a warning before the date is not sent after it.
    """
    if facts.state not in RUNNING:
        return Look((), None)
    steps: list[Step] = []
    again: list[date] = []
    for rule, base in _bases(facts, ladder, today):
        due, later = _of_rule(rule, base, taken.get(rule.step, -1), days, today)
        steps += due
        again += later
    if facts.due_on is not None and today <= max(facts.due_on, facts.held_since):
        # The lateness record begins on the day after, whatever the ladder says.
        again.append(max(facts.due_on, facts.held_since) + ONE_DAY)
    return Look(sorted(steps, key=lambda step: (step.due_for, step.rule.offset_days)), min(again, default=None))


def _bases(facts: AssignmentFacts, ladder: Iterable[RuleFacts], today: date) -> Iterator[tuple[RuleFacts, date]]:
    """The rules that concern an assignment, each with the day it counts from."""
    for rule in ladder:
        if rule.basis == Basis.ISSUE:
            if facts.state == State.ISSUED:
                yield rule, facts.held_since
        elif facts.due_on is not None and (rule.offset_days >= 0 or today <= facts.due_on):
            # Nobody is late on days before the task was given to him.
            yield rule, facts.due_on if rule.offset_days < 0 else max(facts.due_on, facts.held_since)


def _of_rule(rule: RuleFacts, base: date, last: int, days: Days, today: date) -> tuple[list[Step], list[date]]:
    """The one occurrence to take now, if any, and the day of the next."""
    due: list[Step] = []
    for occurrence in range(last + 1, rule.repeat_most + 1):
        day = days.offset(base, rule.offset_days + occurrence * (rule.repeat_days or 0))
        if day is None:
            return due, [_look_again(rule, base, occurrence, today)]
        if day > today:
            return due, [day]
        due = [Step(rule, occurrence, base, day)]
    return due, []


def _look_again(rule: RuleFacts, base: date, occurrence: int, today: date) -> date:
    """A day no later than the step can be due, where the calendar does not tell: a working day is at least a calendar day."""
    offset = rule.offset_days + occurrence * (rule.repeat_days or 0)
    earliest = base + timedelta(days=offset) if offset >= 0 else base + timedelta(days=2 * offset - 20)
    return max(earliest, today + ONE_DAY)


def upcoming(facts: AssignmentFacts, ladder: Iterable[RuleFacts], taken: Taken, days: Days, today: date) -> list[Coming]:
    """What comes next of each step if nothing happens, the nearest first; those without a day last."""
    if facts.state not in RUNNING:
        return []
    found: list[Coming] = []
    for rule, base in _bases(facts, ladder, today):
        occurrence = taken.get(rule.step, -1) + 1
        if occurrence <= rule.repeat_most:
            day = days.offset(base, rule.offset_days + occurrence * (rule.repeat_days or 0))
            found.append(Coming(rule, occurrence, day))
    return sorted(found, key=lambda coming: (coming.due_for is None, coming.due_for or today, coming.rule.offset_days))
