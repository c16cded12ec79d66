"""Rules of watched items: what the ladder and the lateness record know of them, and what the ladder says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from services.kit import errors
from services.kit.calendar import Calendar
from services.kit.principal import Role
from services.tasks_api.assignments.rules import State
from services.tasks_api.escalation_rules.rules import Action, Audience
from services.tasks_api.lateness.rules import Owed, Subject
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Message


class DayKind(StrEnum):
    """How a limit is counted: working days of the calendar, or calendar days."""

    WORKING = "working"
    CALENDAR = "calendar"


class Move(NamedTuple):
    """One arrow of a table of moves."""

    verb: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moves:
    """A table of moves."""

    arrows: Sequence[Move]

    def sources(self, verb: str) -> tuple[str, ...]:
        """The states a verb is possible in."""
        return tuple(move.before for move in self.arrows if move.verb == verb)

    def target(self, state: str, verb: str) -> str | None:
        """The state after the verb, or None where it is not possible."""
        return next((move.after for move in self.arrows if move.verb == verb and move.before == state), None)


NAMES: Final[Mapping[Subject, str]] = {Subject.PROBLEM: "突出问题整改", Subject.COMPLAINT: "投诉举报答复"}
ENDINGS: Final[Mapping[str, str]] = {
    "yellow": "即将到期",
    "red": "已逾期",
    "leader": "逾期，请单位负责人督促",
    "lead_unit": "逾期未办",
    "notice": "逾期督办",
    "circular": "逾期情况通报",
}
NAMED: Final = 10


class Item(Protocol):
    """What rows of all kinds of items have."""

    id: Any
    district_id: Any
    unit_id: Any
    due_on: Any
    held_since: Any
    ladder: Any
    stopped_on: Any
    version: Any


@dataclass(frozen=True, slots=True)
class Watched:
    """One item: who owes it until when, since when it is theirs, on which ladder, and whether its clock runs."""

    subject: Subject
    id: UUID
    district_id: UUID
    unit_id: UUID
    title: str
    due_on: date | None
    held_since: date
    ladder: int
    running: bool
    version: int

    @classmethod
    def of(cls, subject: Subject, row: Item, title: str) -> Watched:
        """An item's row as the ladder knows it; `title` is what warnings and letters say of it."""
        place, when = (row.district_id, row.unit_id), (row.due_on, row.held_since)
        return cls(subject, row.id, *place, title, *when, row.ladder, row.stopped_on is None, row.version)

    @property
    def state(self) -> str:
        """The state of an assignment that the ladder would treat alike."""
        return State.IN_PROGRESS.value if self.running else State.APPROVED.value

    @property
    def owed(self) -> Owed:
        """What the lateness record knows of it."""
        return Owed(self.id, self.district_id, self.unit_id, self.due_on, self.held_since, subject_type=self.subject)


def due_on(start: date, days: int, kind: DayKind, calendar: Calendar) -> date:
    """The last day of a limit that begins on the day after the start; a last calendar day that is a holiday moves to the next
    working day (民法典第203条). MissingYear where the calendar does not reach.
    """
    if kind is DayKind.WORKING:
        return calendar.add(start, days)
    return calendar.next_working(date.fromordinal(start.toordinal() + days))


def heading(subject: Subject, step: str) -> str:
    """How a step is headed."""
    return NAMES[subject] + ENDINGS.get(step, "督办提醒")


def text(unit_name: str, titles: Sequence[str]) -> str:
    """Which unit and which items; at most ten by name."""
    named = "、".join(f"《{each}》" for each in titles[:NAMED])
    return f"{unit_name}：{named}{'等' if len(titles) > NAMED else ''}，共 {len(titles)} 项。"


def warning(subject: Subject, step: str, audience: str, rows: Sequence[Watched], unit_name: str) -> Message:
    """The message of a warning: to the unit's people or its leader, else to the bureau, which leads these matters."""
    first = rows[0]
    to_unit = audience in {Audience.UNIT, Audience.UNIT_LEADER}
    roles: Sequence[Role] = messages.BUREAU
    if to_unit:
        roles = messages.LEADERS if audience == Audience.UNIT_LEADER else messages.STAFF
    return Message(
        kind=messages.Kind.PROBLEM if subject is Subject.PROBLEM else messages.Kind.COMPLAINT,
        district_id=first.district_id,
        unit_id=first.unit_id if to_unit else None,
        roles=roles,
        title=f"{heading(subject, step)}（{len(rows)} 项）",
        text=text(unit_name, [row.title for row in rows]),
        object_type=subject.value,
        object_id=first.id,
        data={"step": step, "ids": [str(row.id) for row in rows[:200]]},
    )


def is_letter(action: str) -> bool:
    """Whether a step sends a numbered letter."""
    return action != Action.WARN


def unit_faults(valid_from: date | None, valid_to: date | None, day: date, pointer: str) -> list[errors.Fault]:
    """A unit that is gone, or not there yet, is given nothing."""
    gone = (valid_to is not None and valid_to < day) or (valid_from is not None and valid_from > day)
    return [errors.Fault(pointer, "unit.not_in_force")] if gone else []
