"""Rules of operations. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from services.kit import errors


class OperationState(StrEnum):
    """States of an operation."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY: Final = frozenset({OperationState.QUEUED, OperationState.RUNNING})


class Ended(errors.Conflict):
    code = "operation.ended"
    zh, en = "任务已结束，不能取消。", "The operation has ended and cannot be cancelled."


def why_not_cancel(state: str) -> errors.DomainError | None:
    """Only work under way can be cancelled."""
    return None if state in UNDER_WAY else Ended()
