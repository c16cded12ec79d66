"""司法所: ways in which justice offices help to supervise townships (plan task 17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class JusticeOfficePilot(fields.In):
    """A pilot of one office."""

    started_on: Annotated[fields.Day, Field(description="开始之日。")]
    office: Annotated[fields.Line, Field(description="司法所。")]
    method: Annotated[fields.Prose, Field(description="协助方式。")]
    acts: Annotated[fields.Whole | None, Field(description="已协助监督次数。")] = None
    ended_on: Annotated[fields.Day | None, Field(description="结束之日。")] = None


def checks(draft: Draft[JusticeOfficePilot]) -> Sequence[Fault]:
    """It does not end before it began."""
    facts = draft.facts
    return [
        *faults.of_order(("started_on", facts.started_on), ("ended_on", facts.ended_on)),
        *faults.of_future(draft.today, ("ended_on", facts.ended_on)),
    ]


KIND = Kind(
    key="justice-office-pilots",
    path="/v1/registers/justice-office-pilots/records",
    title="司法所协助监督试点",
    facts=JusticeOfficePilot,
    day="started_on",
    grants=access.register("justice_office_pilots", access.DISTRICT_OR_OWN_UNITS),
    tasks=(17,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "started_on": "2025-04-01",
        "office": "示例司法所（演示）",
        "method": "列席案件讨论（演示）。",
        "acts": 4,
    },
)
