"""人员保险: how many are covered, by what, for how long; nobody is named (plan task 23)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access
from services.tasks_api.registers import rules


class InsuranceCover(Word):
    """What is insured."""

    ACCIDENT = "accident", "意外伤害险"
    HEALTH = "health", "健康险"
    LIABILITY = "liability", "责任险"


class Insurance(fields.In):
    """One policy, in numbers."""

    from_on: Annotated[fields.Day, Field(description="保险期起。")]
    to_on: Annotated[fields.Day, Field(description="保险期止。")]
    cover: Annotated[InsuranceCover, Field(description="险种。")]
    covered: Annotated[fields.Whole, Field(ge=1, description="参保人数。")]
    eligible: Annotated[fields.Whole, Field(ge=1, description="一线执法人员总数。")]
    premium_fen: Annotated[fields.Fen | None, Field(description="保费（分）。")] = None


def checks(draft: Draft[Insurance]) -> Sequence[Fault]:
    """Those covered are some of those eligible; the term has an order."""
    facts = draft.facts
    return [
        *rules.faults_of_part("covered", facts.covered, facts.eligible),
        *faults.of_order(("from_on", facts.from_on), ("to_on", facts.to_on)),
    ]


KIND = Kind(
    key="insurances",
    path="/v1/registers/insurances/records",
    title="执法人员保险",
    facts=Insurance,
    day="from_on",
    filters=("cover",),
    grants=access.register("insurances", access.DISTRICT_OR_OWN_UNITS),
    tasks=(23,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "from_on": "2025-01-01",
        "to_on": "2025-12-31",
        "cover": "accident",
        "covered": 11,
        "eligible": 12,
        "premium_fen": 220000,
    },
)
