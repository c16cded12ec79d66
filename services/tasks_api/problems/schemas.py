"""Bodies and answers of the problem list."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.assignments.rules import Lamp
from services.tasks_api.problems.rules import Origin, ProblemKind, Source, State, Verb
from services.tasks_api.watched_items.rules import DayKind

LimitDays = Annotated[int, Field(strict=True, ge=1, le=400, json_schema_extra={"format": "int32"})]
Files = Annotated[list[fields.Id], Field(max_length=20, default_factory=list)]
EXAMPLE: Final[dict[str, Any]] = {
    "unit_id": "0192f0c8-0000-7000-8000-000000000102",
    "kind": "inaction",
    "source": "self_check",
    "title": "执法记录仪未全程使用",
    "description": "抽查三宗案件，两宗缺少全程记录（示例）",
    "found_on": "2025-03-12",
    "responsible": "综合执法队（示例）",
    "limit": {"days": 20, "kind": "working"},
    "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"],
}


class LimitIn(fields.In):
    """How long putting it right may take, from the day of listing: so many working days, or calendar days."""

    days: LimitDays
    kind: DayKind = DayKind.WORKING


class OriginIn(fields.In):
    """The record it was made from; a rectification of reviews becomes one problem only."""

    type: Origin
    id: fields.Id


class ProblemIn(fields.In):
    """A problem to be listed. Without a limit the one of the settings holds."""

    model_config = fields.example(EXAMPLE)

    unit_id: fields.Id
    plan_id: fields.Id | None = None
    kind: ProblemKind
    source: Source
    origin: OriginIn | None = None
    title: Annotated[fields.Line, Field(examples=["执法记录仪未全程使用"])]
    description: fields.Prose
    found_on: fields.Day
    measures: fields.Prose | None = None
    responsible: Annotated[fields.Line | None, Field(description="责任科室或岗位。")] = None
    limit: LimitIn | None = None
    attachment_ids: Files


class ProblemBatchIn(fields.In):
    """Problems of one round of checks (排查), each with its own outcome."""

    model_config = fields.example({"items": [EXAMPLE], "atomic": False})

    items: Annotated[list[ProblemIn], Field(min_length=1, max_length=500)]
    atomic: fields.Flag = False


class RectificationsIn(fields.In):
    """Rectifications of reviews to be listed as problems: these, or all that are open. What is listed already stays."""

    model_config = fields.example(
        {"rectification_ids": ["0192f0c8-0000-7000-8000-000000000604"], "kind": "other", "limit": {"days": 20, "kind": "working"}}
    )

    rectification_ids: Annotated[list[fields.Id] | None, Field(min_length=1, max_length=500)] = None
    kind: ProblemKind = ProblemKind.OTHER
    limit: LimitIn | None = None


class MeasureIn(fields.In):
    """What will be done, and by whom."""

    model_config = fields.example({"measures": "补配执法记录仪并抽查使用情况（示例）", "responsible": "综合执法队（示例）"})

    measures: fields.Prose
    responsible: fields.Line | None = None


class ResultIn(fields.In):
    """What was done, with its evidence."""

    model_config = fields.example(
        {"result": "记录仪已配齐，连续四周抽查无异常（示例）", "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"]}
    )

    result: fields.Prose
    attachment_ids: Files


class CheckIn(fields.In):
    """What the check found; needed when the result is returned, or the problem void. May stand in `X-Change-Reason`."""

    model_config = fields.example({"note": "佐证齐全，予以销号（示例）"})

    note: fields.Line | None = None


class ReopenIn(fields.In):
    """Why it is opened again, and the new limit from today."""

    model_config = fields.example({"note": "复查发现问题反弹（示例）", "limit": {"days": 10, "kind": "working"}})

    note: fields.Line
    limit: LimitIn


class LimitOut(fields.Out):
    """The limit."""

    days: fields.Whole
    kind: DayKind


class OriginOut(fields.Out):
    """The record it was made from."""

    type: Origin
    id: fields.Id


class ProblemOut(fields.Out):
    """A problem as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    plan_id: fields.Id | None = None
    kind: ProblemKind
    source: Source
    origin: OriginOut | None = None
    title: fields.Line
    description: fields.Prose
    measures: fields.Prose | None = None
    responsible: fields.Line | None = None
    found_on: fields.Day
    limit: LimitOut
    due_on: fields.Day
    state: State
    lamp: Lamp
    late_days: Annotated[fields.Whole | None, Field(description="逾期工作日数。")] = None
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    result: fields.Prose | None = None
    result_attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    submitted_by_name: fields.Line | None = None
    submitted_at: fields.Moment | None = None
    checked_by_name: fields.Line | None = None
    checked_at: fields.Moment | None = None
    check_note: fields.Line | None = None
    closed_on: fields.Day | None = None
    reopened: Annotated[fields.Whole, Field(description="销号后重新打开的次数。")]
    void_reason: fields.Line | None = None
    created_by_name: fields.Line
    created_at: fields.Moment
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class ProblemPage(fields.Page[ProblemOut]):
    """A page of problems."""


class ProblemMoveOut(fields.Out):
    """One move of a problem."""

    version: fields.Whole
    verb: fields.Code
    state_before: State | None = None
    state_after: State
    due_on: fields.Day
    note: fields.Line | None = None
    actor_name: fields.Line
    recorded_at: fields.Moment


class ProblemHistoryOut(fields.Out):
    """All moves of a problem, the first one first."""

    items: Annotated[list[ProblemMoveOut], Field(max_length=1000)]


class ProblemFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    plan_id: fields.Id | None = None
    kind: ProblemKind | None = None
    source: Source | None = None
    origin_id: fields.Id | None = None
    state: State | None = None
    lamp: Lamp | None = None
    due_on__lte: fields.Day | None = None
    found_on__gte: fields.Day | None = None
    found_on__lte: fields.Day | None = None
    sort: Literal["created_at", "-created_at", "due_on", "-due_on"] = "-created_at"
