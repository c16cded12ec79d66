"""非现场执法: technical monitoring, lawful and technically sound, its places public (处罚法 art. 41; plan task 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class MonitoringPoint(fields.In):
    """One place with its two reviews."""

    set_up_on: Annotated[fields.Day, Field(description="设置之日。")]
    place: Annotated[fields.Line, Field(description="地点。")]
    purpose: Annotated[fields.Line, Field(description="用途。")]
    legal_review_on: Annotated[fields.Day | None, Field(description="法制审核之日。")] = None
    technical_review_on: Annotated[fields.Day | None, Field(description="技术审核之日。")] = None
    published_on: Annotated[fields.Day | None, Field(description="向社会公布之日。")] = None
    ended_on: Annotated[fields.Day | None, Field(description="撤除之日。")] = None


def checks(draft: Draft[MonitoringPoint]) -> Sequence[Fault]:
    """Public only after both reviews."""
    facts = draft.facts
    return [
        *faults.of_missing(
            facts.published_on is not None,
            [("legal_review_on", facts.legal_review_on), ("technical_review_on", facts.technical_review_on)],
        ),
        *faults.of_order(("legal_review_on", facts.legal_review_on), ("published_on", facts.published_on)),
        *faults.of_order(("technical_review_on", facts.technical_review_on), ("published_on", facts.published_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on), ("ended_on", facts.ended_on)),
    ]


KIND = Kind(
    key="monitoring-points",
    path="/v1/registers/monitoring-points/records",
    title="非现场执法监控点",
    facts=MonitoringPoint,
    day="set_up_on",
    grants=access.register("monitoring_points", access.DISTRICT_OR_OWN_UNITS),
    tasks=(9,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "set_up_on": "2025-01-15",
        "place": "示例路与演示街交叉口",
        "purpose": "占道经营巡查",
        "legal_review_on": "2025-01-20",
        "technical_review_on": "2025-01-22",
        "published_on": "2025-02-01",
    },
)
