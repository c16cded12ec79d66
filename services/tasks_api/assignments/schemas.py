"""Bodies and answers of assignments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.assignments.rules import Lamp, State, Verb
from services.tasks_api.tasks.rules import Role

Reason = Annotated[fields.Line, Field(description="理由，记入流转记录和审计。", examples=["材料不全，请补充签到表。"])]
STATES = f"({'|'.join(State)})"


def _states(value: str) -> str:
    return ",".join(dict.fromkeys(value.split(",")))


StateList = Annotated[
    str,
    Field(max_length=200, pattern=f"^{STATES}(,{STATES})*$", description="以逗号分隔的多个状态。", examples=["issued,signed"]),
    AfterValidator(_states),
]


class ReasonIn(fields.In):
    """Why; may also stand in `X-Change-Reason`."""

    model_config = fields.example({"reason": "佐证材料不全，请补充（示例）"})

    reason: Reason | None = None


class ReassignIn(ReasonIn):
    """To whom an assignment goes, and why."""

    model_config = fields.example({"unit_id": "0192f0c8-0000-7000-8000-000000000103", "reason": "职责已划转（示例）"})

    unit_id: fields.Id


class AssignmentOut(fields.Out):
    """An assignment as read. `lamp`, `late_days` and `allowed_actions` are computed at that moment."""

    id: fields.Id
    district_id: fields.Id
    plan_id: fields.Id
    task_id: fields.Id
    unit_id: fields.Id
    role: Role
    year: Annotated[fields.Year | None, Field(description="按年度交办的年度；一次性任务无此项。")] = None
    due_on: Annotated[fields.Day | None, Field(description="现行完成时限。")] = None
    original_due_on: Annotated[fields.Day | None, Field(description="下达时的完成时限。")] = None
    extended_to: Annotated[fields.Day | None, Field(description="时限变动后的日期；未变动则无此项。")] = None
    held_since: Annotated[fields.Day, Field(description="交到现承担单位之日。")]
    parent_id: Annotated[fields.Id | None, Field(description="由哪项任务交办分解而来。")] = None
    issuer_unit_id: Annotated[fields.Id | None, Field(description="分解下达的单位。")] = None
    suspended_days: Annotated[fields.Whole, Field(description="因中止而顺延的自然日数。")]
    state: State
    state_before: Annotated[State | None, Field(description="中止前的状态。")] = None
    lamp: Lamp
    late_days: Annotated[fields.Whole | None, Field(description="逾期工作日数；工作日历缺少有关日期时不作推算，无此项。")] = None
    submitted_on: fields.Day | None = None
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole
    created_at: fields.Moment


class AssignmentPage(fields.Page[AssignmentOut]):
    """A page of assignments."""


class AssignmentFilter(PageQuery):
    """Named filters of the list."""

    plan_id: fields.Id | None = None
    task_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    parent_id: fields.Id | None = None
    role: Role | None = None
    state: State | None = None
    state__in: StateList | None = None
    year: fields.QueryYear | None = None
    lamp: Lamp | None = None
    due_on__lte: fields.Day | None = None
    due_on__gte: fields.Day | None = None
    sort: Literal["due_on", "-due_on", "created_at", "-created_at"] = "due_on"


class MoveOut(fields.Out):
    """One entry of an assignment's history: what it became, with unit and dates as they stood right after it."""

    version: fields.Whole
    verb: Annotated[fields.Code, Field(description="issue（下达）、extend（延期）或流转动作。")]
    state_before: State | None = None
    state_after: State
    unit_id: fields.Id
    due_on: fields.Day | None = None
    reason: fields.Prose | None = None
    actor_id: fields.Id
    actor_name: fields.Line
    recorded_at: fields.Moment


class MovePage(fields.Page[MoveOut]):
    """A page of an assignment's history."""


class MoveFilter(PageQuery):
    """The history runs from the first move to the last."""

    sort: Literal["version", "-version"] = "version"
