"""Bodies and answers of training plans."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.kinds import Category, ClassKind
from services.training_api.training_plans.rules import PlanKind, State

Month = Annotated[int, Field(strict=True, ge=1, le=12, json_schema_extra={"format": "int32"})]
Files = Annotated[list[fields.Id], Field(max_length=20, description="计划文件等附件，须先上传。")]


Units = Annotated[list[fields.Id], Field(max_length=200, description="参训单位；赋权部门须列入被赋权乡镇（街道）。")]


class PlanItem(fields.In):
    """A class the plan foresees."""

    title: Annotated[fields.Line, Field(examples=["新修订法律法规专题培训"])]
    kind: ClassKind
    category: Category
    hours: Annotated[fields.Hours, Field(description="每名参训人员学时，大于零。")]
    month: Annotated[Month | None, Field(description="计划月份。")] = None
    level: Annotated[fields.Line | None, Field(description="分级：参训人员层级。", examples=["一线执法人员"])] = None
    participants: Annotated[fields.Whole | None, Field(description="计划参训人数。")] = None
    unit_ids: Units = Field(default=[], max_length=200)
    note: Annotated[fields.Prose | None, Field(max_length=2000)] = None


Items = Annotated[list[PlanItem], Field(max_length=200)]


class PlanIn(fields.In):
    """A new training plan, as a draft."""

    model_config = fields.example(
        {
            "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "year": 2025,
            "kind": "annual",
            "title": "2025 年行政执法培训计划（演示）",
            "items": [{"title": "执法文书与案卷制作", "kind": "professional", "category": "skills", "hours": 24, "month": 6}],
        }
    )

    unit_id: fields.Id
    year: fields.Year
    kind: PlanKind
    title: Annotated[fields.Line, Field(examples=["2025 年行政执法培训计划（演示）"])]
    items: Items = Field(default=[], max_length=200)
    note: Annotated[fields.Prose | None, Field(max_length=2000)] = None
    attachment_ids: Files = Field(default=[], max_length=20)


class PlanChange(fields.In):
    """What may be changed in a draft or a returned plan; `items` and `attachment_ids` replace the whole list."""

    model_config = fields.example({"title": "2024年度行政执法培训计划（修订）"})

    title: fields.Line | None = None
    items: Items | None = None
    note: Annotated[fields.Prose | None, Field(max_length=2000)] = None
    attachment_ids: Files | None = None


class ReturnIn(fields.In):
    """Why a plan goes back to its unit."""

    model_config = fields.example({"reason": "未纳入被赋权乡镇的执法人员"})

    reason: Annotated[fields.Line, Field(examples=["缺少分级分类安排，请补充"])]


class ApproveIn(fields.In):
    """A remark on the approval, if any."""

    model_config = fields.example({"reason": "被赋权乡镇另有安排"})

    reason: fields.Line | None = None


class PlanItemOut(PlanItem):
    """An item as read, by its place in the plan."""

    place: fields.Whole


class PlanOut(fields.Out):
    """A plan as read; `hours` is the sum of its items."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    year: fields.Year
    kind: PlanKind
    title: fields.Line
    items: list[PlanItemOut] = Field(max_length=200)
    hours: fields.Hours
    note: fields.Prose | None = None
    attachment_ids: list[fields.Id] = Field(max_length=20)
    state: State
    submitted_at: fields.Moment | None = None
    submitted_by: fields.Id | None = None
    decided_at: fields.Moment | None = None
    decided_by: fields.Id | None = None
    decision_reason: fields.Line | None = None
    allowed_actions: list[Literal["change", "submit", "approve", "return", "reopen"]] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class PlanPage(fields.Page[PlanOut]):
    """A page of plans."""


class PlanFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    kind: PlanKind | None = None
    state: State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class TownshipOut(fields.Out):
    """A township to which the plan's unit granted powers: officers in service there, and whether an item is for them."""

    unit_id: fields.Id
    name: fields.Line
    officers: fields.Whole
    included: fields.Flag


class CheckOut(fields.Out):
    """What stands in the way of handing in. `assumed`: no grant is recorded, so every township is taken as granted to."""

    plan_id: fields.Id
    ok: fields.Flag
    items: fields.Whole
    assumed: fields.Flag
    townships: list[TownshipOut] = Field(max_length=1000)
    missing_unit_ids: list[fields.Id] = Field(max_length=1000)


class OwedPlanOut(fields.Out):
    """A plan that a unit owes for a year, and what there is of it."""

    unit_id: fields.Id
    year: fields.Year
    kind: PlanKind
    plan_id: fields.Id | None = None
    state: Annotated[Literal["missing"] | State, Field(description="missing 表示尚未编制。")]


class OwedPlanPage(fields.Page[OwedPlanOut]):
    """A page of plans owed."""


class OwedPlanFilter(PageQuery):
    """Named filters of the plans owed."""

    year: fields.QueryYear
    kind: PlanKind | None = None
    unit_id: fields.Id | None = None
    state: Literal["missing"] | State | None = None
    sort: Literal["unit_id"] = "unit_id"
