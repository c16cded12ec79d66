"""Rules of extension requests. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors
from services.tasks_api.assignments.rules import RUNNING


class State(StrEnum):
    """States of a request: decided once, or taken back before that."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


VERBS: Final = {"approve": State.APPROVED, "refuse": State.REFUSED, "withdraw": State.WITHDRAWN}


class AssignmentFacts(Protocol):
    """What is asked of the assignment."""

    @property
    def state(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...


class NoDate(errors.Conflict):
    code = "extension_request.no_date"
    zh, en = "该任务没有完成时限，无须延期。", "The assignment has no due date to extend."


class OverAlready(errors.Conflict):
    code = "extension_request.over_already"
    zh, en = "任务当前状态为 {state}，不能再延期。", "The assignment is {state}; its date can no longer be moved."


class TooMany(errors.Conflict):
    code = "extension_request.too_many"
    zh, en = "该任务已批准延期 {count} 次，达到上限。", "The assignment was extended {count} times already, which is the most."


class Pending(errors.Conflict):
    code = "extension_request.pending"
    zh, en = "该任务已有待审批的延期申请。", "A request for this assignment waits for a decision already."


class AlreadyDecided(errors.Conflict):
    code = "extension_request.already_decided"
    zh, en = "该申请已处理，状态为 {state}。", "The request is {state} already."


class Overtaken(errors.Conflict):
    code = "extension_request.overtaken"
    zh, en = (
        "所申请的日期已不晚于现行时限或今天，不能批准。",
        "The date asked for is no later than the present one, or than today.",
    )


def why_not_extend(assignment: AssignmentFacts, approved: int, most: int) -> errors.DomainError | None:
    """A date is moved while the clock runs, and so often only. `approved` counts the extensions granted before."""
    if assignment.state not in RUNNING:
        return OverAlready(state=assignment.state)
    if assignment.due_on is None:
        return NoDate()
    return TooMany(count=approved) if approved >= most else None


def day_faults(new: date, old: date, today: date, plan_end: date, longest: int) -> list[errors.Fault]:
    """The new date lies after the old one and today, within the plan, and at most so many calendar days later."""
    pointer, found = "/body/new_due_on", []
    if new <= max(old, today):
        found.append(errors.Fault(pointer, "day.not_later", {"limit": str(max(old, today))}))
    if new > plan_end:
        found.append(errors.Fault(pointer, "day.after_plan", {"limit": str(plan_end)}))
    if (new - old).days > longest:
        found.append(errors.Fault(pointer, "day.too_far", {"limit": longest}))
    return found


def why_not_decide(state: str) -> errors.DomainError | None:
    """A request is decided or taken back once."""
    return None if state == State.REQUESTED else AlreadyDecided(state=state)


def why_not_approve(new: date, assignment: AssignmentFacts, today: date) -> errors.DomainError | None:
    """The date may have been overtaken while the request waited."""
    return Overtaken() if assignment.due_on is None or new <= max(assignment.due_on, today) else None
