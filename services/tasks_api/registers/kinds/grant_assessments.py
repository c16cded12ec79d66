"""赋权评估: whether a township can bear what was given to it (plan task 11: by the end of 2024)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults, verify
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access
from services.tasks_api.registers import external


class GrantAssessmentResult(Word):
    """Kept, adjusted, or taken back."""

    KEEP = "keep", "保留"
    ADJUST = "adjust", "调整"
    WITHDRAW = "withdraw", "收回"


class GrantAssessment(fields.In):
    """What was found about one item or about all of a department's items."""

    assessed_on: Annotated[fields.Day, Field(description="评估之日。")]
    granting_unit_id: Annotated[fields.Id, Field(description="赋权的区级部门。")]
    granted_item_id: Annotated[fields.Id | None, Field(description="所评估的赋权事项；整体评估不填。")] = None
    result: Annotated[GrantAssessmentResult, Field(description="评估结论。")]
    findings: Annotated[fields.Prose, Field(description="评估情况。")]
    adjusted_on: Annotated[fields.Day | None, Field(description="调整之日。")] = None
    adjustment: Annotated[fields.Prose | None, Field(description="调整措施。")] = None


def checks(draft: Draft[GrantAssessment]) -> Sequence[Fault]:
    """Given to a township; an adjustment says what, and follows."""
    facts = draft.facts
    return [
        *faults.of_township(draft.unit),
        *faults.of_missing(facts.adjusted_on is not None, [("adjustment", facts.adjustment)]),
        *faults.of_order(("assessed_on", facts.assessed_on), ("adjusted_on", facts.adjusted_on)),
        *faults.of_future(draft.today, ("adjusted_on", facts.adjusted_on)),
    ]


KIND = Kind(
    key="grant-assessments",
    path="/v1/registers/grant-assessments/records",
    title="赋权事项评估",
    facts=GrantAssessment,
    day="assessed_on",
    subject="granting_unit_id",
    filters=("result",),
    grants=access.register("grant_assessments", access.DISTRICT_OR_OWN_UNITS),
    tasks=(11,),
    obligations=("O11a",),
    checks=checks,
    verify=verify.both(verify.units_named("granting_unit_id"), external.granted_item),
    lookups={"granted_item_id": external.ITEM_CODE},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "assessed_on": "2024-11-20",
        "granting_unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "result": "keep",
        "findings": "承接能力良好（演示）。",
    },
)
