"""年度行政执法监督工作方案: what is supervised in a year (plan task 18: one each year)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields, grants
from services.kit.registers.kinds import Kind
from services.tasks_api import access


class SupervisionPlan(fields.In):
    """The plan of a year."""

    adopted_on: Annotated[fields.Day, Field(description="印发之日。")]
    plan_year: Annotated[fields.Year, Field(description="方案年度。")]
    title: Annotated[fields.Line, Field(description="名称。")]
    document_no: Annotated[fields.Line | None, Field(description="文号。")] = None
    points: Annotated[fields.Prose, Field(description="监督重点和方式。")]


KIND = Kind(
    key="supervision-plans",
    path="/v1/registers/supervision-plans/records",
    title="年度监督工作方案",
    facts=SupervisionPlan,
    day="adopted_on",
    filters=("plan_year",),
    grants=access.register("supervision_plans", access.EVERYONE_IN_DISTRICT, grants.BUREAU),
    tasks=(18,),
    obligations=("O18",),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "adopted_on": "2025-02-08",
        "plan_year": 2025,
        "title": "2025年度行政执法监督工作方案（演示）",
        "points": "工作报告、统计分析、评议考核（演示）。",
    },
)
