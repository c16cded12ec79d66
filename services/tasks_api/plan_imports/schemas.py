"""Bodies and answers of drafting plans, from a document or as data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.tasks_api.plans.schemas import PlanOut, RegionCode, Title
from services.tasks_api.tasks.schemas import TaskIn


class WarningOut(fields.Out):
    """Something in the document that a person should look at; `text` is the line as printed, cut short."""

    code: Annotated[str, Field(max_length=64, pattern="^[a-z_]+$", examples=["unit_unknown"])]
    line: fields.Whole
    zh: fields.Line
    en: fields.Line
    text: Annotated[str, Field(max_length=200)]


class PlanIn(fields.In):
    """A plan as data, with its tasks and requirements."""

    model_config = fields.example(
        {
            "title": "示例区行政执法质量三年提升行动方案",
            "region_code": "350111",
            "period_start": "2025-01-01",
            "period_end": "2026-12-31",
            "tasks": [
                {
                    "kind": "task",
                    "number": 1,
                    "title": "明确执法培训责任",
                    "responsibles": [{"as_written": "各乡镇人民政府、街道办事处", "group_key": "townships"}],
                    "deadlines": [{"shape": "yearly_count", "times_per_year": 2}],
                }
            ],
        }
    )

    title: Title
    region_code: RegionCode
    region_name: fields.Line | None = None
    document_no: fields.Line | None = None
    issued_on: fields.Day | None = None
    goals: fields.Prose | None = None
    period_start: fields.Day
    period_end: fields.Day
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    tasks: Annotated[list[TaskIn], Field(min_length=1, max_length=500)]


class PlanImportOut(fields.Out):
    """What was read from a document: the draft plan, its tasks, and what the reading left open."""

    plan: PlanOut
    tasks: list[TaskIn] = Field(max_length=500)
    warnings: list[WarningOut] = Field(max_length=1000)
