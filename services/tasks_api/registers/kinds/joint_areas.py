"""片区联合执法: areas in which townships and departments enforce together (plan task 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults, verify
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class JointArea(fields.In):
    """An area, who leads it and who takes part."""

    established_on: Annotated[fields.Day, Field(description="设立之日。")]
    name: Annotated[fields.Line, Field(description="片区名称。")]
    member_unit_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100, description="参加单位。")]
    mechanism: Annotated[fields.Prose, Field(description="运行机制。")]
    ended_on: Annotated[fields.Day | None, Field(description="撤销之日。")] = None


def checks(draft: Draft[JointArea]) -> Sequence[Fault]:
    """It does not end before it began."""
    facts = draft.facts
    return [
        *faults.of_order(("established_on", facts.established_on), ("ended_on", facts.ended_on)),
        *faults.of_future(draft.today, ("ended_on", facts.ended_on)),
    ]


KIND = Kind(
    key="joint-areas",
    path="/v1/registers/joint-areas/records",
    title="片区联合执法片区",
    facts=JointArea,
    day="established_on",
    grants=access.register("joint_areas", access.DISTRICT_OR_OWN_UNITS),
    tasks=(9,),
    checks=checks,
    verify=verify.units_named("member_unit_ids"),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "established_on": "2024-06-01",
        "name": "示例北片区",
        "member_unit_ids": ["0192f0c8-0000-7000-8000-000000000102"],
        "mechanism": "每周联合巡查一次（演示）。",
    },
)
