"""电子技术监控设备 (非现场执法): equipment that collects facts of offences by itself, each with what the law asks of it before
it may: reviewed legally and technically, marked, its place public (处罚法 art. 41; plan task 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.cases_api import access
from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind


class MonitoringEquipment(fields.In):
    """One device. What is missing is found by the legal check of the cases that rest on it; it keeps nobody from entering."""

    set_up_on: Annotated[fields.Day, Field(description="设置之日。")]
    name: Annotated[fields.Line, Field(description="设备名称。")]
    device_no: Annotated[fields.Code | None, Field(description="设备编号。")] = None
    place: Annotated[fields.Line, Field(description="设置地点。")]
    purpose: Annotated[fields.Line, Field(description="用于收集、固定的违法事实。")]
    standard: Annotated[fields.Line | None, Field(description="所符合的标准或检定证书。")] = None
    legal_review_on: Annotated[fields.Day | None, Field(description="法制审核通过之日。")] = None
    technical_review_on: Annotated[fields.Day | None, Field(description="技术审核通过之日。")] = None
    marked: Annotated[fields.Flag | None, Field(description="标志是否明显。")] = None
    published_on: Annotated[fields.Day | None, Field(description="设置地点向社会公布之日。")] = None
    address: Annotated[fields.Line | None, Field(description="公布的网址或位置。")] = None
    ended_on: Annotated[fields.Day | None, Field(description="停用或拆除之日。")] = None


def checks(draft: Draft[MonitoringEquipment]) -> Sequence[Fault]:
    """Nothing lies ahead; taken down after it was set up; what is public has its place."""
    facts = draft.facts
    days = ("legal_review_on", "technical_review_on", "published_on", "ended_on")
    return [
        *faults.of_future(draft.today, *((name, getattr(facts, name)) for name in days)),
        *faults.of_order(("set_up_on", facts.set_up_on), ("ended_on", facts.ended_on)),
        *faults.of_missing(facts.published_on is not None, [("address", facts.address)]),
    ]


KIND = Kind(
    key="monitoring-equipment",
    path="/v1/monitoring-equipment",
    title="电子技术监控设备",
    facts=MonitoringEquipment,
    day="set_up_on",
    filters=("device_no",),
    grants=access.MONITORING_EQUIPMENT,
    tasks=(9,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "set_up_on": "2024-01-15",
        "name": "占道经营智能识别摄像机（演示）",
        "place": "示例路与演示街交叉口",
        "purpose": "占道经营",
        "legal_review_on": "2024-01-20",
        "technical_review_on": "2024-01-22",
        "marked": True,
        "published_on": "2024-02-01",
        "address": "区政府门户网站（演示）",
    },
)
