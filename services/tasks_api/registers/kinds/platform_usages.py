"""平台应用: how much of a unit's work runs on the platform, counted in its assessment (plan task 21)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access
from services.tasks_api.registers import rules


class PlatformUsage(fields.In):
    """The figures of a period."""

    period_end: Annotated[fields.Day, Field(description="统计期末。")]
    period_start: Annotated[fields.Day, Field(description="统计期初。")]
    cases: Annotated[fields.Whole, Field(description="期内案件总数。")]
    cases_on_platform: Annotated[fields.Whole, Field(description="其中在平台办理的件数。")]
    active_officers: Annotated[fields.Whole, Field(description="期内使用平台的执法人员数。")]
    score: Annotated[fields.Points | None, Field(description="绩效考核得分。")] = None


def checks(draft: Draft[PlatformUsage]) -> Sequence[Fault]:
    """Cases on the platform are some of all; the period has an order."""
    facts = draft.facts
    return [
        *rules.faults_of_part("cases_on_platform", facts.cases_on_platform, facts.cases),
        *faults.of_order(("period_start", facts.period_start), ("period_end", facts.period_end)),
    ]


KIND = Kind(
    key="platform-usages",
    path="/v1/registers/platform-usages/records",
    title="执法平台应用情况",
    facts=PlatformUsage,
    day="period_end",
    grants=access.register("platform_usages", access.DISTRICT_OR_OWN_UNITS),
    tasks=(21,),
    enforcement_only=True,
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "period_end": "2025-06-30",
        "period_start": "2025-04-01",
        "cases": 20,
        "cases_on_platform": 19,
        "active_officers": 8,
        "score": 9.5,
    },
)
