"""Bodies and answers of problem summaries."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.problem_summaries.rules import Scope, State, Verb

Files = Annotated[list[fields.Id], Field(max_length=20)]


class ProblemSummaryIn(fields.In):
    """A summary of a period. The roll-up of the district is written by the bureau for its own unit."""

    model_config = fields.example(
        {
            "scope": "unit",
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "period_start": "2025-01-01",
            "period_end": "2025-06-30",
            "title": "2025 年上半年整治行政执法突出问题工作总结",
            "text": "共排查问题三项，均已整改（示例）",
            "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"],
        }
    )

    scope: Scope = Scope.UNIT
    unit_id: fields.Id
    plan_id: fields.Id | None = None
    period_start: fields.Day
    period_end: fields.Day
    title: Annotated[fields.Line, Field(examples=["2025 年上半年整治行政执法突出问题工作总结"])]
    text: fields.Prose
    attachment_ids: Annotated[Files, Field(default_factory=list)]


class ProblemSummaryChange(fields.In):
    """What a draft may change; what is left out stays."""

    model_config = fields.example({"text": "共排查问题三项，已整改两项，一项在办（示例）"})

    title: fields.Line | None = None
    text: fields.Prose | None = None
    attachment_ids: Files | None = None


class DecisionIn(fields.In):
    """What is said to it; needed for a return. May stand in `X-Change-Reason`."""

    model_config = fields.example({"note": "数据与台账不符，请核对（示例）"})

    note: fields.Line | None = None


class FiguresOut(fields.Out):
    """Problems found in the period, and what became of them; void ones do not count."""

    found: fields.Whole
    closed: Annotated[fields.Whole, Field(description="已销号。")]
    submitted: Annotated[fields.Whole, Field(description="已报整改结果，待核查。")]
    open: Annotated[fields.Whole, Field(description="整改中。")]
    late: Annotated[fields.Whole, Field(description="逾期未报整改结果。")]
    reopened: fields.Whole


class RollUpRowOut(fields.Out):
    """A unit in the roll-up: its figures, and its own summary of the period where it has sent one."""

    unit_id: fields.Id
    unit_name: fields.Line
    figures: FiguresOut
    summary_id: fields.Id | None = None
    summary_state: State | None = None
    submitted_on: fields.Day | None = None


class ProblemSummaryOut(fields.Out):
    """A summary as read. Figures and rows are counted from the problems: live in a draft, as they stood then afterwards."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    plan_id: fields.Id | None = None
    scope: Scope
    period_start: fields.Day
    period_end: fields.Day
    title: fields.Line
    text: fields.Prose
    attachment_ids: Files
    state: State
    figures: FiguresOut
    rows: Annotated[list[RollUpRowOut], Field(max_length=1000, description="区级汇总：各单位情况；单位总结为空。")]
    submitted_by_name: fields.Line | None = None
    submitted_on: fields.Day | None = None
    submitted_at: fields.Moment | None = None
    decided_by_name: fields.Line | None = None
    decided_at: fields.Moment | None = None
    decision_note: fields.Line | None = None
    approved_on: fields.Day | None = None
    created_by_name: fields.Line
    created_at: fields.Moment
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class ProblemSummaryPage(fields.Page[ProblemSummaryOut]):
    """A page of summaries."""


class ProblemSummaryFilter(PageQuery):
    """Named filters of the list."""

    scope: Scope | None = None
    unit_id: fields.Id | None = None
    plan_id: fields.Id | None = None
    state: State | None = None
    period_start: fields.Day | None = None
    period_end: fields.Day | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
