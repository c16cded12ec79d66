"""Bodies and answers of rectifications."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.rectifications import rules
from services.kit import fields
from services.kit.pagination import PageQuery

Attachments = Annotated[list[fields.Id], Field(max_length=20, description="整改证据，须为本人或本单位上传。")]


class RectificationItem(fields.In):
    """One thing to be put right. `key` is that of the rubric's item or veto, or the rule of the legal check (`P14`)."""

    about: rules.About
    key: fields.Code | None = None
    text: fields.Prose


class RectificationIn(fields.In):
    """What a unit is to put right after a result. Items left out are those the standing sheets deduct for or veto by;
    the limit left out is the one set.
    """

    model_config = fields.example(
        {
            "result_id": "0192f0c8-0000-7000-8000-000000000503",
            "items": [{"about": "item", "key": "delivery.receipt", "text": "补正送达回证的签收日期（示例）"}],
            "due_on": "2025-09-30",
        }
    )

    result_id: fields.Id
    items: Annotated[list[RectificationItem] | None, Field(min_length=1, max_length=100)] = None
    due_on: fields.Day | None = None


class ReportIn(fields.In):
    """What was done, with evidence."""

    model_config = fields.example(
        {"report": "已补正送达回证，并组织承办人员学习（示例）", "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"]}
    )

    report: fields.Prose
    attachment_ids: Attachments = Field(default_factory=list)


class CheckIn(fields.In):
    """What the check came to."""

    model_config = fields.example({"note": "补正材料齐全，予以销号（示例）"})

    note: fields.Prose


class RectificationOut(fields.Out):
    """A rectification as read. What was found in an earlier year as well is repeated, and worth a course."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    case_file_id: fields.Id
    result_id: fields.Id | None = None
    year: fields.Year
    items: list[RectificationItem]
    priority: rules.Priority
    repeated_keys: Annotated[list[fields.Code], Field(description="往年同单位已发现的同类问题。")]
    suggested_course: Annotated[fields.Prose | None, Field(description="针对屡次出现的问题建议的培训。")] = None
    due_on: fields.Day
    is_overdue: fields.Flag
    state: rules.State
    created_at: fields.Moment
    report: fields.Prose | None = None
    reported_by: fields.Id | None = None
    reported_at: fields.Moment | None = None
    check_note: fields.Prose | None = None
    checked_by: fields.Id | None = None
    checked_at: fields.Moment | None = None
    allowed_actions: list[Literal["report", "close", "return"]]
    version: fields.Whole


class RectificationPage(fields.Page[RectificationOut]):
    """A page of rectifications."""


class RectificationFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    result_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    priority: rules.Priority | None = None
    state: rules.State | None = None
    is_overdue: bool | None = None
    sort: Literal["due_on", "-due_on"] = "due_on"
