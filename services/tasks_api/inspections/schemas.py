"""Bodies and answers of inspections."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.inspection_proposals.schemas import ObjectCode
from services.tasks_api.inspections.rules import Result, State, Verb

Officers = Annotated[int, Field(strict=True, ge=2, le=200, json_schema_extra={"format": "int32"})]
CheckCode = Annotated[str, Field(min_length=1, max_length=64, pattern="^[A-Za-z0-9-]+$", description="入企检查码。")]


class InspectionIn(fields.In):
    """An inspection carried out: by a visit of the plan, which then names the object, or beside it with a reason."""

    model_config = fields.example(
        {
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "unit_ids": ["0192f0c8-0000-7000-8000-000000000102", "0192f0c8-0000-7000-8000-000000000103"],
            "plan_item_id": "0192f0c8-0000-7000-8000-000000000606",
            "enterprise": True,
            "check_code": "DEMO-2025-0001",
            "inspected_on": "2025-05-12",
            "officers": 2,
            "result": "ordered_to_correct",
            "result_text": "进货台账缺两日记录，已责令改正（示例）",
        }
    )

    unit_id: Annotated[fields.Id, Field(description="牵头单位。")]
    unit_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=50, description="共同检查的单位，含牵头单位。")]
    plan_item_id: fields.Id | None = None
    off_plan_reason: Annotated[fields.Line | None, Field(description="计划外检查须说明理由。")] = None
    object_name: Annotated[fields.Line | None, Field(description="计划外检查须填；按计划的以计划为准。")] = None
    object_code: ObjectCode | None = None
    enterprise: Annotated[fields.Flag, Field(description="是否入企检查。")] = False
    check_code: CheckCode | None = None
    inspected_on: fields.Day
    officers: Annotated[Officers, Field(description="检查人员人数，不得少于两人（行政处罚法第42条）。")]
    result: Result
    result_text: fields.Prose | None = None
    case_file_id: fields.Id | None = None
    draw_id: Annotated[fields.Id | None, Field(description="所依据的双随机抽取。")] = None
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20, default_factory=list)]


class VoidIn(fields.In):
    """Why it is void; may stand in `X-Change-Reason`."""

    model_config = fields.example({"note": "重复登记（示例）"})

    note: fields.Line | None = None


class InspectionOut(fields.Out):
    """An inspection as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    unit_ids: Annotated[list[fields.Id], Field(max_length=50)]
    plan_item_id: fields.Id | None = None
    off_plan_reason: fields.Line | None = None
    object_name: fields.Line
    object_code: ObjectCode | None = None
    enterprise: bool
    check_code: CheckCode | None = None
    inspected_on: fields.Day
    officers: fields.Whole
    result: Result
    result_text: fields.Prose | None = None
    visits_saved: Annotated[fields.Whole, Field(description="为检查对象减少的检查次数。")]
    case_file_id: fields.Id | None = None
    draw_id: fields.Id | None = None
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    state: State
    void_reason: fields.Line | None = None
    created_by_name: fields.Line
    created_at: fields.Moment
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class InspectionPage(fields.Page[InspectionOut]):
    """A page of inspections."""


class InspectionFilter(PageQuery):
    """Named filters of the list; `unit_id` finds those a unit led or took part in."""

    unit_id: fields.Id | None = None
    planned: bool | None = None
    enterprise: bool | None = None
    result: Result | None = None
    state: State | None = None
    inspected_on__gte: fields.Day | None = None
    inspected_on__lte: fields.Day | None = None
    sort: Literal["inspected_on", "-inspected_on"] = "-inspected_on"
