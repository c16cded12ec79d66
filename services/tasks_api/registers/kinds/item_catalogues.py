"""行政执法事项目录: what an organ may enforce, by edition, and where it is public (plan task 10: by the end of 2024)."""

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


class ItemCatalogueReason(Word):
    """Why an edition was made."""

    FIRST = "first", "首次制定"
    LAW_CHANGED = "law_changed", "法律变动"
    POWERS_MOVED = "powers_moved", "职权变动"
    YEARLY = "yearly", "年度调整"


class ItemCatalogue(fields.In):
    """One edition of an organ's catalogue."""

    made_on: Annotated[fields.Day, Field(description="制定或调整之日。")]
    title: Annotated[fields.Line, Field(description="名称。")]
    edition: Annotated[fields.Line, Field(description="版本。")]
    items: Annotated[fields.Whole, Field(ge=1, description="事项总数。")]
    reason: Annotated[ItemCatalogueReason, Field(description="制定或调整的原因。")]
    document_no: Annotated[fields.Line | None, Field(description="文号。")] = None
    published_on: Annotated[fields.Day | None, Field(description="对外公示之日。")] = None
    address: Annotated[fields.Line | None, Field(description="公示网址或位置。")] = None
    replaced_on: Annotated[fields.Day | None, Field(description="被新版本取代之日。")] = None


def checks(draft: Draft[ItemCatalogue]) -> Sequence[Fault]:
    """Made, made public and where, replaced."""
    facts = draft.facts
    return [
        *faults.of_order(("made_on", facts.made_on), ("published_on", facts.published_on)),
        *faults.of_order(("made_on", facts.made_on), ("replaced_on", facts.replaced_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on), ("replaced_on", facts.replaced_on)),
        *faults.of_missing(facts.published_on is not None, [("address", facts.address)]),
    ]


KIND = Kind(
    key="item-catalogues",
    path="/v1/registers/item-catalogues/records",
    title="行政执法事项目录",
    facts=ItemCatalogue,
    day="made_on",
    filters=("reason", "edition"),
    grants=access.register("item_catalogues", access.EVERYONE_IN_DISTRICT),
    tasks=(10,),
    obligations=("O10",),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "made_on": "2024-10-20",
        "title": "行政执法事项目录（演示）",
        "edition": "2024年版",
        "items": 128,
        "reason": "first",
        "published_on": "2024-11-01",
        "address": "区政府门户网站（演示）",
    },
)
