"""Rules of plans. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

from services.kit import errors


class State(StrEnum):
    """States of a plan: drafted, in force, closed for good."""

    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"


class PlanFacts(Protocol):
    """What rules may know of a plan; the row fits as it is."""

    @property
    def state(self) -> str: ...


class NotDraft(errors.Conflict):
    code = "plan.not_draft"
    zh, en = "计划已下达或已关闭，不能再下达或修改。", "The plan is no longer a draft; it cannot be activated or edited."


class NotActive(errors.Conflict):
    code = "plan.not_active"
    zh, en = "计划不在执行中，其任务只能查看。", "The plan is not in force; its assignments can only be read."


def why_not_edit(plan: PlanFacts) -> errors.DomainError | None:
    """Only a draft may be edited, activated or dropped."""
    return None if plan.state == State.DRAFT else NotDraft()


def why_not_work(plan: PlanFacts) -> errors.DomainError | None:
    """Work is done on a plan in force only; a closed one is read."""
    return None if plan.state == State.ACTIVE else NotActive()


class PlanClosed(errors.Conflict):
    code = "plan.closed"
    zh, en = "计划已关闭。", "The plan is closed."


def why_not_extend(plan: PlanFacts) -> errors.DomainError | None:
    """A closed plan takes nothing new."""
    return PlanClosed() if plan.state == State.CLOSED else None


def why_not_period(start: date, end: date) -> errors.DomainError | None:
    """A plan ends no earlier than it begins."""
    return errors.BadInput(errors.Fault("/body/period_end", "too_small", {"limit": str(start)})) if end < start else None
