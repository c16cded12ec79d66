"""Rules of tasks. Pure."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A numbered task (任务), a work requirement (工作要求), or a part of a task (子任务)."""

    TASK = "task"
    REQUIREMENT = "requirement"
    SUBTASK = "subtask"


class Role(StrEnum):
    """How a unit takes part in a task: 牵头单位 or 责任单位."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"


class Shape(StrEnum):
    """The shapes of a deadline (完成时限)."""

    FIXED = "fixed"
    YEARLY_WINDOW = "yearly_window"
    YEARLY_COUNT = "yearly_count"
    IRREGULAR = "irregular"
    NONE = "none"
