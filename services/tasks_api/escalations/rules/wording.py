"""What the steps of the ladder say, and to whom. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.kit.principal import Role
from services.tasks_api.escalation_rules.rules import Audience
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Message

TITLES: Final[Mapping[str, str]] = {
    "unsigned": "任务尚未签收",
    "yellow": "任务即将到期",
    "red": "任务已逾期",
    "leader": "任务逾期，请单位负责人督促",
    "lead_unit": "责任单位任务逾期",
    "notice": "关于督促完成逾期任务的督办函",
    "circular": "关于任务逾期情况的通报",
}
NAMED: Final = 10
KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A step taken for some assignments of one unit: their ids, and their tasks by id."""

    step: str
    audience: str
    unit_id: UUID
    unit_name: str
    district_id: UUID
    assignments: Sequence[tuple[UUID, UUID]]


def title(step: str) -> str:
    """How a step is headed; a district's own steps have a common heading."""
    return TITLES.get(step, "督办提醒")


def body(hit: Hit, titles: Mapping[UUID, str]) -> str:
    """Which unit, how many, and which tasks; at most ten by name."""
    tasks = list(dict.fromkeys(titles[task_id] for _, task_id in hit.assignments))
    named = "、".join(f"《{task}》" for task in tasks[:NAMED])
    more = "等" if len(tasks) > NAMED else ""
    return f"{hit.unit_name}：{named}{more}，共 {len(hit.assignments)} 项任务交办。"


def warnings(hit: Hit, titles: Mapping[UUID, str], leads: Mapping[UUID, set[UUID]]) -> list[Message]:
    """The messages of a warning: one to the unit, or one to each unit that leads some of the tasks and else to the bureau."""
    if hit.audience in {Audience.UNIT, Audience.UNIT_LEADER}:
        roles = messages.STAFF if hit.audience == Audience.UNIT else messages.LEADERS
        return [_message(hit, titles, hit.unit_id, roles)]
    if hit.audience == Audience.BUREAU:
        return [_message(hit, titles, None, messages.BUREAU)]
    return [
        _message(part, titles, unit_id, messages.LEADERS if unit_id else messages.BUREAU)
        for unit_id, part in _by_lead(hit, leads).items()
    ]


def _by_lead(hit: Hit, leads: Mapping[UUID, set[UUID]]) -> dict[UUID | None, Hit]:
    """The hit cut up by who leads the tasks; the late unit itself is nobody to be told."""
    parts: dict[UUID | None, list[tuple[UUID, UUID]]] = {}
    for pair in hit.assignments:
        others: Sequence[UUID | None] = sorted(leads.get(pair[1], set()) - {hit.unit_id})
        for unit_id in others or (None,):
            parts.setdefault(unit_id, []).append(pair)
    return {
        unit_id: Hit(hit.step, hit.audience, hit.unit_id, hit.unit_name, hit.district_id, pairs)
        for unit_id, pairs in parts.items()
    }


def _message(hit: Hit, titles: Mapping[UUID, str], unit_id: UUID | None, roles: Sequence[Role]) -> Message:
    return Message(
        kind=messages.Kind.ESCALATION,
        district_id=hit.district_id,
        unit_id=unit_id,
        roles=roles,
        title=f"{title(hit.step)}（{len(hit.assignments)} 项）",
        text=body(hit, titles),
        object_type="unit",
        object_id=hit.unit_id,
        data={
            "step": hit.step,
            "count": len(hit.assignments),
            "assignment_ids": [str(assignment_id) for assignment_id, _ in hit.assignments[:KEPT]],
        },
    )
