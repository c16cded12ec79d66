"""联系点: private enterprises where the district listens to how it enforces (plan task 9). No person is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access
from services.tasks_api.registers import rules


class ContactPoint(fields.In):
    """An enterprise chosen as a contact point."""

    established_on: Annotated[fields.Day, Field(description="设立之日。")]
    enterprise: Annotated[fields.Line, Field(description="企业名称。")]
    credit_code: Annotated[fields.Line | None, Field(description="统一社会信用代码。")] = None
    field: Annotated[fields.Line | None, Field(description="所属行业。")] = None
    visits: Annotated[fields.Whole | None, Field(description="已走访次数。")] = None
    opinions: Annotated[fields.Whole | None, Field(description="已收集意见条数。")] = None
    ended_on: Annotated[fields.Day | None, Field(description="撤销之日。")] = None


def checks(draft: Draft[ContactPoint]) -> Sequence[Fault]:
    """A right code, and no end before the beginning."""
    facts = draft.facts
    return [
        *rules.faults_of_credit_code("credit_code", facts.credit_code),
        *faults.of_order(("established_on", facts.established_on), ("ended_on", facts.ended_on)),
        *faults.of_future(draft.today, ("ended_on", facts.ended_on)),
    ]


KIND = Kind(
    key="contact-points",
    path="/v1/registers/contact-points/records",
    title="民营企业执法联系点",
    facts=ContactPoint,
    day="established_on",
    grants=access.register("contact_points", access.DISTRICT_OR_OWN_UNITS),
    tasks=(9,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "established_on": "2024-09-10",
        "enterprise": "示例机械有限公司（演示）",
        "field": "制造业",
        "visits": 3,
        "opinions": 5,
    },
)
