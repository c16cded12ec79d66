"""Bodies and answers of plans."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.plans.rules import State

Title = Annotated[
    str,
    Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$", examples=["示例区执法质量行动计划"]),
    fields.IMPERSONAL,
]
RegionCode = Annotated[str, Field(min_length=6, max_length=12, pattern="^[0-9]+$", examples=["350111"])]


class PlanChange(fields.In):
    """What may change while the plan is a draft."""

    model_config = fields.example({"title": "示例区行政执法质量三年提升行动方案", "period_end": "2026-12-31"})

    title: Title | None = None
    period_start: fields.Day | None = None
    period_end: fields.Day | None = None
    document_no: fields.Line | None = None
    issued_on: fields.Day | None = None


class PlanOut(fields.Out):
    """A plan as read."""

    id: fields.Id
    district_id: fields.Id
    title: Title
    region_code: RegionCode
    region_name: fields.Line | None = None
    document_no: fields.Line | None = None
    issued_on: fields.Day | None = None
    goals: fields.Prose | None = None
    period_start: fields.Day
    period_end: fields.Day
    state: State
    tasks: fields.Whole
    requirements: fields.Whole
    version_number: Annotated[fields.Whole | None, Field(description="方案版本号，见 /versions；草案无此项。")] = None
    content_sha256: fields.Hash | None = None
    warnings: list[dict[str, Any]] = Field(max_length=1000)
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    activated_at: fields.Moment | None = None
    closed_at: fields.Moment | None = None
    version: fields.Whole
    created_at: fields.Moment


class PlanPage(fields.Page[PlanOut]):
    """A page of plans."""


class PlanFilter(PageQuery):
    """Named filters of the list."""

    state: State | None = None
    region_code: RegionCode | None = None
    external_id: fields.Code | None = None
    sort: Literal["-created_at"] = "-created_at"
