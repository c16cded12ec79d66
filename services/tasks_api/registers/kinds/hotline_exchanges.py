"""12345 信息共享: what the hotline and supervision tell each other (plan task 18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access
from services.tasks_api.registers import rules


class HotlineExchangeDirection(Word):
    """From the hotline, or to it."""

    RECEIVED = "received", "接收"
    SENT = "sent", "报送"


class HotlineExchange(fields.In):
    """One exchange, in numbers."""

    exchanged_on: Annotated[fields.Day, Field(description="共享之日。")]
    direction: Annotated[HotlineExchangeDirection, Field(description="方向。")]
    items: Annotated[fields.Whole, Field(description="信息条数。")]
    enforcement_items: Annotated[fields.Whole, Field(description="其中涉及行政执法的条数。")]
    use: Annotated[fields.Prose | None, Field(description="处理和运用情况。")] = None


def checks(draft: Draft[HotlineExchange]) -> Sequence[Fault]:
    """Those about enforcement are some of all."""
    facts = draft.facts
    return [
        *rules.faults_of_part("enforcement_items", facts.enforcement_items, facts.items),
    ]


KIND = Kind(
    key="hotline-exchanges",
    path="/v1/registers/hotline-exchanges/records",
    title="12345监督信息共享",
    facts=HotlineExchange,
    day="exchanged_on",
    filters=("direction",),
    grants=access.register("hotline_exchanges", access.DISTRICT_OR_OWN_UNITS),
    tasks=(18,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "exchanged_on": "2025-06-30",
        "direction": "received",
        "items": 120,
        "enforcement_items": 18,
    },
)
