"""Reminders sent by hand (催办): how many, how often. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.kit import errors
from services.tasks_api.assignments.rules import RUNNING


class NothingOwed(errors.Conflict):
    code = "reminder.nothing_owed"
    zh, en = "任务当前状态为 {state}，无须催办。", "The assignment is {state}; there is nothing to remind of."


class TooMany(errors.Conflict):
    code = "reminder.too_many"
    zh, en = "该任务已催办 {count} 次，达到上限。", "This assignment was reminded of {count} times, which is the most."


class TooSoon(errors.Conflict):
    code = "reminder.too_soon"
    zh, en = "距上次催办不足 {hours} 小时。", "The last reminder is less than {hours} hours old."


def why_not(state: str, sent: Sequence[datetime], most: int, gap_hours: int, now: datetime) -> errors.DomainError | None:
    """Whether a unit may be reminded again; `sent` has the latest first."""
    if state not in RUNNING:
        return NothingOwed(state=state)
    if len(sent) >= most:
        return TooMany(count=len(sent))
    if sent and now - sent[0] < timedelta(hours=gap_hours):
        return TooSoon(hours=gap_hours)
    return None
