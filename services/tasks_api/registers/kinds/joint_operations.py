"""联合执法行动: what an area or several departments did together (plan task 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import verify
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access
from services.tasks_api.registers import queries, rules


class JointOperation(fields.In):
    """One operation with its figures."""

    held_on: Annotated[fields.Day, Field(description="行动之日。")]
    title: Annotated[fields.Line, Field(description="行动名称。")]
    joint_area_id: Annotated[fields.Id | None, Field(description="所属片区。")] = None
    member_unit_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100, description="参加单位。")]
    officers: Annotated[fields.Whole, Field(description="出动执法人员人次。")]
    objects: Annotated[fields.Whole, Field(description="检查对象数。")]
    violations: Annotated[fields.Whole, Field(description="发现违法行为数。")]
    cases: Annotated[fields.Whole, Field(description="立案数。")]


def checks(draft: Draft[JointOperation]) -> Sequence[Fault]:
    """No more cases than violations."""
    facts = draft.facts
    return [
        *rules.faults_of_part("cases", facts.cases, facts.violations),
    ]


KIND = Kind(
    key="joint-operations",
    path="/v1/registers/joint-operations/records",
    title="联合执法行动",
    facts=JointOperation,
    day="held_on",
    subject="joint_area_id",
    grants=access.register("joint_operations", access.DISTRICT_OR_OWN_UNITS),
    tasks=(9,),
    checks=checks,
    verify=verify.both(verify.units_named("member_unit_ids"), queries.joint_area),
    lookups={"joint_area_id": queries.AREA_NAME},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "held_on": "2025-04-18",
        "title": "占道经营联合整治（演示）",
        "member_unit_ids": ["0192f0c8-0000-7000-8000-000000000102"],
        "officers": 14,
        "objects": 40,
        "violations": 6,
        "cases": 2,
    },
)
