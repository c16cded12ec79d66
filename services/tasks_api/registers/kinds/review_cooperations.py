"""法制审核协作: units that review each other's major decisions (plan task 22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults, verify
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class ReviewCooperation(fields.In):
    """An arrangement between units."""

    agreed_on: Annotated[fields.Day, Field(description="建立之日。")]
    partner_unit_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100, description="协作单位。")]
    reviewers: Annotated[fields.Whole, Field(description="参与审核人员数。")]
    cases: Annotated[fields.Whole | None, Field(description="已协作审核件数。")] = None
    ended_on: Annotated[fields.Day | None, Field(description="终止之日。")] = None


def checks(draft: Draft[ReviewCooperation]) -> Sequence[Fault]:
    """It does not end before it began."""
    facts = draft.facts
    return [
        *faults.of_order(("agreed_on", facts.agreed_on), ("ended_on", facts.ended_on)),
        *faults.of_future(draft.today, ("ended_on", facts.ended_on)),
    ]


KIND = Kind(
    key="review-cooperations",
    path="/v1/registers/review-cooperations/records",
    title="法制审核协作",
    facts=ReviewCooperation,
    day="agreed_on",
    grants=access.register("review_cooperations", access.DISTRICT_OR_OWN_UNITS),
    tasks=(22,),
    checks=checks,
    verify=verify.units_named("partner_unit_ids"),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "agreed_on": "2025-02-15",
        "partner_unit_ids": ["0192f0c8-0000-7000-8000-000000000102"],
        "reviewers": 3,
        "cases": 6,
    },
)
