"""Bodies and answers of objections."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.objections import rules
from services.cases_api.reviews.schemas import EXAMPLE as SHEET
from services.cases_api.reviews.schemas import ReviewIn
from services.kit import fields
from services.kit.pagination import PageQuery

Attachments = Annotated[list[fields.Id], Field(max_length=20, description="证据材料，须为本人或本单位上传。")]


class ObjectionIn(fields.In):
    """What a unit objects to, and why."""

    model_config = fields.example(
        {
            "result_id": "0192f0c8-0000-7000-8000-000000000503",
            "text": "送达回证已附卷第30页，不应扣分（示例）",
            "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"],
        }
    )

    result_id: fields.Id
    text: fields.Prose
    attachment_ids: Attachments = Field(default_factory=list)


class DeciderIn(fields.In):
    """Who decides: an active account of the bureau or of a reviewer who had nothing to do with the result."""

    model_config = fields.example({"account_id": "0192f0c8-0000-7000-8000-000000000301"})

    account_id: fields.Id


class UpholdIn(fields.In):
    """Why the objection is right, and the whole sheet as it should have been; the result follows from it."""

    model_config = fields.example({"decision": "经核卷，送达回证在卷，异议成立（示例）", "sheet": SHEET})

    decision: fields.Prose
    sheet: ReviewIn


class RejectIn(fields.In):
    """Why the objection is not right."""

    model_config = fields.example({"decision": "送达回证无受送达人签名，维持原评查意见（示例）"})

    decision: fields.Prose


class ObjectionOut(fields.Out):
    """An objection as read, with the result as it was before."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    result_id: fields.Id
    case_file_id: fields.Id
    text: fields.Prose
    state: rules.State
    filed_by: fields.Id
    filed_at: fields.Moment
    decide_by: Annotated[fields.Day, Field(description="答复期限。")]
    decider_id: fields.Id | None = None
    decision: fields.Prose | None = None
    sheet: ReviewIn | None = None
    total_before: fields.Points | None = None
    grade_before: fields.Code
    decided_at: fields.Moment | None = None
    allowed_actions: list[Literal["assign", "uphold", "reject", "withdraw"]]
    version: fields.Whole


class ObjectionPage(fields.Page[ObjectionOut]):
    """A page of objections."""


class ObjectionFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    result_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    decider_id: fields.Id | None = None
    state: rules.State | None = None
    sort: Literal["filed_at", "-filed_at"] = "-filed_at"
