"""Bodies and answers of progress reports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

Percent = Annotated[int, Field(strict=True, ge=0, le=100, json_schema_extra={"format": "int32"}, description="完成百分比。")]
Amount = Annotated[float, Field(strict=True, ge=-1e12, le=1e12, json_schema_extra={"format": "double"})]


class Measure(fields.In):
    """Something counted: what, how much, in which unit."""

    what: Annotated[fields.Line, Field(examples=["培训场次"])]
    value: Annotated[Amount, Field(examples=[2])]
    unit: Annotated[fields.Line | None, Field(examples=["场"])] = None


class ProgressReportIn(fields.In):
    """A report on an assignment; a correction is a further report."""

    model_config = fields.example(
        {
            "period": "2024年第三季度",
            "text": "已制定年度培训计划，举办培训两场。",
            "percent": 60,
            "measures": [{"what": "培训场次", "value": 2, "unit": "场"}],
            "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"],
        }
    )

    period: Annotated[fields.Line, Field(description="所报期间。", examples=["2024年第三季度"])]
    text: Annotated[fields.Prose, Field(examples=["已制定年度培训计划，举办培训两场。"])]
    percent: Percent
    measures: Annotated[list[Measure], Field(max_length=50, default_factory=list)]
    attachment_ids: Annotated[
        list[fields.Id], Field(max_length=20, default_factory=list, description="佐证材料，须由本人或本单位上传。")
    ]


class ProgressReportOut(fields.Out):
    """A report as read."""

    id: fields.Id
    assignment_id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    period: fields.Line
    text: fields.Prose
    percent: Percent
    measures: Annotated[list[Measure], Field(max_length=50)]
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    reported_by: fields.Id
    reported_by_name: fields.Line
    created_at: fields.Moment


class ProgressReportPage(fields.Page[ProgressReportOut]):
    """A page of reports."""


class ProgressReportFilter(PageQuery):
    """The newest report comes first."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


class MissingFilter(PageQuery):
    """Which day it is asked for, and named filters."""

    on: Annotated[fields.Day | None, Field(description="按哪一天判断，缺省为今天。")] = None
    unit_id: fields.Id | None = None
    plan_id: fields.Id | None = None
    sort: Literal["unit"] = "unit"


class MissingOut(fields.Out):
    """Work under way on which nothing was reported for the last period that ended."""

    assignment_id: fields.Id
    plan_id: fields.Id
    task_id: fields.Id
    task_number: fields.Whole
    task_title: fields.Line
    district_id: fields.Id
    unit_id: fields.Id
    unit_name: fields.Line
    state: fields.Code
    period_start: fields.Day
    period_end: fields.Day
    working_days_since: Annotated[
        fields.Whole | None, Field(description="期满后已过工作日数；工作日历缺少有关日期时无此项。")
    ] = None
    overdue: Annotated[fields.Flag | None, Field(description="是否超过规定的填报期限。")] = None
    last_reported_at: fields.Moment | None = None


class MissingPage(fields.Page[MissingOut]):
    """A page of work that was not reported on."""
