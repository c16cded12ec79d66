"""Rules of progress reports. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple, Protocol

from services.kit import errors
from services.tasks_api.assignments.rules import State
from services.tasks_api.supervision_settings.rules import Period


class AssignmentFacts(Protocol):
    """What is asked of the assignment reported on."""

    @property
    def state(self) -> str: ...


# Whoever has not signed has nothing to tell; what is handed in or closed is told already.
OPEN: Final = (State.SIGNED, State.IN_PROGRESS)


class NotReportable(errors.Conflict):
    code = "progress_report.not_reportable"
    zh, en = "任务当前状态为 {state}，不能填报进展。", "The assignment is {state}; no progress can be reported."


def why_not_report(assignment: AssignmentFacts) -> errors.DomainError | None:
    """Progress is reported from signing until the work is handed in."""
    return None if assignment.state in OPEN else NotReportable(state=assignment.state)


class Span(NamedTuple):
    """A period that progress is reported for, both days included."""

    start: date
    end: date


MONTHS: Final = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


def last_ended(period: Period, day: date) -> Span | None:
    """The last period that had ended before a day; None where none is asked for."""
    if period not in MONTHS:
        return None
    months = MONTHS[period]
    # Months since year 0, so that a period before January falls into the year before.
    current = day.year * 12 + (day.month - 1) // months * months
    start, following = (date(count // 12, count % 12 + 1, 1) for count in (current - months, current))
    return Span(start, following - timedelta(1))
