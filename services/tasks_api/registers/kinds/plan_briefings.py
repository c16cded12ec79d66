"""方案宣讲: officers told of the plan's goals, tasks and dates (requirement 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access
from services.tasks_api.registers import rules


class PlanBriefing(fields.In):
    """One briefing."""

    held_on: Annotated[fields.Day, Field(description="宣讲之日。")]
    form: Annotated[fields.Line, Field(description="形式。")]
    officers: Annotated[fields.Whole, Field(ge=1, description="参加的执法人员数。")]
    eligible: Annotated[fields.Whole, Field(ge=1, description="本单位执法人员总数。")]


def checks(draft: Draft[PlanBriefing]) -> Sequence[Fault]:
    """Those who came are some of all."""
    facts = draft.facts
    return [
        *rules.faults_of_part("officers", facts.officers, facts.eligible),
    ]


KIND = Kind(
    key="plan-briefings",
    path="/v1/registers/plan-briefings/records",
    title="方案学习宣讲",
    facts=PlanBriefing,
    day="held_on",
    grants=access.register("plan_briefings", access.DISTRICT_OR_OWN_UNITS),
    requirements=(3,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "held_on": "2024-04-10",
        "form": "专题会议",
        "officers": 11,
        "eligible": 12,
    },
)
