"""心理咨询: services in numbers only; nothing about any person is kept (plan task 23)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.tasks_api import access


class CounsellingService(fields.In):
    """The services of a period."""

    period_end: Annotated[fields.Day, Field(description="统计期末。")]
    lectures: Annotated[fields.Whole, Field(description="讲座场次。")]
    consultations: Annotated[fields.Whole, Field(description="咨询人次。")]
    interventions: Annotated[fields.Whole, Field(description="危机干预次数。")]


KIND = Kind(
    key="counselling-services",
    path="/v1/registers/counselling-services/records",
    title="心理咨询和危机干预",
    facts=CounsellingService,
    day="period_end",
    grants=access.register("counselling_services", access.DISTRICT_OR_OWN_UNITS),
    tasks=(23,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "period_end": "2025-06-30",
        "lectures": 2,
        "consultations": 7,
        "interventions": 0,
    },
)
