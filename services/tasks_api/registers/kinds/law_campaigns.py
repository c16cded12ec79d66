"""普法活动: campaigns by which an organ makes its law known (plan task 14)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class LawCampaignForm(Word):
    """How it reached people."""

    EVENT = "event", "现场活动"
    LECTURE = "lecture", "讲座"
    MEDIA = "media", "媒体宣传"
    VISIT = "visit", "走访"
    MOCK_HEARING = "mock_hearing", "模拟听证"


class LawCampaign(fields.In):
    """One event."""

    held_on: Annotated[fields.Day, Field(description="活动之日。")]
    topic: Annotated[fields.Line, Field(description="主题。")]
    form: Annotated[LawCampaignForm, Field(description="形式。")]
    audience: Annotated[fields.Whole, Field(description="受众人次。")]


KIND = Kind(
    key="law-campaigns",
    path="/v1/registers/law-campaigns/records",
    title="普法活动",
    facts=LawCampaign,
    day="held_on",
    filters=("form",),
    grants=access.register("law_campaigns", access.DISTRICT_OR_OWN_UNITS),
    tasks=(14,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "held_on": "2025-12-04",
        "topic": "宪法宣传周（演示）",
        "form": "event",
        "audience": 300,
    },
)
