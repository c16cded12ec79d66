"""简案快办: fields in which simple cases are handled faster (plan task 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class FastCasePilot(fields.In):
    """A pilot and what it brought."""

    started_on: Annotated[fields.Day, Field(description="开始之日。")]
    field: Annotated[fields.Line, Field(description="执法领域。")]
    conditions: Annotated[fields.Prose, Field(description="适用条件和程序。")]
    cases: Annotated[fields.Whole | None, Field(description="已办理件数。")] = None
    average_days: Annotated[fields.Whole | None, Field(description="平均办理自然日数。")] = None
    ended_on: Annotated[fields.Day | None, Field(description="结束之日。")] = None


def checks(draft: Draft[FastCasePilot]) -> Sequence[Fault]:
    """It does not end before it began; an average needs cases."""
    facts = draft.facts
    return [
        *faults.of_order(("started_on", facts.started_on), ("ended_on", facts.ended_on)),
        *faults.of_future(draft.today, ("ended_on", facts.ended_on)),
        *faults.of_missing(facts.average_days is not None, [("cases", facts.cases)]),
    ]


KIND = Kind(
    key="fast-case-pilots",
    path="/v1/registers/fast-case-pilots/records",
    title="简案快办试点",
    facts=FastCasePilot,
    day="started_on",
    grants=access.register("fast_case_pilots", access.DISTRICT_OR_OWN_UNITS),
    tasks=(9,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "started_on": "2025-02-01",
        "field": "城市管理",
        "conditions": "事实清楚、当事人认错认罚（演示）。",
        "cases": 12,
        "average_days": 3,
    },
)
