"""What reading a plan document gives. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Shape(StrEnum):
    """The shapes of a deadline (完成时限)."""

    FIXED = "fixed"
    YEARLY_WINDOW = "yearly_window"
    YEARLY_COUNT = "yearly_count"
    IRREGULAR = "irregular"
    NONE = "none"


class Kind(StrEnum):
    TASK = "task"
    REQUIREMENT = "requirement"


@dataclass(frozen=True, slots=True)
class ParsedUnit:
    """A unit or group as printed. `key` is None when the table of known units does not settle which one is meant.

    `role_as_written` is the document's own word for the role: 牵头单位, 配合单位, 按职责分工负责 …
    """

    as_written: str
    key: str | None
    is_group: bool
    role_as_written: str


@dataclass(frozen=True, slots=True)
class ParsedDeadline:
    """A deadline. `window_start` and `window_end` are MM-DD; `assumed` marks a reading the text does not settle."""

    shape: Shape
    as_written: str = ""
    due_on: date | None = None
    window_start: str | None = None
    window_end: str | None = None
    times_per_year: int | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class ParsedQuantity:
    """A figure the text demands. A percentage is a share (30 % is 0.3); `period` is year, half_year, quarter, month or plan."""

    what: str
    comparison: str
    value: Decimal
    unit: str
    period: str
    as_written: str


@dataclass(frozen=True, slots=True)
class ParsedTask:
    """A numbered task (任务) or a work requirement (工作要求). `number` is unique among its kind, `label` is as printed."""

    kind: Kind
    number: int
    label: str
    title: str
    chapter: int | None
    summary: str
    leads: tuple[ParsedUnit, ...]
    responsibles: tuple[ParsedUnit, ...]
    deadlines: tuple[ParsedDeadline, ...]
    quantities: tuple[ParsedQuantity, ...]
    time_words: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ParsedChapter:
    """A chapter and the numbers of its tasks. `number` runs through the plan, `label` is as printed."""

    number: int
    label: str
    title: str
    line: int
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """Something a person should look at. The texts repeat nothing of the document; `text` is the line itself, cut short."""

    code: str
    line: int
    zh: str
    en: str
    text: str


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A plan document, read. `period_start` and `period_end` are the first and last day of the printed years."""

    title: str
    region_name: str | None
    period_as_written: str | None
    period_start: date | None
    period_end: date | None
    document_no: str | None
    issued_on: date | None
    goals: str
    goal_deadlines: tuple[ParsedDeadline, ...]
    chapters: tuple[ParsedChapter, ...]
    tasks: tuple[ParsedTask, ...]
    requirements: tuple[ParsedTask, ...]
    warnings: tuple[PlanWarning, ...]
