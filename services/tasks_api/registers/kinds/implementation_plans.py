"""单位实施安排: each unit's own plan with its four contents (requirement 2)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.tasks_api import access


class ImplementationPlan(fields.In):
    """Division of work, measures, guarantees, publicity and training: all four."""

    adopted_on: Annotated[fields.Day, Field(description="印发之日。")]
    title: Annotated[fields.Line, Field(description="名称。")]
    division_of_work: Annotated[fields.Prose, Field(description="责任分工。")]
    measures: Annotated[fields.Prose, Field(description="推进措施。")]
    guarantees: Annotated[fields.Prose, Field(description="落实保障机制。")]
    publicity_and_training: Annotated[fields.Prose, Field(description="宣传培训。")]


KIND = Kind(
    key="implementation-plans",
    path="/v1/registers/implementation-plans/records",
    title="单位实施安排",
    facts=ImplementationPlan,
    day="adopted_on",
    grants=access.register("implementation_plans", access.DISTRICT_OR_OWN_UNITS),
    requirements=(2,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "adopted_on": "2024-03-20",
        "title": "实施安排（演示）",
        "division_of_work": "明确分管领导和责任科室（演示）。",
        "measures": "按月推进（演示）。",
        "guarantees": "经费和人员保障（演示）。",
        "publicity_and_training": "专题培训两次（演示）。",
    },
)
