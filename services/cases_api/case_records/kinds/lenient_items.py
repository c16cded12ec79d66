"""包容审慎监管清单事项 (首违不罚 and its kin): each item of the lists of what is spared, punished less, or not coerced, with
the days it holds (处罚法 art. 32, 33; plan task 9). The editions of the lists stand in their register."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.cases_api import access
from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind


class LenientList(StrEnum):
    """The lists: first offence spared, slight offence not penalised, lighter, mitigated, not coerced."""

    FIRST_OFFENCE = "first_offence"
    NO_PENALTY = "no_penalty"
    LIGHTER_PENALTY = "lighter_penalty"
    MITIGATED_PENALTY = "mitigated_penalty"
    NO_COERCION = "no_coercion"


class LenientItem(fields.In):
    """One item with its conditions."""

    listed_on: Annotated[fields.Day, Field(description="列入清单施行之日。")]
    list: Annotated[LenientList, Field(description="首违不罚、轻微免罚、从轻、减轻、免强制清单。")]
    item_code: Annotated[fields.Code | None, Field(description="执法事项编码。")] = None
    item: Annotated[fields.Line, Field(description="事项名称。")]
    conditions: Annotated[fields.Prose, Field(description="适用条件。")]
    basis: Annotated[fields.Line | None, Field(description="依据。")] = None
    document_no: Annotated[fields.Line | None, Field(description="清单文号。")] = None
    published_on: Annotated[fields.Day | None, Field(description="向社会公布之日。")] = None
    ends_on: Annotated[fields.Day | None, Field(description="移出清单之日，当日仍适用。")] = None


def checks(draft: Draft[LenientItem]) -> Sequence[Fault]:
    """It does not end before it begins; what is published lies not ahead."""
    facts = draft.facts
    return [
        *faults.of_order(("listed_on", facts.listed_on), ("ends_on", facts.ends_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on)),
    ]


KIND = Kind(
    key="lenient-items",
    path="/v1/lenient-items",
    title="包容审慎监管清单事项",
    facts=LenientItem,
    day="listed_on",
    filters=("list", "item_code"),
    grants=access.LENIENT_ITEMS,
    tasks=(9,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "listed_on": "2024-01-01",
        "list": "first_offence",
        "item_code": "350111-CG-001",
        "item": "占道经营（演示）",
        "conditions": "初次违法，危害后果轻微，当场改正（演示）。",
        "basis": "行政处罚法第三十三条",
    },
)
