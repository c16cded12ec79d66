"""满意度测评: what people think of enforcement, asked by a third party (requirement 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields, grants
from services.kit.errors import Fault
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access
from services.tasks_api.registers import rules


class SatisfactionSurvey(fields.In):
    """One survey."""

    finished_on: Annotated[fields.Day, Field(description="完成之日。")]
    provider: Annotated[fields.Line, Field(description="测评机构。")]
    sample: Annotated[fields.Whole, Field(ge=1, description="有效样本数。")]
    satisfied: Annotated[fields.Whole, Field(description="表示满意的样本数。")]
    findings: Annotated[fields.Prose | None, Field(description="主要发现。")] = None


def checks(draft: Draft[SatisfactionSurvey]) -> Sequence[Fault]:
    """The satisfied are some of those asked."""
    facts = draft.facts
    return [
        *rules.faults_of_part("satisfied", facts.satisfied, facts.sample),
    ]


KIND = Kind(
    key="satisfaction-surveys",
    path="/v1/registers/satisfaction-surveys/records",
    title="满意度第三方测评",
    facts=SatisfactionSurvey,
    day="finished_on",
    grants=access.register("satisfaction_surveys", access.EVERYONE_IN_DISTRICT, grants.BUREAU),
    requirements=(2,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "finished_on": "2025-11-10",
        "provider": "示例测评中心（演示）",
        "sample": 1000,
        "satisfied": 912,
    },
)
