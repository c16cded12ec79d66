"""委托执法: powers exercised by others on an organ's behalf (处罚法 art. 20, 21; plan task 10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class Entrustment(fields.In):
    """A letter of entrustment."""

    signed_on: Annotated[fields.Day, Field(description="签订之日。")]
    trustee: Annotated[fields.Line, Field(description="受委托组织。")]
    matters: Annotated[fields.Prose, Field(description="委托事项和权限。")]
    basis: Annotated[fields.Line, Field(description="依据。")]
    from_on: Annotated[fields.Day, Field(description="期限起。")]
    to_on: Annotated[fields.Day | None, Field(description="期限止。")] = None
    published_on: Annotated[fields.Day | None, Field(description="委托书公布之日。")] = None
    filed_on: Annotated[fields.Day | None, Field(description="备案之日。")] = None


def checks(draft: Draft[Entrustment]) -> Sequence[Fault]:
    """The term does not end before it begins; made public after signing."""
    facts = draft.facts
    return [
        *faults.of_order(("from_on", facts.from_on), ("to_on", facts.to_on)),
        *faults.of_order(("signed_on", facts.signed_on), ("published_on", facts.published_on)),
        *faults.of_order(("signed_on", facts.signed_on), ("filed_on", facts.filed_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on), ("filed_on", facts.filed_on)),
    ]


KIND = Kind(
    key="entrustments",
    path="/v1/registers/entrustments/records",
    title="委托执法",
    facts=Entrustment,
    day="signed_on",
    grants=access.register("entrustments", access.EVERYONE_IN_DISTRICT),
    tasks=(10,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "signed_on": "2025-01-06",
        "trustee": "示例区城管协管中心（演示）",
        "matters": "市容巡查（演示）。",
        "basis": "《行政处罚法》第二十条",
        "from_on": "2025-01-10",
        "to_on": "2027-01-09",
        "published_on": "2025-01-15",
    },
)
