"""Rules of the escalation ladder: its steps as dated data, which of them are in force, and the shipped default. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from services.kit import errors


class Action(StrEnum):
    """What a step does: a warning in the inbox, a numbered supervision notice (督办函), or a circular (通报)."""

    WARN = "warn"
    NOTICE = "notice"
    CIRCULAR = "circular"


class Audience(StrEnum):
    """To whom a step speaks: the unit's staff, its leader, the task's lead units (the bureau where there is none), the bureau."""

    UNIT = "unit"
    UNIT_LEADER = "unit_leader"
    LEAD_UNIT = "lead_unit"
    BUREAU = "bureau"


class Basis(StrEnum):
    """From what a step counts: the due date, or the day the task was given while the unit has not signed for it."""

    DUE = "due"
    ISSUE = "issue"


# The step whose offset is also the day on which lamps turn yellow.
YELLOW: Final = "yellow"


class RuleFacts(Protocol):
    """What is asked of a rule; the row fits as it is. Offsets and repeats are working days."""

    @property
    def step(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def basis(self) -> str: ...
    @property
    def offset_days(self) -> int: ...
    @property
    def action(self) -> str: ...
    @property
    def reply_days(self) -> int | None: ...
    @property
    def repeat_days(self) -> int | None: ...
    @property
    def repeat_most(self) -> int: ...


Rule = TypeVar("Rule", bound=RuleFacts)


class Backdated(errors.Conflict):
    code = "escalation_rule.backdated"
    zh, en = (
        "规则不得早于今天生效，过去的亮灯不改写。",
        "A rule cannot take effect before today; lamps of the past are not rewritten.",
    )


def why_not_date(valid_from: date, today: date) -> errors.DomainError | None:
    """Rules take effect today or later, so what was yellow yesterday stays so."""
    return Backdated() if valid_from < today else None


def faults(rule: RuleFacts, audience: str) -> list[errors.Fault]:
    """Fields that do not go together: only a notice asks for a reply, and only warnings after the due date repeat."""
    found: list[errors.Fault] = []
    if (rule.action == Action.NOTICE) != (rule.reply_days is not None):
        found.append(errors.Fault("/body/reply_days", "missing" if rule.reply_days is None else "not_allowed"))
    if rule.basis == Basis.ISSUE and rule.action != Action.WARN:
        found.append(errors.Fault("/body/action", "not_allowed"))
    if rule.repeat_days is not None and (rule.action != Action.WARN or rule.offset_days < 0):
        found.append(errors.Fault("/body/repeat_days", "not_allowed"))
    if (rule.repeat_days is None) != (rule.repeat_most == 0):
        found.append(errors.Fault("/body/repeat_most", "missing" if rule.repeat_most == 0 else "not_allowed"))
    if (rule.action != Action.WARN or rule.basis == Basis.ISSUE) and rule.offset_days < 0:
        found.append(errors.Fault("/body/offset_days", "too_small", {"limit": 0}))
    if rule.action == Action.CIRCULAR and audience != Audience.BUREAU:
        found.append(errors.Fault("/body/audience", "not_allowed"))
    return found


def in_force(rows: Iterable[Rule], day: date) -> Sequence[Rule]:
    """The enabled rules of a day, by offset; `rows` come newest first within each step, a district's own before the default."""
    newest: dict[str, Rule] = {}
    for row in rows:
        if row.valid_from <= day:
            newest.setdefault(row.step, row)
    return sorted((row for row in newest.values() if row.enabled), key=lambda row: (row.offset_days, row.step))
