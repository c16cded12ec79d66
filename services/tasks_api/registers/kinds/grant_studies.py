"""赋权论证: whether an item not yet given could be, also to subdistricts (plan task 11)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers import verify
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class GrantStudyConclusion(Word):
    """To be given, to wait, or not to be given."""

    GRANT = "grant", "可以下放"
    WAIT = "wait", "暂缓下放"
    REJECT = "reject", "不予下放"


class GrantStudy(fields.In):
    """A study and its conclusion."""

    studied_on: Annotated[fields.Day, Field(description="论证之日。")]
    item: Annotated[fields.Line, Field(description="事项。")]
    target_unit_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100, description="拟赋权的乡镇（街道）。")]
    conclusion: Annotated[GrantStudyConclusion, Field(description="论证结论。")]
    opinion: Annotated[fields.Prose, Field(description="论证意见。")]


KIND = Kind(
    key="grant-studies",
    path="/v1/registers/grant-studies/records",
    title="赋权论证",
    facts=GrantStudy,
    day="studied_on",
    filters=("conclusion",),
    grants=access.register("grant_studies", access.DISTRICT_OR_OWN_UNITS),
    tasks=(11,),
    verify=verify.units_named("target_unit_ids"),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "studied_on": "2025-05-09",
        "item": "对违法搭建的处罚（演示）",
        "target_unit_ids": ["0192f0c8-0000-7000-8000-000000000102"],
        "conclusion": "wait",
        "opinion": "力量不足，暂缓（演示）。",
    },
)
