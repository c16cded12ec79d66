"""Rules of missing progress reports: how far up the line it is told, and what is said. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple
from uuid import UUID

from services.kit.principal import Role
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Kind, Message

KEPT: Final = 200


class Level(IntEnum):
    """To whom it is told: the unit's people, its leaders, the bureau."""

    UNIT = 0
    LEADERS = 1
    BUREAU = 2


ROLES: Final[dict[Level, tuple[Role, ...]]] = {
    Level.UNIT: messages.STAFF,
    Level.LEADERS: messages.LEADERS,
    Level.BUREAU: messages.BUREAU,
}


class Missing(NamedTuple):
    """An assignment on which nothing was reported, and the unit that owes the report."""

    assignment_id: UUID
    district_id: UUID
    unit_id: UUID
    version: int


def level_of(since: int | None, due: int, between: int) -> Level | None:
    """How far up it is told so many working days after the period's end: to the unit behind the last day, a level further
    after so many more. None while there is time, and where the calendar lacks the days.
    """
    if since is None or since <= due:
        return None
    further = (since - due - 1) // between if between else Level.BUREAU
    return Level(min(further, Level.BUREAU))


def told(level: Level, found: Sequence[Missing], start: date, end: date) -> Iterator[Message]:
    """One message to each unit; in the end one to the bureau for all, and each unit's leaders hear of it."""
    if level is Level.BUREAU:
        units = len({each.unit_id for each in found})
        yield _message(level, None, found, f"{units} 个单位的 {len(found)} 项任务 {start} 至 {end} 未填报进展。")
    to = min(level, Level.LEADERS)
    for unit_id in dict.fromkeys(each.unit_id for each in found):
        own = [each for each in found if each.unit_id == unit_id]
        yield _message(to, unit_id, own, f"{len(own)} 项任务 {start} 至 {end} 未填报进展，请补报。")


def _message(level: Level, unit_id: UUID | None, found: Sequence[Missing], text: str) -> Message:
    return Message(
        kind=Kind.MISSING_REPORT,
        district_id=found[0].district_id,
        unit_id=unit_id,
        roles=ROLES[level],
        title=f"未按期填报进展（{len(found)} 项）",
        text=text,
        object_type="unit",
        object_id=unit_id or found[0].district_id,
        data={"level": int(level), "count": len(found), "assignment_ids": _ids(found)},
    )


def _ids(found: Iterable[Missing]) -> list[str]:
    return [str(each.assignment_id) for each in found][:KEPT]
