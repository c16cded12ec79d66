"""四张清单: what is not penalised, penalised lighter or less, or not coerced (plan task 9)."""

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


class FourListList(Word):
    """The four lists: not penalised, lighter, mitigated, not coerced."""

    NO_PENALTY = "no_penalty", "不予处罚清单"
    LIGHTER_PENALTY = "lighter_penalty", "从轻处罚清单"
    MITIGATED_PENALTY = "mitigated_penalty", "减轻处罚清单"
    NO_COERCION = "no_coercion", "不予强制清单"


class FourList(fields.In):
    """One edition of one of the four lists."""

    adopted_on: Annotated[fields.Day, Field(description="制定或修订之日。")]
    list: Annotated[FourListList, Field(description="清单类别。")]
    title: Annotated[fields.Line, Field(description="名称。")]
    items: Annotated[fields.Whole, Field(ge=1, description="列入事项数。")]
    document_no: Annotated[fields.Line | None, Field(description="文号。")] = None
    published_on: Annotated[fields.Day | None, Field(description="公示之日。")] = None
    address: Annotated[fields.Line | None, Field(description="公示网址或位置。")] = None


def checks(draft: Draft[FourList]) -> Sequence[Fault]:
    """Adopted, then made public, and where."""
    facts = draft.facts
    return [
        *faults.of_order(("adopted_on", facts.adopted_on), ("published_on", facts.published_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on)),
        *faults.of_missing(facts.published_on is not None, [("address", facts.address)]),
    ]


KIND = Kind(
    key="four-lists",
    path="/v1/registers/four-lists/records",
    title="包容审慎监管清单",
    facts=FourList,
    day="adopted_on",
    filters=("list",),
    grants=access.register("four_lists", access.EVERYONE_IN_DISTRICT),
    tasks=(9,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "adopted_on": "2024-11-05",
        "list": "no_penalty",
        "title": "轻微违法不予处罚事项清单（演示）",
        "items": 26,
        "published_on": "2024-11-12",
        "address": "区政府门户网站（演示）",
    },
)
