"""Bodies and answers of inspection proposals."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.inspection_proposals.rules import State, Verb

ObjectCode = Annotated[
    str, Field(min_length=1, max_length=64, pattern="^[A-Za-z0-9-]+$", description="统一社会信用代码或其他编号。")
]
EXAMPLE: Final[dict[str, Any]] = {
    "unit_id": "0192f0c8-0000-7000-8000-000000000102",
    "year": 2025,
    "object_name": "示例食品有限公司",
    "object_code": "DEMO-01",
    "content": "食品经营许可与进货查验（示例）",
    "basis": "食品安全法第110条",
    "first_on": "2025-05-01",
    "last_on": "2025-05-31",
}


class InspectionProposalIn(fields.In):
    """A visit to one object between two days of the year."""

    model_config = fields.example(EXAMPLE)

    unit_id: fields.Id
    year: fields.Year
    object_name: Annotated[fields.Line, Field(examples=["示例食品有限公司"])]
    object_code: ObjectCode | None = None
    content: fields.Prose
    basis: Annotated[fields.Line, Field(description="检查依据。")]
    first_on: fields.Day
    last_on: fields.Day
    late_reason: Annotated[fields.Line | None, Field(description="超过提出期限的，须说明理由。")] = None


class InspectionProposalBatchIn(fields.In):
    """A department's visits of the year."""

    model_config = fields.example({"items": [EXAMPLE], "atomic": True})

    items: Annotated[list[InspectionProposalIn], Field(min_length=1, max_length=500)]
    atomic: fields.Flag = False


class InspectionProposalOut(fields.Out):
    """A proposal as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    year: fields.Year
    object_name: fields.Line
    object_code: ObjectCode | None = None
    content: fields.Prose
    basis: fields.Line
    first_on: fields.Day
    last_on: fields.Day
    submitted_on: fields.Day
    late: bool
    late_reason: fields.Line | None = None
    state: State
    created_by_name: fields.Line
    created_at: fields.Moment
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class InspectionProposalPage(fields.Page[InspectionProposalOut]):
    """A page of proposals."""


class InspectionProposalFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    state: State | None = None
    late: bool | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
