"""Rules of progress reports. Pure."""

from __future__ import annotations

from typing import Final, Protocol

from services.kit import errors
from services.tasks_api.assignments.rules import State


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
