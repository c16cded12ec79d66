"""执法争议: disputes over jurisdiction or the law to apply, and how they were settled (plan task 13)."""

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


class JurisdictionDisputeMatter(Word):
    """What is in dispute."""

    JURISDICTION = "jurisdiction", "管辖争议"
    LAW_TO_APPLY = "law_to_apply", "法律适用争议"
    OTHER = "other", "其他"


class JurisdictionDispute(fields.In):
    """A dispute between units."""

    raised_on: Annotated[fields.Day, Field(description="提出之日。")]
    matter: Annotated[JurisdictionDisputeMatter, Field(description="争议类型。")]
    party_unit_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100, description="争议各方。")]
    description: Annotated[fields.Prose, Field(description="争议内容。")]
    settled_on: Annotated[fields.Day | None, Field(description="协调结束之日。")] = None
    outcome: Annotated[fields.Prose | None, Field(description="协调结果。")] = None


def checks(draft: Draft[JurisdictionDispute]) -> Sequence[Fault]:
    """Settled after it was raised, and how."""
    facts = draft.facts
    return [
        *faults.of_order(("raised_on", facts.raised_on), ("settled_on", facts.settled_on)),
        *faults.of_future(draft.today, ("settled_on", facts.settled_on)),
        *faults.of_missing(facts.settled_on is not None, [("outcome", facts.outcome)]),
    ]


KIND = Kind(
    key="jurisdiction-disputes",
    path="/v1/registers/jurisdiction-disputes/records",
    title="执法争议协调",
    facts=JurisdictionDispute,
    day="raised_on",
    filters=("matter",),
    grants=access.register("jurisdiction_disputes", access.DISTRICT_OR_OWN_UNITS),
    tasks=(13,),
    checks=checks,
    verify=verify.units_named("party_unit_ids"),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "raised_on": "2025-03-03",
        "matter": "jurisdiction",
        "party_unit_ids": ["0192f0c8-0000-7000-8000-000000000102"],
        "description": "河道采砂管辖（演示）。",
        "settled_on": "2025-03-20",
        "outcome": "由水利部门管辖（演示）。",
    },
)
