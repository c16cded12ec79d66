"""创新: new ways in business, technique and application (plan task 20)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class InnovationArea(Word):
    """Business, technique, application."""

    BUSINESS = "business", "业务创新"
    TECHNIQUE = "technique", "技术创新"
    APPLICATION = "application", "应用创新"


class Innovation(fields.In):
    """A new way and what it brought."""

    started_on: Annotated[fields.Day, Field(description="启用之日。")]
    field: Annotated[InnovationArea, Field(description="创新类别。")]
    title: Annotated[fields.Line, Field(description="名称。")]
    description: Annotated[fields.Prose, Field(description="做法和成效。")]
    promoted: Annotated[fields.Flag, Field(description="是否已推广。")]


KIND = Kind(
    key="innovations",
    path="/v1/registers/innovations/records",
    title="执法创新",
    facts=Innovation,
    day="started_on",
    filters=("field",),
    grants=access.register("innovations", access.DISTRICT_OR_OWN_UNITS),
    tasks=(20,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "started_on": "2025-03-01",
        "field": "application",
        "title": "移动端现场检查（演示）",
        "description": "减少重复录入（演示）。",
        "promoted": False,
    },
)
