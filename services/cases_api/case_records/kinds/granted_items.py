"""赋权事项: powers given to a township by a department, with their days (处罚法 art. 24; plan task 11). Which cases a department
guides is told by them: by the item's code, or by its very name where the case gives no code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.cases_api import access
from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults, verify
from services.kit.registers.kinds import Draft, Kind


class GrantedItem(fields.In):
    """One item exercised by a township."""

    granted_on: Annotated[fields.Day, Field(description="赋权之日。")]
    granting_unit_id: Annotated[fields.Id, Field(description="赋权的区级部门。")]
    item_code: Annotated[fields.Code, Field(description="事项编码。")]
    item: Annotated[fields.Line, Field(description="事项名称。")]
    basis: Annotated[fields.Line | None, Field(description="赋权依据。")] = None
    ends_on: Annotated[fields.Day | None, Field(description="终止之日。")] = None


def checks(draft: Draft[GrantedItem]) -> Sequence[Fault]:
    """Given to a township; not over before it began."""
    facts = draft.facts
    return [
        *faults.of_township(draft.unit),
        *faults.of_order(("granted_on", facts.granted_on), ("ends_on", facts.ends_on)),
    ]


KIND = Kind(
    key="granted-items",
    path="/v1/granted-items",
    title="赋权事项",
    facts=GrantedItem,
    day="granted_on",
    subject="granting_unit_id",
    filters=("item_code",),
    grants=access.GRANTED_ITEMS,
    tasks=(11,),
    obligations=("O11a", "O11b"),
    checks=checks,
    verify=verify.units_named("granting_unit_id"),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "granted_on": "2023-07-01",
        "granting_unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "item_code": "350111-CG-001",
        "item": "对占道经营的处罚（演示）",
        "basis": "省政府赋权目录（演示）",
    },
)
